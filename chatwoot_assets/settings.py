"""What comes from the environment: typed, validated, and read nowhere else.

`Settings.from_environment` reads what the definitions need when they are built. The URLs of databases
hold passwords: of them it only says whether they are set; `database_url` reads one when a session opens.
"""

from __future__ import annotations

import datetime
import os
import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from chatwoot_assets.errors import SettingsError

CHATWOOT_DATABASE_URL = "CHATWOOT_DATABASE_URL"
ANALYTICS_DATABASE_URL = "ANALYTICS_DATABASE_URL"
DAGSTER_POSTGRES_URL = "DAGSTER_POSTGRES_URL"
DAGSTER_HOME = "DAGSTER_HOME"
_FRESHNESS = (("FRESHNESS_WARN_HOURS", "2"), ("FRESHNESS_FAIL_HOURS", "26"))


@dataclass(frozen=True)
class Settings:
    """The configuration of one process.

    Attributes:
        chatwoot_url_is_set: whether CHATWOOT_DATABASE_URL is given; else the embedded sample serves.
        analytics_url_is_set: whether ANALYTICS_DATABASE_URL is given; else the embedded server serves.
        views_schema: the schema of the remote views.
        reporting_timezone: the IANA zone in which a conversation belongs to a day.
        partitions_start_date: the first daily partition.
        extracts_url: a local directory or an object store's URL for the days' Parquet files.
        home: the directory of everything that is kept on this machine.
        freshness_warn: how far the local tables may be behind Chatwoot before a check warns.
        freshness_fail: how far before it fails.
        dashboard_conversations: whether the dashboard may show names and contents.
        chatwoot_url: where Chatwoot's own web interface is, for links into it; None for no links.
        bot_user_ids: the users that are programs: they post with an agent's token, and count as no human.
    """

    chatwoot_url_is_set: bool
    analytics_url_is_set: bool
    views_schema: str
    reporting_timezone: zoneinfo.ZoneInfo
    partitions_start_date: datetime.date
    extracts_url: str
    home: Path
    freshness_warn: datetime.timedelta = datetime.timedelta(hours=2)
    freshness_fail: datetime.timedelta = datetime.timedelta(hours=26)
    dashboard_conversations: bool = True
    chatwoot_url: str | None = None
    bot_user_ids: frozenset[int] = frozenset()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read and validate the environment.

        Raises:
            SettingsError: a value is not accepted; the message names variable, value and what is.
        """
        home = home_directory(environment)
        zone = _timezone(environment.get("REPORTING_TIMEZONE") or "UTC")
        warn, fail = (_hours(name, environment.get(name) or default) for name, default in _FRESHNESS)
        if warn > fail:
            raise SettingsError(
                f"FRESHNESS_WARN_HOURS is more than FRESHNESS_FAIL_HOURS ({warn} and {fail}); a warning comes first"
            )
        return cls(
            chatwoot_url_is_set=bool(environment.get(CHATWOOT_DATABASE_URL)),
            analytics_url_is_set=bool(environment.get(ANALYTICS_DATABASE_URL)),
            views_schema=_views_schema(environment.get("CHATWOOT_VIEWS_SCHEMA") or "chatwoot_analytics"),
            reporting_timezone=zone,
            partitions_start_date=_start_date(environment.get("PARTITIONS_START_DATE") or "2024-01-01", zone),
            extracts_url=_extracts_url(environment.get("EXTRACTS_URL"), home),
            home=home,
            freshness_warn=warn,
            freshness_fail=fail,
            dashboard_conversations=_on_or_off("DASHBOARD_CONVERSATIONS", environment, default=True),
            chatwoot_url=_web_address("CHATWOOT_URL", environment.get("CHATWOOT_URL")),
            bot_user_ids=_ids("BOT_USER_IDS", environment.get("BOT_USER_IDS") or ""),
        )


def home_directory(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where embedded databases and extracts live: CHATWOOT_ASSETS_HOME, or `.data` in a
    checkout, or the user's data directory."""
    given = environment.get("CHATWOOT_ASSETS_HOME")
    if given:
        return _directory("CHATWOOT_ASSETS_HOME", given)
    checkout = Path(__file__).parent.parent
    if (checkout / "workspace.yaml").exists() and (checkout / "pyproject.toml").exists():
        return checkout / ".data"
    return platformdirs.user_data_path("chatwoot_assets", appauthor=False)


