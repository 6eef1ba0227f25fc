"""The variables that configure this project: their names, types, defaults and accepted values.

`Variables` validates text, wherever it comes from; `settings_files.py` reads it, `settings_values.py` checks and parses
it, and `settings.py` turns it into `Settings`.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, InstanceOf, SecretStr, model_validator
from pydantic_settings import NoDecode

from chatwoot_assets.alert_rules import AlertRules, parse_alert_rules
from chatwoot_assets.holiday_calendar import HolidayCalendar, parse_holidays
from chatwoot_assets.saved_views import SavedViews, parse_saved_views
from chatwoot_assets.settings_values import (
    DATE_ACCEPTED,
    SWITCH_ACCEPTED,
    check,
    format_hours,
    parse_attributes,
    parse_days,
    parse_directory,
    parse_extracts_url,
    parse_gap,
    parse_hours,
    parse_ids,
    parse_instant,
    parse_mask,
    parse_messages,
    parse_schema,
    parse_seconds,
    parse_start_date,
    parse_switch,
    parse_timezone,
    parse_views,
    parse_web_address,
    show_address,
)
from chatwoot_assets.target_rules import TargetRules, parse_targets
from chatwoot_assets.viewer_rules import ViewerRules, parse_viewer_rules

T = TypeVar("T")


def _accept(parse: Callable[[str], T], accepted: str, *, show: Callable[[str], str] = repr) -> BeforeValidator:
    return BeforeValidator(lambda value: check(value, parse, accepted, show=show))


_Hours = Annotated[datetime.timedelta, _accept(parse_hours, "is a number of hours above 0, such as 2 or 0.5")]


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
        str, _accept(parse_schema, "is another name of up to 63 bytes, such as chatwoot_analytics")
    ] = "chatwoot_analytics"
    CHATWOOT_VIEWS: Annotated[bool, _accept(parse_views, "are deployed and inline")] = False
    REPORTING_TIMEZONE: Annotated[
        zoneinfo.ZoneInfo, _accept(parse_timezone, "are names such as America/Sao_Paulo or UTC")
    ] = zoneinfo.ZoneInfo("UTC")
    PARTITIONS_START_DATE: Annotated[datetime.date, _accept(parse_start_date, DATE_ACCEPTED)] = datetime.date(
        2024, 1, 1
    )
    EXTRACTS_URL: Annotated[
        str | None,
        _accept(parse_extracts_url, "are a directory, file:///…, and s3://, gs:// and az:// URLs", show=show_address),
    ] = None
    FRESHNESS_WARN_HOURS: _Hours = datetime.timedelta(hours=2)
    FRESHNESS_FAIL_HOURS: _Hours = datetime.timedelta(hours=26)
    REFRESH_INTERVAL_SECONDS: Annotated[int, _accept(parse_seconds, "is a whole number of seconds from 30 to 3600")] = (
        60
    )
    KEEP_RUNS_DAYS: Annotated[int, _accept(parse_days, "is a whole number of days, or 0 to keep all runs")] = 2
    KEEP_CONTENTS_DAYS: Annotated[int, _accept(parse_days, "is a whole number of days, or 0 to keep all contents")] = 0
    DASHBOARD_CONVERSATIONS: Annotated[bool, _accept(parse_switch, SWITCH_ACCEPTED)] = True
    CHATWOOT_URL: Annotated[
        str | None,
        _accept(
            parse_web_address,
            "is the address at which people open it, such as https://chat.example.com",
            show=show_address,
        ),
    ] = None
    BOT_USER_IDS: Annotated[
        frozenset[int], NoDecode, _accept(parse_ids, "are ids of Chatwoot's users, such as 7 or 7,12")
    ] = frozenset()
    CUSTOM_ATTRIBUTES: Annotated[
        str, _accept(parse_attributes, "are keys such as conversation.motivo,contact.plano, or none")
    ] = ""
    MASK: Annotated[
        tuple[str, ...], NoDecode, _accept(parse_mask, "are names, contacts and contents, separated by commas")
    ] = ()
    MASK_KEY: SecretStr | None = None
    MASK_KEY_FILE: str | None = None
    IMPORTED_BEFORE: Annotated[
        datetime.datetime | None,
        _accept(parse_instant, "is a date or a time, such as 2024-03-01 or 2024-03-01T18:00-03:00"),
    ] = None
    RUNAWAY_MESSAGES: Annotated[
        int, _accept(parse_messages, "is a number of messages from 1000, or 0 to leave no conversation out")
    ] = 0
    EPISODE_GAP_HOURS: Annotated[
        datetime.timedelta, _accept(parse_gap, "is a number of hours from 0, such as 24 or 0.5")
    ] = datetime.timedelta(hours=24)
    HOLIDAYS: Annotated[InstanceOf[HolidayCalendar], NoDecode, BeforeValidator(parse_holidays)] = HolidayCalendar()
    TARGETS: Annotated[InstanceOf[TargetRules], NoDecode, BeforeValidator(parse_targets)] = TargetRules()
    SAVED_VIEWS: Annotated[InstanceOf[SavedViews], NoDecode, BeforeValidator(parse_saved_views)] = SavedViews()
    ALERT_URLS: SecretStr | None = None
    ALERT_URLS_FILE: str | None = None
    ALERTS: Annotated[InstanceOf[AlertRules], NoDecode, BeforeValidator(parse_alert_rules)] = AlertRules()
    DASHBOARD_URL: Annotated[
        str | None,
        _accept(
            parse_web_address,
            "is the address at which people open it, such as https://numbers.example.com",
            show=show_address,
        ),
    ] = None
    OIDC_METADATA_URL: Annotated[
        str | None,
        _accept(
            parse_web_address,
            "is an address such as https://login.example.com/.well-known/openid-configuration",
            show=show_address,
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
