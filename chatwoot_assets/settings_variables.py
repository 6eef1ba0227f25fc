"""The variables that configure this project: their names, types, defaults and accepted values.

`Variables` validates text, wherever it comes from; `settings_files.py` reads it and `settings.py` turns it into
`Settings`. A refusal is a ValueError that completes a sentence beginning with the variable's name. It quotes the
value, except for what may be a password in a URL.
"""

from __future__ import annotations

import datetime
import functools
import re
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, InstanceOf, SecretStr, model_validator
from pydantic_settings import NoDecode

from chatwoot_assets.alert_rules import AlertRules, parse_alert_rules
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.holiday_calendar import HolidayCalendar, parse_holidays
from chatwoot_assets.masking import GROUPS
from chatwoot_assets.saved_views import SavedViews, parse_saved_views
from chatwoot_assets.target_rules import TargetRules, parse_targets
from chatwoot_assets.viewer_rules import ViewerRules, parse_viewer_rules

T = TypeVar("T")

_DATE_ACCEPTED = "is YYYY-MM-DD, such as 2024-01-01"
SWITCH_ACCEPTED = "are on and off"


def describe_flaw(value: str) -> str | None:
    """Return what is wrong around a value and hard to see, such as "ends in a newline", or None."""
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
        return check(value, _parse_date, _DATE_ACCEPTED)
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


# The functions below raise a ValueError that continues "NAME is 'value', "; without text if `accepted` says enough.


def _parse_date(value: str) -> datetime.date:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("which is not a date")


def parse_directory(value: str) -> Path:
    """Return a directory's absolute path; raise a ValueError for the home of an unknown user."""
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError:
        raise ValueError("whose user does not exist") from None


def _parse_schema(value: str) -> str:
    is_reserved = value.lower() in ("public", "information_schema") or value.lower().startswith("pg_")
    if is_reserved or len(value.encode()) > 63:
        raise ValueError(
            "and the views need a schema of their own, separate from Chatwoot's tables and from PostgreSQL's"
        )
    return value


# It opens every zone's file, in 30 ms; the dashboard loads its settings each time a viewer clicks.
_timezone_names = functools.cache(zoneinfo.available_timezones)


def _parse_timezone(value: str) -> zoneinfo.ZoneInfo:
    if value not in _timezone_names():
        raise ValueError("which is not an IANA time zone")
    return zoneinfo.ZoneInfo(value)


def _parse_start_date(value: str) -> datetime.date:
    date = _parse_date(value)
    if date.year < 1000:
        raise ValueError("which is before 1000-01-01")
    return date


def _parse_extracts_url(value: str) -> str:
    if value.startswith("file:///"):
        value = value.removeprefix("file://")
    if "://" not in value:
        return str(parse_directory(value))
    if not re.match(r"(s3|s3a|gs|gcs|az|azure|adl|abfs|abfss|http|https)://[^/]+", value):
        raise ValueError
    return value.rstrip("/")


def _parse_hours(value: str) -> datetime.timedelta:
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", value) or float(value) == 0:
        raise ValueError
    return datetime.timedelta(hours=float(value))


def _parse_gap(value: str) -> datetime.timedelta:
    return datetime.timedelta() if re.fullmatch(r"0{1,4}(\.0{1,2})?", value) else _parse_hours(value)


