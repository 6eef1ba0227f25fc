"""Names that are too long for their place, shortened so that they stay apart. Uses neither Streamlit nor a database."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def shorten_apart(texts: Iterable[str], length: int) -> dict[str, str]:
    """Return texts of at most a length, all of them different.

    They are cut at the end; where their beginnings are the same, in the middle; where their ends are the same, too,
    around the words in which they differ. What still looks alike is numbered.
    """
    texts = sorted(set(texts))
    shortened = {text: text if len(text) <= length else f"{text[: length - 1].rstrip()}…" for text in texts}
    half = max(length // 2, 1)
    for alike in _alike(shortened):
        shortened |= {text: f"{text[: length - half - 1].rstrip()}…{text[-half:].lstrip()}" for text in alike}
    for alike in _alike(shortened):
        shortened |= _keep_differences(alike, length)
    taken = {*shortened.values()}
    for alike in _alike(shortened):
        number = 0
        for text in alike:
            while shortened[text] in taken:
                number += 1
                mark = f"… ({number})"
                shortened[text] = f"{text[: max(length - len(mark), 1)].rstrip()}{mark}"
            taken.add(shortened[text])
    return shortened


def keep_apart(names: dict[Any, str], length: int) -> dict[Any, str]:
    """Return names, by id, whose beginnings of a length differ: a widget shows no more. Most stay as they are."""
    beginnings = Counter(name[:length] for name in names.values())
    shown = shorten_apart(names.values(), length)
    return {id_: shown[name] if beginnings[name[:length]] > 1 else name for id_, name in names.items()}


def _alike(shortened: Mapping[str, str]) -> list[list[str]]:
    """Return the groups of texts that are cut and look alike; each may look like a text that is not cut."""
    groups: dict[str, list[str]] = {}
    for text, shown in shortened.items():
        groups.setdefault(shown, []).append(text)
    return [[text for text in group if text != shown] for shown, group in groups.items() if len(group) > 1]


def _keep_differences(texts: Sequence[str], length: int) -> dict[str, str]:
    """Return texts cut around the words in which they differ; at the end where these do not fit."""
    words = {text: re.split(r"(?<=[\W_])", text) for text in texts}
    start, end = _count_common(words.values()), _count_common(parts[::-1] for parts in words.values())
    shortened = {}
    for text, parts in words.items():
        stop = max(len(parts) - end, start)
        before, different, after = "".join(parts[:start]), "".join(parts[start:stop]).strip(), "".join(parts[stop:])
        room = length - len(different) - 2
        tail = min(len(after), max(room // 2, 0))
        shortened[text] = (
            f"{text[: length - 1].rstrip()}…"
            if room < 2
            else f"{before[: room - tail].rstrip()}…{different}…{after[len(after) - tail :].lstrip()}"
        )
    return shortened


def _count_common(lists: Iterable[list[str]]) -> int:
    """Return with how many equal parts lists begin."""
    return sum(1 for _ in itertools.takewhile(lambda parts: len(set(parts)) == 1, zip(*lists, strict=False)))
