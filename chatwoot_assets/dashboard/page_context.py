"""What every page is given: the selected filters, the language, and methods that fetch rows and format values."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from streamlit.navigation.page import Page

from chatwoot_assets.dashboard import formats, i18n
from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.dashboard.filter_options import FilterOptions
from chatwoot_assets.dashboard.filter_urls import LANGUAGE, format_url
from chatwoot_assets.dashboard.filters import LIST_PARAMETERS, Filters, Period, query_parameters
from chatwoot_assets.dashboard.formats import Language
from chatwoot_assets.dashboard.list_filters import ALL_CONVERSATIONS, ListFilters
from chatwoot_assets.dashboard.queries import Row, cached_rows, fetch_rows
from chatwoot_assets.dashboard.status import StatusCache, WarehouseStatus
from chatwoot_assets.exports.channels import channel_name
from chatwoot_assets.settings import Settings

# The column that identifies the rows of a dimension; for all other dimensions it is group_id.
_KEY_COLUMNS = {"time": "starts_on", "status": "group_name", "label": "group_name", "attribute": "group_name"}


@dataclass(frozen=True)
class PageContext:
    """The input of a page, for one viewer and one run.

    Attributes:
        settings: The configuration.
        pool: Connections to the warehouse.
        status_cache: Reads the status of the warehouse from time to time.
        status: The status of the warehouse.
        options: The options of the filters.
        filters: The selected filters. A viewer of some teams always has teams: what cannot be split by team is said
            to be unknown as for any other filter.
        today: Today's date in the reporting time zone.
        language: The language of everything that is shown.
        is_dark: Whether the viewer's theme is dark.
        list_page: The page with the list that numbers lead to: of conversations, on the page of campaigns of
            deliveries; None if the dashboard shows no conversations.
    """

    settings: Settings
    pool: ReadOnlyPool
    status_cache: StatusCache
    status: WarehouseStatus
    options: FilterOptions
    filters: Filters
    today: datetime.date
    language: Language
    is_dark: bool = False
    list_page: Page | None = None

    @cached_property
    def period(self) -> Period:
        """The selected days."""
        return self.filters.period(self.today, min(self.status.days, default=None))

    @property
    def selected_filters(self) -> Filters:
        """The filters without the teams that a viewer of some teams has when none is selected."""
        teams = self.pool.access.teams if self.pool.access else None
        return replace(self.filters, teams=()) if teams == tuple(sorted(self.filters.teams)) else self.filters

    @property
    def sees_all_teams(self) -> bool:
        """Whether sums over all teams are known: not for a viewer of some teams."""
        return self.pool.access is None or self.pool.access.teams is None

    @property
    def has_several_accounts(self) -> bool:
        """Whether rows may belong to different accounts, so that a table has to say which."""
        return len(self.options.names["accounts"]) > 1 and len(self.filters.accounts) != 1

    @property
    def compared_period(self) -> Period:
        """The days that changes compare with."""
        return self.period.compared(self.filters.comparison)

    @property
    def is_comparable(self) -> bool:
        """Whether the period and the compared one are fully loaded: else a change would come from the loading."""
        return self.status.has_loaded(self.period) and self.status.has_loaded(self.compared_period)

    @property
    def compared_until(self) -> datetime.datetime | None:
        """The instant up to which the compared period counts, or None if it counts as a whole."""
        known_until = self.status.known_until
        local = known_until and known_until.astimezone(self.settings.reporting_timezone)
        return self.period.compared_until(self.filters.comparison, self.today, local)

    @cached_property
    def loaded_starts(self) -> dict[datetime.date, bool]:
        """The first day of each day, week or month of the period up to today, and whether any of its days is loaded."""
        starts: dict[datetime.date, bool] = {}
        for date in self.period.dates():
            if date <= self.today:
                start = self.period.start_of(date)
                starts[start] = starts.get(start, False) or date in self.status.days
        return starts

    def rows(self, name: str, **parameters: object) -> list[Row]:
        """Return the rows of a query for the selected period and filters.

        Rows are cached, so the query must not read personal data.
        """
        return self._cached_rows(name, self.period, parameters)

    def previous_rows(self, name: str, **parameters: object) -> list[Row]:
        """Return the rows of a query for the compared period, or none if it is not fully loaded.

        If the period ends today, the compared one ends at the same time of day.
        """
        if not self.is_comparable:
            return []
        return self._cached_rows(name, self.compared_period, parameters, self.compared_until)

    def rows_by(self, dimension: str, name: str, **parameters: object) -> dict[Any, Row]:
        """Return the rows of a query by a dimension: see `sql/dashboard/new_conversations.sql`."""
        key = _KEY_COLUMNS.get(dimension, "group_id")
        return {row[key]: row for row in self.rows(name, dimension=dimension, **parameters)}

    def total(self, name: str, *, previous: bool = False) -> Row:
        """Return a query's single row for all that the filters select, or {} if nothing matches.

        Args:
            name: The query.
            previous: Whether to return the row of the compared period.
        """
        rows = self.previous_rows(name, dimension="all") if previous else self.rows(name, dimension="all")
        return rows[0] if rows else {}

    def without_filters(self, *lists: str) -> PageContext:
        """Return the context with some filter lists empty; those of which nothing is known still select nothing."""
        empty: dict[str, Any] = {name: () for name in lists if name not in self.filters.unknown_lists}
        return replace(self, filters=replace(self.filters, **empty))

    @property
    def unfiltered(self) -> PageContext:
        """The context with all filter lists empty."""
        empty: dict[str, Any] = dict.fromkeys(LIST_PARAMETERS, ())
        return replace(self, filters=replace(self.filters, **empty))

    def with_current_status(self) -> PageContext:
        """Return the context with what is loaded now, for a part of a page that draws itself again."""
        status, _ = self.status_cache.get()
        return replace(self, status=status or self.status)

    def list_parameters(
        self,
        conditions: ListFilters = ALL_CONVERSATIONS,
        *,
        period: Period | None = None,
        filters: Mapping[str, Any] | None = None,
    ) -> dict[str, str] | None:
        """Return the URL parameters of the list with exactly the condition of a number.

        Args:
            conditions: What is listed.
            period: The days of the number; None for the selected ones.
            filters: Values of the filter bar that differ from the selected ones, by the name in Filters.

        Returns:
            The parameters, or None if the dashboard shows no conversations.
        """
        if self.list_page is None:
            return None
        selected = replace(self.selected_filters, **(filters or {}))
        if period is not None:
            selected = replace(selected, preset=None, custom=period)
        return {**format_url(selected), **conditions.to_url(), LANGUAGE: self.language}

    def list_url(
        self,
        conditions: ListFilters = ALL_CONVERSATIONS,
        *,
        period: Period | None = None,
        filters: Mapping[str, Any] | None = None,
    ) -> str | None:
        """Return the address of the list with exactly the condition of a number: see `list_parameters`."""
        return format_list_url(self.list_parameters(conditions, period=period, filters=filters))

    def days_from(self, start: datetime.date) -> Period:
        """Return the days of the period in the day, week or month that starts on a date, up to today."""
        return self.period.days_from(start, self.today)

    def in_period(self, period: Period) -> PageContext:
        """Return the context with other days selected."""
        return replace(self, filters=replace(self.filters, preset=None, custom=period))

    def in_calendar_time(self) -> PageContext:
        """Return the context with durations that count every hour, not only business hours."""
        return replace(self, filters=replace(self.filters, business_hours=False))

    def personal_rows(self, name: str, **parameters: object) -> list[Row]:
        """Return the rows of a query that reads names or contents; they are not cached.

        Raises:
            PermissionError: The dashboard is configured to show no personal data.
        """
        if not self.settings.dashboard_conversations:
            raise PermissionError(name)
        return self.fresh_rows(name, **parameters)

    def fresh_rows(self, name: str, **parameters: object) -> list[Row]:
        """Return the rows of a query, which are not cached: they may be many, or change while no day is loaded."""
        return fetch_rows(self.pool, name, {**query_parameters(self.filters, self.period), **parameters})

    def _cached_rows(
        self, name: str, period: Period, parameters: dict[str, object], until: datetime.datetime | None = None
    ) -> list[Row]:
        values = {**query_parameters(self.filters, period, until), **parameters}
        return cached_rows(self.pool, self.status.version, name, values)

    def translate(self, key: str, **values: object) -> str:
        """Return a text in the viewer's language, with its placeholders filled."""
        return i18n.translate(key, self.language, **values)

    def channel_name(self, channel: str) -> str:
        """Return the name of a channel; "" stands for an unknown one."""
        return channel_name(channel, self.language) if channel else self.translate("unknown_channel")

    def translate_term(self, kind: str, value: str) -> str:
        """Return one of Chatwoot's terms, such as a status, in the viewer's language."""
        return i18n.translate_term(kind, value, self.language)

    def format_number(self, value: float | None, decimals: int = 0) -> str:
        """Return a number as the language writes it."""
        return formats.format_number(value, self.language, decimals)

    def format_percent(self, share: float | None) -> str:
        """Return a share in percent, as the language writes it."""
        return formats.format_percent(share, self.language)

    def format_date(self, value: datetime.date) -> str:
        """Return a date as the language writes it."""
        return formats.format_date(value, self.language)

    def format_instant(self, value: datetime.datetime | None) -> str:
        """Return an instant in the reporting time zone, as the language writes it."""
        if value is None:
            return formats.UNKNOWN
        return formats.format_instant(value, self.settings.reporting_timezone, self.language)


def ratio(part: float | None, whole: float | None) -> float | None:
    """Return `part` divided by `whole`, or None if there is no whole."""
    return part / whole if whole and part is not None else None


def format_list_url(parameters: Mapping[str, str] | None, path: str = "conversations") -> str | None:
    """Return the address of a page's list with URL parameters, relative to the pages; None for none."""
    return None if parameters is None else f"{path}?{urlencode(parameters)}"
