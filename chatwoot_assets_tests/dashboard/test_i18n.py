"""Both languages have the same texts, and all that the code uses."""

from __future__ import annotations

import re
import string
from pathlib import Path

from chatwoot_assets import dashboard
from chatwoot_assets.dashboard.i18n import TEXTS

_CODE = {
    path: path.read_text(encoding="utf-8")
    for path in Path(dashboard.__file__).parent.rglob("*.py")
    if path.parent.name != "i18n"
}


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts_and_placeholders() -> None:
    assert TEXTS["pt"].keys() == TEXTS["en"].keys()
    for key, text in TEXTS["pt"].items():
        assert _placeholders(text) == _placeholders(TEXTS["en"][key]), key
        assert text.strip() == text != "", key


def test_every_text_that_the_code_names_exists() -> None:
    names = {key for code in _CODE.values() for key in re.findall(r'\btranslate\(\s*"([a-z_]+)"', code)}
    assert len(names) > 60
    assert names - TEXTS["pt"].keys() == set()


def test_every_text_is_used() -> None:
    code = "\n".join(_CODE.values())
    # A key is a literal, or is composed of a kind and a name: status_open, column_rating.
    prefixes = {*re.findall(r'f"([a-z_]+_)\{', code), "status_", "priority_", "scan_", "delivery_", "handoff_reason_"}
    suffixes = ("_without_name",)
    unused = [
        key
        for key in TEXTS["pt"]
        if f'"{key}"' not in code and not key.startswith((*prefixes, "no_")) and not key.endswith(suffixes)
    ]
    assert unused == []
