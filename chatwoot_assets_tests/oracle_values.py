"""How the contract reads one value of the source: a timestamp, an integer code, content_attributes.

A part of `oracle`, and independent of the product as that is.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

STATUSES = {0: "open", 1: "resolved", 2: "pending", 3: "snoozed"}
PRIORITIES = {0: "low", 1: "medium", 2: "high", 3: "urgent"}
MESSAGE_TYPES = {0: "incoming", 1: "outgoing", 2: "activity", 3: "template"}

_TIMESTAMP = re.compile(r"(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?( BC)?")


def word(words: Mapping[int, str], code: int | None) -> str | None:
    """Return Chatwoot's word for an integer code; `unknown(<code>)` where it has none."""
    return None if code is None else words.get(code, f"unknown({code})")


@dataclass(frozen=True)
class SourceTime:
    """A timestamp of the source, which may be infinite or in a year that datetime does not know.

    Attributes:
        moment: aware, in UTC; None for NULL, for ±infinity and outside the years 1 to 9999.
    """

    moment: datetime | None

    @property
    def order(self) -> tuple[bool, datetime | None]:
        """What to sort by: a time that cannot be read counts as the earliest."""
        return (self.moment is not None, self.moment)

    @classmethod
    def read(cls, text: str | None) -> SourceTime:
        """Read `timestamp::text` (DateStyle ISO)."""
        if text is None or text in ("infinity", "-infinity"):
            return cls(None)
        match = _TIMESTAMP.fullmatch(text)
        if match is None:
            raise ValueError(f"not a timestamp in DateStyle ISO: {text!r}")
        year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
        if match[8]:
            year = 1 - year  # there is no year 0: 1 BC is followed by 1
        microsecond = int((match[7] or "").ljust(6, "0"))
        parts = (year, month, day, hour, minute, second, microsecond)
        in_range = 1 <= year <= 9999
        return cls(datetime(*parts, tzinfo=timezone.utc) if in_range else None)


def local_time(time: SourceTime, zone: ZoneInfo) -> datetime | None:
    """Return the wall clock's time in a zone; None where there is no such datetime."""
    try:
        return None if time.moment is None else time.moment.astimezone(zone)
    except OverflowError:  # the first hours of year 1 and the last of year 9999
        return None


def compact_utc(moment: datetime | None) -> str | None:
    """Return a moment as a message's created_at is written: always six decimals, always Z."""
    if moment is None:
        return None
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def is_deleted(content_attributes: str | None) -> bool | None:
    """Tell from the text of messages.content_attributes whether the message was deleted.

    Returns:
        True where a JSON object, plain or inside one JSON string, has true or "true" at its own key
        `deleted`; None where the text has the word in it but is no such object; else False.
    """
    if content_attributes is None:
        return False
    value = _json(content_attributes)
    if isinstance(value, str):
        value = _json(value)
    if isinstance(value, dict):
        return value.get("deleted") is True or value.get("deleted") == "true"
    return None if "deleted" in content_attributes else False


def _json(text: str) -> object:
    """Read JSON; None for what is none.

    An escape such as \\u0000 or an unpaired \\ud83d is JSON, though PostgreSQL's jsonb refuses it. The bare
    character is not, but is let pass: only the object's own key matters. NaN, which Python's reader
    would let pass, is refused.
    """
    try:
        return json.loads(text, strict=False, parse_constant=_refuse, parse_int=float)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"not JSON: {constant}")