def database_url(variable: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the URL that a variable holds, validated, or None where it is unset.

    Raises:
        SettingsError: it is not a PostgreSQL URL. The message never shows a password.
    """
    value = environment.get(variable)
    return validated_url(variable, value) if value else None


def validated_url(variable: str, value: str) -> str:
    """Return `value` if it is a libpq URL that names a database.

    Raises:
        SettingsError: it is not. The message never shows a password.
    """
    accepted = f"{variable} accepts postgresql://user:password@host:5432/database"
    if not re.match(r"postgres(ql)?://", value):
        raise SettingsError(f"{variable} is not a PostgreSQL URL: {_without_secrets(value)}; {accepted}")
    authority, _, path = value.partition("://")[2].partition("?")[0].partition("/")
    if authority.count("@") > 1 or "@" in path:
        # A bare @ or / in the password: libpq would take a part of it for the host or the database.
        raise SettingsError(
            f"{variable} has an @ or a / inside its user or password; write them as %40 and %2F; {accepted}"
        )
    try:
        parts = conninfo_to_dict(value)
    except ProgrammingError:
        raise SettingsError(
            f"{variable} cannot be read as a URL: {_without_secrets(value)}; {accepted};"
            " write special characters as %XX, and only parameters that libpq knows after the ?"
        ) from None
    port = str(parts.get("port") or "")
    if not all(re.fullmatch(r"([1-9][0-9]{0,4})?", p) and int(p or 1) < 65536 for p in port.split(",")):
        shown = repr(port) if re.fullmatch(r"[0-9]{1,5}", port) else "that is not a number"
        raise SettingsError(f"{variable} has a port {shown}; {accepted}")
    if not parts.get("dbname"):
        raise SettingsError(f"{variable} names no database: {_without_secrets(value)}; {accepted}")
    return value


def _without_secrets(url: str) -> str:
    """Return what of a URL cannot be a part of a password: its scheme, and the host where it names nobody."""
    scheme, _, rest = url.partition("?")[0].partition("://")
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme) or rest.count("@") > 1:
        return "'…'"
    if "@" in rest:  # perhaps one of the password's, and the one before the host is missing
        return f"'{scheme}://…@…'"
    if ":" in rest:  # perhaps a user and a password whose @ is missing
        return f"'{scheme}://{re.split('[:/]', rest)[0]}…'"
    return f"'{scheme}://{rest}'"


def _views_schema(value: str) -> str:
    reserved = value.lower() in ("public", "information_schema") or value.lower().startswith("pg_")
    if reserved or "\0" in value or len(value.encode()) > 63:
        raise SettingsError(
            f"CHATWOOT_VIEWS_SCHEMA is {value!r}: the views need a schema of their own, apart from Chatwoot's"
            " tables and PostgreSQL's; accepted is another name of up to 63 bytes, such as chatwoot_analytics"
        )
    return value


def _timezone(value: str) -> zoneinfo.ZoneInfo:
    if value not in zoneinfo.available_timezones():
        raise SettingsError(
            f"REPORTING_TIMEZONE is {value!r}, which is not an IANA time zone;"
            " accepted are names such as America/Sao_Paulo or UTC"
        )
    return zoneinfo.ZoneInfo(value)


def _hours(name: str, value: str) -> datetime.timedelta:
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", value) or float(value) == 0:
        raise SettingsError(f"{name} is {value!r}; accepted is a number of hours above 0, such as 2 or 0.5")
    return datetime.timedelta(hours=float(value))


def _on_or_off(name: str, environment: Mapping[str, str], *, default: bool) -> bool:
    value = environment.get(name) or ("on" if default else "off")
    if value not in ("on", "off"):
        raise SettingsError(f"{name} is {value!r}; accepted are on and off")
    return value == "on"


def _ids(name: str, value: str) -> frozenset[int]:
    words = [word.strip() for word in value.split(",") if word.strip()]
    if not all(re.fullmatch(r"[1-9][0-9]{0,17}", word) for word in words):
        raise SettingsError(f"{name} is {value!r}; accepted are ids of Chatwoot's users, such as 7 or 7,12")
    return frozenset(map(int, words))


def _web_address(name: str, value: str | None) -> str | None:
    if not value:
        return None
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?", value):
        raise SettingsError(
            f"{name} is {_without_secrets(value)};"
            " accepted is the address at which people open it, such as https://chat.example.com"
        )
    return value.rstrip("/")


def parse_date(name: str, value: str) -> datetime.date:
    """Return the date that `value` writes as YYYY-MM-DD.

    Raises:
        SettingsError: it is not such a date; the message begins with `name`.
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            pass
    raise SettingsError(f"{name} is {value!r}, which is not a date; accepted is YYYY-MM-DD, such as 2024-01-01")


def _start_date(value: str, zone: zoneinfo.ZoneInfo) -> datetime.date:
    start = parse_date("PARTITIONS_START_DATE", value)
    if start.year < 1000:
        raise SettingsError(f"PARTITIONS_START_DATE is {value!r}; accepted is a date from 1000-01-01 to today")
    if start > datetime.datetime.now(zone).date():
        raise SettingsError(f"PARTITIONS_START_DATE is {value!r}, which is still to come; accepted is a past date")
    return start


def _extracts_url(value: str | None, home: Path) -> str:
    if not value:
        return str(home / "extracts")
    if value.startswith("file:///"):
        value = value.removeprefix("file://")
    if "://" in value:
        if not re.match(r"(s3|s3a|gs|gcs|az|azure|adl|abfs|abfss|http|https)://[^/]+", value):
            raise SettingsError(
                f"EXTRACTS_URL is {_without_secrets(value)};"
                " accepted are a directory, file:///…, and s3://, gs:// and az:// URLs"
            )
        return value.rstrip("/")
    return str(_directory("EXTRACTS_URL", value))


def _directory(variable: str, value: str) -> Path:
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError:
        raise SettingsError(f"{variable} is {value!r}: there is no such user; accepted is a directory") from None
