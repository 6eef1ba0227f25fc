"""The configuration of one process: typed, validated and read in one place.

Each variable is taken from the first of these sources that sets it:

1. the environment,
2. `.env` in the working directory,
3. `chatwoot_assets.toml` in the working directory,
4. `.env` in the home directory, CHATWOOT_ASSETS_HOME,
5. `chatwoot_assets.toml` in the home directory.

An empty value counts as unset. In TOML the names may be in lower case, and an unknown name is an error; `.env` may hold
variables of other programs. A relative path in a file is relative to that file. CHATWOOT_ASSETS_HOME itself comes from
the first three.

The URLs of databases, MASK_KEY, ALERT_URLS and OIDC_CLIENT_SECRET are secrets: instead of NAME, NAME_FILE can be set to
the path of a file that holds the value, such as a mounted secret. Setting both is an error, wherever they are set.

A process with another working directory must not see other settings. Therefore processes that run for a long time are
configured by the environment or by the files in the home, and `exported_settings` passes everything on to those
that this project starts. Dagster's own commands read `.env`, too, and there it overrides the environment.

`Settings` does not hold the URLs of databases, only whether they are set: they contain passwords. `database_urls.py`
reads one when a session opens.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from chatwoot_assets.alert_rules import AlertRules
from chatwoot_assets.database_urls import DATABASE_URLS, is_set
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.holiday_calendar import HolidayCalendar
from chatwoot_assets.masking import NO_MASK, Mask
from chatwoot_assets.saved_views import SavedViews
from chatwoot_assets.secret_settings import (
    ALERT_URLS,
    MASK_KEY,
    check_mask_key,
    find_secret,
    read_mask_key,
    secret_text,
)
from chatwoot_assets.settings_files import default_home, find_setting, home_directory, settings_files
from chatwoot_assets.settings_variables import Variables
from chatwoot_assets.target_rules import TargetRules
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets.viewer_rules import ViewerRules


@dataclass(frozen=True)
class Login:
    """How people log in to the dashboard, and what they then see.

    Attributes:
        dashboard_url: The address at which people open the dashboard.
        metadata_url: The address of the identity provider's OpenID configuration.
        client_id: The name by which the provider knows the dashboard.
        viewers: Who sees what.
    """

    dashboard_url: str
    metadata_url: str
    client_id: str
    viewers: ViewerRules


@dataclass(frozen=True)
class Settings:
    """The configuration of one process.

    Attributes:
        chatwoot_url_is_set: Whether CHATWOOT_DATABASE_URL is given; otherwise the embedded sample is read.
        analytics_url_is_set: Whether ANALYTICS_DATABASE_URL is given; otherwise the embedded server is used.
        views_schema: The schema of the remote views.
        reporting_timezone: The IANA zone that decides which day a conversation belongs to.
        partitions_start_date: The first daily partition.
        extracts_url: A local directory or an object store's URL for the days' Parquet files.
        home: The directory of everything that is kept on this machine.
        freshness_warn: How long the local tables may be behind Chatwoot before a check warns.
        freshness_fail: How long they may be behind before it fails.
        refresh_interval_seconds: How often Chatwoot is compared with what is loaded.
        keep_runs_days: How many days Dagster's runs are kept once newer ones have replaced what they wrote; 0 to keep
            all of them.
        dashboard_conversations: Whether the dashboard may show names and contents.
        chatwoot_url: The address of Chatwoot's own web interface, for links into it; None for no links.
        embedded: Whether the embedded server is used for databases without a URL; if not, a missing URL is an error.
        bot_user_ids: The users that are programs: they post with an agent's token, and do not count as human.
        custom_attributes: The attributes that may leave Chatwoot, such as "contact.plano,conversation.motivo"; empty
            for those that are allowed by default, "none" for none.
        mask: What is masked before it leaves Chatwoot, and the key of the pseudonyms.
        keep_contents_days: How many days messages, names and other contents are kept; 0 for ever.
        imported_before: The instant before which everything in Chatwoot was imported; None if nothing was.
        runaway_messages: A conversation with more messages counts in no response time; 0 for no such limit.
        episode_gap: How long a resolution must last before what follows begins a new episode.
        holidays: When inboxes are closed, regardless of their business hours.
        targets: Within which time replies and resolutions are due.
        has_inline_views: Whether queries contain the SQL of the views, and nothing is created in Chatwoot's database.
        alert_urls: Where alerts are sent, as Apprise's URLs, which hold secrets; none for no alerts.
        alert_rules: What is reported, and how often.
        login: How people log in to the dashboard; None if everybody who reaches it sees everything.
        saved_views: Pages of the dashboard with their filters, under a name.
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
    refresh_interval_seconds: int = 60
    keep_runs_days: int = 2
    dashboard_conversations: bool = True
    chatwoot_url: str | None = None
    embedded: bool = True
    bot_user_ids: frozenset[int] = frozenset()
    custom_attributes: str = ""
    mask: Mask = NO_MASK
    keep_contents_days: int = 0
    imported_before: datetime.datetime | None = None
    runaway_messages: int = 0
    episode_gap: datetime.timedelta = datetime.timedelta(hours=24)
    holidays: HolidayCalendar = field(default_factory=HolidayCalendar)
    targets: TargetRules = field(default_factory=TargetRules)
    has_inline_views: bool = False
    alert_urls: tuple[str, ...] = field(default=(), repr=False)
    alert_rules: AlertRules = field(default_factory=AlertRules)
    login: Login | None = None
    saved_views: SavedViews = field(default_factory=SavedViews)

    @property
    def view_options(self) -> ViewOptions:
        """What the SQL of the views in Chatwoot's database depends on."""
        return ViewOptions(self.views_schema, self.reporting_timezone.key, self.custom_attributes, self.mask)

    @property
    def inline_timezone(self) -> str:
        """The name of the reporting time zone if queries contain the SQL of the views; otherwise empty."""
        return self.reporting_timezone.key if self.has_inline_views else ""

    @classmethod
    def load(cls) -> Settings:
        """Read and validate the settings of this process.

        Raises:
            SettingsError: A value is refused, or a file cannot be read. The message names the variable, its value
                and what is accepted.
        """
        for variable in DATABASE_URLS:
            is_set(variable)  # raises if it is set twice
        try:
            variables = _SourcedVariables()
        except ValidationError as error:
            raise _refusal(error, from_sources=True) from None
        find_secret(MASK_KEY)  # raises if it is set twice
        mask_key = read_mask_key() if variables.MASK else ""
        return cls._build(variables, home_directory(), mask_key, secret_text(ALERT_URLS))

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Settings:
        """Validate the variables in `values`, and read nothing else.

        Raises:
            SettingsError: A value is refused.
        """
        try:
            variables = Variables.model_validate({name: value for name, value in values.items() if value})
        except ValidationError as error:
            raise _refusal(error, from_sources=False) from None
        key = variables.MASK_KEY.get_secret_value() if variables.MASK_KEY else None
        mask_key = check_mask_key(key) if variables.MASK else ""
        alert_urls = variables.ALERT_URLS.get_secret_value() if variables.ALERT_URLS else None
        return cls._build(variables, variables.CHATWOOT_ASSETS_HOME or default_home(), mask_key, alert_urls)

    @classmethod
    def _build(cls, variables: Variables, home: Path, mask_key: str, alert_urls: str | None) -> Settings:
        return cls(
            chatwoot_url_is_set=bool(variables.CHATWOOT_DATABASE_URL or variables.CHATWOOT_DATABASE_URL_FILE),
            analytics_url_is_set=bool(variables.ANALYTICS_DATABASE_URL or variables.ANALYTICS_DATABASE_URL_FILE),
            views_schema=variables.CHATWOOT_VIEWS_SCHEMA,
            reporting_timezone=variables.REPORTING_TIMEZONE,
            partitions_start_date=variables.PARTITIONS_START_DATE,
            extracts_url=variables.EXTRACTS_URL or str(home / "extracts"),
            home=home,
            freshness_warn=variables.FRESHNESS_WARN_HOURS,
            freshness_fail=variables.FRESHNESS_FAIL_HOURS,
            refresh_interval_seconds=variables.REFRESH_INTERVAL_SECONDS,
            keep_runs_days=variables.KEEP_RUNS_DAYS,
            dashboard_conversations=variables.DASHBOARD_CONVERSATIONS,
            chatwoot_url=variables.CHATWOOT_URL,
            embedded=variables.CHATWOOT_ASSETS_EMBEDDED,
            bot_user_ids=variables.BOT_USER_IDS,
            custom_attributes=variables.CUSTOM_ATTRIBUTES,
            mask=Mask(variables.MASK, mask_key) if variables.MASK else NO_MASK,
            keep_contents_days=variables.KEEP_CONTENTS_DAYS,
            imported_before=_in_zone(variables.IMPORTED_BEFORE, variables.REPORTING_TIMEZONE),
            runaway_messages=variables.RUNAWAY_MESSAGES,
            episode_gap=variables.EPISODE_GAP_HOURS,
            holidays=variables.HOLIDAYS,
            targets=variables.TARGETS,
            has_inline_views=variables.CHATWOOT_VIEWS,
            alert_urls=tuple((alert_urls or "").split()),
            alert_rules=variables.ALERTS,
            login=_build_login(variables),
            saved_views=variables.SAVED_VIEWS,
        )


