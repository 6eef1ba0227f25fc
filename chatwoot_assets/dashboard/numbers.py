"""Numbers in a URL."""

from __future__ import annotations

import re


def parse_number(text: str | None, largest: int) -> int | None:
    """Return a positive number, or None if the text is not one or exceeds `largest`."""
    if text is None or not re.fullmatch(r"[1-9][0-9]{0,18}", text) or int(text) > largest:
        return None
    return int(text)