def _parse_seconds(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", value) or not 30 <= int(value) <= 3_600:
        raise ValueError
    return int(value)


def _parse_days(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", value):
        raise ValueError
    return int(value)


def parse_switch(value: str) -> bool:
    """Return whether a switch is on; raise a ValueError for anything but on and off."""
    if value not in ("on", "off"):
        raise ValueError
    return value == "on"


def _parse_views(value: str) -> bool:
    if value not in ("deployed", "inline"):
        raise ValueError
    return value == "inline"


def _parse_web_address(value: str) -> str:
    if not re.match("https?://", value):
        raise ValueError("which does not begin with https:// or http://")
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?", value):
        raise ValueError
    return value.rstrip("/")


def _parse_ids(value: str) -> frozenset[int]:
    words = [word.strip() for word in value.split(",") if word.strip()]
    if not all(re.fullmatch(r"[1-9][0-9]{0,17}", word) for word in words):
        raise ValueError
    return frozenset(map(int, words))


def _parse_attributes(value: str) -> str:
    """Return the attributes in order, so that the same ones are always the same text."""
    keys = sorted({word.strip() for word in value.split(",") if word.strip()})
    if keys == ["none"]:
        return "none"
    if not keys or not all(re.fullmatch(r"(conversation|contact)\.\S[^,]*", key) for key in keys):
        raise ValueError
    return ",".join(keys)


def _parse_mask(value: str) -> tuple[str, ...]:
    """Return the groups in order, so that the same ones are always the same text."""
    words = {word.strip() for word in value.split(",") if word.strip()}
    if not words or not words <= set(GROUPS):
        raise ValueError
    return tuple(group for group in GROUPS if group in words)


def _parse_instant(value: str) -> datetime.datetime:
    """Return an instant; one without an offset is in the reporting time zone."""
    if not re.fullmatch(r"[1-9]\d{3}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[-+]\d\d:\d\d)?)?", value):
        raise ValueError
    try:
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError("which is not a date") from None


def _show_address(value: str) -> str:
    """Quote a value that should be a URL or a path: as it is, unless it may hold credentials."""
    bare = value.strip(" \t\r\n\"'")
    if "://" not in bare and not re.search("[@?]", bare):
        return repr(value)
    return redact_url(bare)


def _accept(parse: Callable[[str], T], accepted: str, *, show: Callable[[str], str] = repr) -> BeforeValidator:
    return BeforeValidator(lambda value: check(value, parse, accepted, show=show))


_Hours = Annotated[datetime.timedelta, _accept(_parse_hours, "is a number of hours above 0, such as 2 or 0.5")]


class Variables(BaseModel):
    """Every variable, by its name, with its default.

    The URLs of databases hold passwords. They are validated not here but where a session opens; see
    `database_urls.py`.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    CHATWOOT_DATABASE_URL: SecretStr | None = None
    CHATWOOT_DATABASE_URL_FILE: str | None = None
    ANALYTICS_DATABASE_URL: SecretStr | None = None
    ANALYTICS_DATABASE_URL_FILE: str | None = None
    DAGSTER_POSTGRES_URL: SecretStr | None = None
    DAGSTER_POSTGRES_URL_FILE: str | None = None
    DAGSTER_HOME: str | None = None
    CHATWOOT_ASSETS_EMBEDDED: Annotated[bool, _accept(parse_switch, SWITCH_ACCEPTED)] = True
    CHATWOOT_ASSETS_HOME: Annotated[Path | None, _accept(parse_directory, "is a directory")] = None
    CHATWOOT_VIEWS_SCHEMA: Annotated[
        str, _accept(_parse_schema, "is another name of up to 63 bytes, such as chatwoot_analytics")
    ] = "chatwoot_analytics"
    CHATWOOT_VIEWS: Annotated[bool, _accept(_parse_views, "are deployed and inline")] = False
    REPORTING_TIMEZONE: Annotated[
        zoneinfo.ZoneInfo, _accept(_parse_timezone, "are names such as America/Sao_Paulo or UTC")
    ] = zoneinfo.ZoneInfo("UTC")
    PARTITIONS_START_DATE: Annotated[datetime.date, _accept(_parse_start_date, _DATE_ACCEPTED)] = datetime.date(
        2024, 1, 1
    )
    EXTRACTS_URL: Annotated[
        str | None,
        _accept(_parse_extracts_url, "are a directory, file:///…, and s3://, gs:// and az:// URLs", show=_show_address),
    ] = None
    FRESHNESS_WARN_HOURS: _Hours = datetime.timedelta(hours=2)
    FRESHNESS_FAIL_HOURS: _Hours = datetime.timedelta(hours=26)
    REFRESH_INTERVAL_SECONDS: Annotated[
        int, _accept(_parse_seconds, "is a whole number of seconds from 30 to 3600")
    ] = 60
    KEEP_RUNS_DAYS: Annotated[int, _accept(_parse_days, "is a whole number of days, or 0 to keep all runs")] = 2
    KEEP_CONTENTS_DAYS: Annotated[int, _accept(_parse_days, "is a whole number of days, or 0 to keep all contents")] = 0
    DASHBOARD_CONVERSATIONS: Annotated[bool, _accept(parse_switch, SWITCH_ACCEPTED)] = True
    CHATWOOT_URL: Annotated[
        str | None,
        _accept(
            _parse_web_address,
            "is the address at which people open it, such as https://chat.example.com",
            show=_show_address,
        ),
    ] = None
    BOT_USER_IDS: Annotated[
        frozenset[int], NoDecode, _accept(_parse_ids, "are ids of Chatwoot's users, such as 7 or 7,12")
    ] = frozenset()
    CUSTOM_ATTRIBUTES: Annotated[
        str, _accept(_parse_attributes, "are keys such as conversation.motivo,contact.plano, or none")
    ] = ""
    MASK: Annotated[
        tuple[str, ...], NoDecode, _accept(_parse_mask, "are names, contacts and contents, separated by commas")
    ] = ()
    MASK_KEY: SecretStr | None = None
    MASK_KEY_FILE: str | None = None
    IMPORTED_BEFORE: Annotated[
        datetime.datetime | None,
        _accept(_parse_instant, "is a date or a time, such as 2024-03-01 or 2024-03-01T18:00-03:00"),
    ] = None
    EPISODE_GAP_HOURS: Annotated[
        datetime.timedelta, _accept(_parse_gap, "is a number of hours from 0, such as 24 or 0.5")
    ] = datetime.timedelta(hours=24)
    HOLIDAYS: Annotated[InstanceOf[HolidayCalendar], NoDecode, BeforeValidator(parse_holidays)] = HolidayCalendar()
    TARGETS: Annotated[InstanceOf[TargetRules], NoDecode, BeforeValidator(parse_targets)] = TargetRules()
    SAVED_VIEWS: Annotated[InstanceOf[SavedViews], NoDecode, BeforeValidator(parse_saved_views)] = SavedViews()
    ALERT_URLS: SecretStr | None = None
    ALERTS: Annotated[InstanceOf[AlertRules], NoDecode, BeforeValidator(parse_alert_rules)] = AlertRules()
    DASHBOARD_URL: Annotated[
        str | None,
        _accept(
            _parse_web_address,
            "is the address at which people open it, such as https://numbers.example.com",
            show=_show_address,
        ),
    ] = None
    OIDC_METADATA_URL: Annotated[
        str | None,
        _accept(
            _parse_web_address,
            "is an address such as https://login.example.com/.well-known/openid-configuration",
            show=_show_address,
        ),
    ] = None
    OIDC_CLIENT_ID: str | None = None
    OIDC_CLIENT_SECRET: SecretStr | None = None
    OIDC_CLIENT_SECRET_FILE: str | None = None
    VIEWERS: Annotated[InstanceOf[ViewerRules], NoDecode, BeforeValidator(parse_viewer_rules)] = ViewerRules()

    @model_validator(mode="after")
    def _check_together(self) -> Variables:
        """Check what depends on two variables; a message names its variables itself."""
        start, today = self.PARTITIONS_START_DATE, datetime.datetime.now(self.REPORTING_TIMEZONE).date()
        if start > today:
            raise ValueError(f"PARTITIONS_START_DATE is '{start}', which is in the future; accepted is a past date")
        if self.FRESHNESS_WARN_HOURS > self.FRESHNESS_FAIL_HOURS:
            hours = [format_hours(limit) for limit in (self.FRESHNESS_WARN_HOURS, self.FRESHNESS_FAIL_HOURS)]
            raise ValueError(
                f"FRESHNESS_WARN_HOURS is more than FRESHNESS_FAIL_HOURS ({hours[0]} and {hours[1]});"
                " a warning comes before a failure"
            )
        self._check_login()
        return self

    def _check_login(self) -> None:
        """Check that the login is configured as a whole or not at all: half of it would show all to everybody."""
        login = {
            "DASHBOARD_URL": self.DASHBOARD_URL,
            "OIDC_METADATA_URL": self.OIDC_METADATA_URL,
            "OIDC_CLIENT_ID": self.OIDC_CLIENT_ID,
            "OIDC_CLIENT_SECRET": self.OIDC_CLIENT_SECRET or self.OIDC_CLIENT_SECRET_FILE,
            "VIEWERS": self.VIEWERS.emails or self.VIEWERS.groups,
        }
        given = [name for name, value in login.items() if value]
        missing = [name for name, value in login.items() if not value]
        if given and missing:
            raise ValueError(
                f"{missing[0]} is not set although {given[0]} is; the dashboard's login needs {', '.join(login)}"
            )