def _build_login(variables: Variables) -> Login | None:
    if not (variables.DASHBOARD_URL and variables.OIDC_METADATA_URL and variables.OIDC_CLIENT_ID):
        return None
    return Login(variables.DASHBOARD_URL, variables.OIDC_METADATA_URL, variables.OIDC_CLIENT_ID, variables.VIEWERS)


def _in_zone(instant: datetime.datetime | None, zone: zoneinfo.ZoneInfo) -> datetime.datetime | None:
    """Return an instant that may have been written without a time zone."""
    return instant if instant is None or instant.tzinfo else instant.replace(tzinfo=zone)


class _SourcedVariables(Variables, BaseSettings):
    """The variables, read from the sources in their order of precedence."""

    model_config = SettingsConfigDict(case_sensitive=True, env_ignore_empty=True, validate_default=False)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings passes all by name
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources, the one that has precedence first."""
        return env_settings, *(InitSettingsSource(settings_cls, dict(file.values)) for file in settings_files())


def _refusal(error: ValidationError, *, from_sources: bool) -> SettingsError:
    """Return the first problem of a validation in one line."""
    problem = error.errors()[0]
    reason = problem["ctx"]["error"]
    if not problem["loc"]:
        return SettingsError(str(reason))
    name = str(problem["loc"][0])
    setting = find_setting(name) if from_sources else None
    place = f" in {setting.file}" if setting and setting.file else ""
    return SettingsError(f"{name}{place} {reason}")
