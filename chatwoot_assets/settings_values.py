"""The values of settings: how their text is checked and parsed, and what a refusal shows of it.

A refusal is a ValueError that completes a sentence beginning with the variable's name. It quotes the value, except for
what may be a password in a URL.
"""

from __future__ import annotations

import datetime
import functools
import re
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from chatwoot_assets.errors import SettingsError
from chatwoot_assets.masking import GROUPS

T = TypeVar("T")

DATE_ACCEPTED = "is YYYY-MM-DD, such as 2024-01-01"
SWITCH_ACCEPTED = "are on and off"


def describe_flaw(value: str) -> str | None:
    """Return an invisible flaw of a value, such as "ends in a newline", or None."""
    if not value:
        return None
    for end, verb in ((value[-1], "ends in"), (value[0], "begins with")):
        if end in "\r\n":
            return f"{verb} a newline"
        if end.isspace():
            return f"{verb} a blank"
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        return "has a control character inside"
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return "has quotes around it"
    return None


def redact_url(url: str) -> str:
    """Return the part of a URL that cannot belong to a password, quoted.

    That is its scheme, and its host if the URL has no credentials.
    """
    scheme, separator, rest = url.partition("?")[0].partition("://")
    if not separator or not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme) or rest.count("@") > 1:
        return "'…'"
    if "@" in rest:  # it may belong to the password, and the one before the host may be missing
        return f"'{scheme}://…@…'"
    if ":" in rest:  # there may be a user and a password, and the @ after them may be missing
        return f"'{scheme}://{re.split('[:/]', rest)[0]}…'"
    return f"'{scheme}://{rest}'"


def format_hours(duration: datetime.timedelta) -> str:
    """Return a duration in hours, such as "30 hours" or "0.5 hours"."""
    hours = f"{duration.total_seconds() / 3600:,.2f}".rstrip("0").rstrip(".")
    return f"{hours} hour" if hours == "1" else f"{hours} hours"


def parse_date(name: str, value: str) -> datetime.date:
    """Return the date that an option or a variable holds as YYYY-MM-DD.

    Raises:
        SettingsError: It holds something else; the message begins with `name`.
    """
    try:
        return check(value, parse_iso_date, DATE_ACCEPTED)
    except ValueError as error:
        raise SettingsError(f"{name} {error}") from None


def check(value: str, parse: Callable[[str], T], accepted: str, *, show: Callable[[str], str] = repr) -> T:
    """Return `parse(value)`, unless the value is refused.

    Args:
        value: The text to parse.
        parse: Raises a ValueError whose text, which may be empty, says what is wrong.
        accepted: What is accepted, beginning with a verb.
        show: Returns the value as the message quotes it.

    Raises:
        ValueError: The value is refused; the message says so in one line.
    """
    flaw = describe_flaw(value)
    try:
        if flaw:
            raise ValueError(f"which {flaw}")
        return parse(value)
    except ValueError as error:
        reason = f", {error}" if str(error) else ""
        raise ValueError(f"is {show(value)}{reason}; accepted {accepted}") from None


# The functions below raise a ValueError that continues "NAME is 'value', ", without text if `accepted`
# says enough.


def parse_iso_date(value: str) -> datetime.date:
    """Return the date that is written as YYYY-MM-DD."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("which is not a date")


def parse_directory(value: str) -> Path:
    """Return a directory's absolute path."""
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError:
        raise ValueError("whose user does not exist") from None


def parse_schema(value: str) -> str:
    """Return the name of a schema that the views may have."""
    is_reserved = value.lower() in ("public", "information_schema") or value.lower().startswith("pg_")
    if is_reserved or len(value.encode()) > 63:
        raise ValueError(
            "and the views need a schema of their own, separate from Chatwoot's tables and from PostgreSQL's"
        )
    return value


# It opens every zone's file, in 30 ms; the dashboard loads its settings each time a viewer clicks.
_timezone_names = functools.cache(zoneinfo.available_timezones)


