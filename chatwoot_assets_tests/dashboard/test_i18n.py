"""Both languages say the same things, and all that the code asks for."""

from __future__ import annotations

import re
import string
from pathlib import Path

from chatwoot_assets import dashboard
from chatwoot_assets.dashboard.i18n import TEXTS

_CODE = {
    path: path.read_text(encoding="utf-8")
    for path in Path(dashboard.__file__).parent.rglob("*.py")
    if path.parent.name != "texts"
}


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts_with_the_same_blanks() -> None:
    assert TEXTS["pt"].keys() == TEXTS["en"].keys()
    for key, text in TEXTS["pt"].items():
        assert _blanks(text) == _blanks(TEXTS["en"][key]), key
        assert text.strip() == text != "", key


def test_every_text_that_is_asked_for_by_name_is_there() -> None:
    asked = {key for code in _CODE.values() for key in re.findall(r'\btranslate\(\s*"([a-z_]+)"', code)}
    assert len(asked) > 60
    assert asked - TEXTS["pt"].keys() == set()


def test_every_text_is_used() -> None:
    code = "\n".join(_CODE.values())
    # A key is written whole, or composed of a kind and a word: status_open, column_rating.
    prefixes = {*re.findall(r'f"([a-z_]+_)\{', code), "status_", "priority_", "pass_"}
    suffixes = ("_without_name",)
    unused = [
        key
        for key in TEXTS["pt"]
        if f'"{key}"' not in code and not key.startswith((*prefixes, "no_")) and not key.endswith(suffixes)
    ]
    assert unused == []
