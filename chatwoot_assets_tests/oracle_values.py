"""Read single values of the source by the contract: timestamps, integer codes, content_attributes.

This is a part of `oracle`, and as independent of the product.
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
    """Return Chatwoot's word for an integer code, or `unknown(<code>)`."""
    return None if code is None else words.get(code, f"unknown({code})")


@dataclass(frozen=True)
class SourceTime:
    """A timestamp of the source, which may be infinite or in a year that datetime does not have.

    Attributes:
        moment: The time, aware, in UTC; None for NULL, for ±infinity and outside the years 1 to 9999.
    """

    moment: datetime | None

    @property
    def order(self) -> tuple[bool, datetime | None]:
        """The sort key: a time that cannot be read counts as the earliest."""
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
    """Return the local time in a zone, or None if datetime cannot hold it."""
    try:
        return None if time.moment is None else time.moment.astimezone(zone)
    except OverflowError:  # the first hours of year 1 and the last of year 9999
        return None


def compact_utc(moment: datetime | None) -> str | None:
    """Return a moment in the format of a message's created_at: always six decimals, always Z."""
    if moment is None:
        return None
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def is_deleted(content_attributes: str | None) -> bool | None:
    """Return whether a message was deleted, from the text of messages.content_attributes.

    Returns:
        True if a JSON object, plain or inside one JSON string, has true or "true" at its own key `deleted`; None if the
        text contains the word but is no such object; False otherwise.
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
    """Return the value of a JSON text, or None if it is not JSON.

    An escape such as \\u0000 or an unpaired \\ud83d is JSON, although PostgreSQL's jsonb refuses it. The bare character
    is not, but is accepted: only the object's own key matters. NaN, which Python accepts, is refused.
    """
    try:
        return json.loads(text, strict=False, parse_constant=_refuse, parse_int=float)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"not JSON: {constant}")