def parse_timezone(value: str) -> zoneinfo.ZoneInfo:
    """Return the time zone that has an IANA name."""
    if value not in _timezone_names():
        raise ValueError("which is not an IANA time zone")
    return zoneinfo.ZoneInfo(value)


def parse_start_date(value: str) -> datetime.date:
    """Return the first day of the partitions."""
    date = parse_iso_date(value)
    if date.year < 1000:
        raise ValueError("which is before 1000-01-01")
    return date


def parse_extracts_url(value: str) -> str:
    """Return a directory's absolute path, or the URL of an object store."""
    if value.startswith("file:///"):
        value = value.removeprefix("file://")
    if "://" not in value:
        return str(parse_directory(value))
    if not re.match(r"(s3|s3a|gs|gcs|az|azure|adl|abfs|abfss|http|https)://[^/]+", value):
        raise ValueError
    return value.rstrip("/")


def parse_hours(value: str) -> datetime.timedelta:
    """Return a number of hours above 0."""
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", value) or float(value) == 0:
        raise ValueError
    return datetime.timedelta(hours=float(value))


def parse_gap(value: str) -> datetime.timedelta:
    """Return a number of hours, which may be 0."""
    return datetime.timedelta() if re.fullmatch(r"0{1,4}(\.0{1,2})?", value) else parse_hours(value)


def parse_seconds(value: str) -> int:
    """Return a number of seconds, from half a minute to an hour."""
    if not re.fullmatch(r"[0-9]{1,4}", value) or not 30 <= int(value) <= 3_600:
        raise ValueError
    return int(value)


def parse_messages(value: str) -> int:
    """Return a number of messages, 0 or from 1000; raise a ValueError for anything else."""
    if not re.fullmatch(r"0|[1-9][0-9]{3,8}", value):
        raise ValueError
    return int(value)


def parse_days(value: str) -> int:
    """Return a number of days, which may be 0."""
    if not re.fullmatch(r"[0-9]{1,4}", value):
        raise ValueError
    return int(value)


def parse_switch(value: str) -> bool:
    """Return whether a switch is on."""
    if value not in ("on", "off"):
        raise ValueError
    return value == "on"


def parse_views(value: str) -> bool:
    """Return whether queries contain the SQL of the views."""
    if value not in ("deployed", "inline"):
        raise ValueError
    return value == "inline"


def parse_web_address(value: str) -> str:
    """Return the address of a web page, without a slash at its end."""
    if not re.match("https?://", value):
        raise ValueError("which does not begin with https:// or http://")
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?", value):
        raise ValueError
    return value.rstrip("/")


def parse_ids(value: str) -> frozenset[int]:
    """Return the ids in a list with commas."""
    words = [word.strip() for word in value.split(",") if word.strip()]
    if not all(re.fullmatch(r"[1-9][0-9]{0,17}", word) for word in words):
        raise ValueError
    return frozenset(map(int, words))


def parse_attributes(value: str) -> str:
    """Return the attributes in order, so that the same ones are always the same text."""
    keys = sorted({word.strip() for word in value.split(",") if word.strip()})
    if keys == ["none"]:
        return "none"
    if not keys or not all(re.fullmatch(r"(conversation|contact)\.\S[^,]*", key) for key in keys):
        raise ValueError
    return ",".join(keys)


def parse_mask(value: str) -> tuple[str, ...]:
    """Return the masked groups in order, so that the same ones are always the same text."""
    words = {word.strip() for word in value.split(",") if word.strip()}
    if not words or not words <= set(GROUPS):
        raise ValueError
    return tuple(group for group in GROUPS if group in words)


def parse_instant(value: str) -> datetime.datetime:
    """Return an instant; one without an offset is in the reporting time zone."""
    if not re.fullmatch(r"[1-9]\d{3}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[-+]\d\d:\d\d)?)?", value):
        raise ValueError
    try:
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError("which is not a date") from None


def show_address(value: str) -> str:
    """Quote a value that should be a URL or a path: as it is, unless it may hold credentials."""
    bare = value.strip(" \t\r\n\"'")
    if "://" not in bare and not re.search("[@?]", bare):
        return repr(value)
    return redact_url(bare)
