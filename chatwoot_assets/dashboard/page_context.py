"""What a page is given: what is chosen, in which language, and how to ask for rows and write values down."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

from chatwoot_assets.dashboard import formats
from chatwoot_assets.dashboard import i18n as texts
from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.dashboard.filter_options import FilterOptions
from chatwoot_assets.dashboard.filters import Filters, Period
from chatwoot_assets.dashboard.formats import Language
from chatwoot_assets.dashboard.queries import Row, cached_rows, fetch, values_of
from chatwoot_assets.dashboard.state import State
from chatwoot_assets.settings import Settings

# Of some dimensions the column that tells their rows apart; of all others it is an id.
_KEYS = {"time": "starts_on", "status": "word", "label": "word"}


@dataclass(frozen=True)
class PageContext:
    """One look at the dashboard.

    Attributes:
        settings: the configuration.
        sessions: the sessions on the local database.
        state: what is known of the local tables.
        choices: what there is to choose.
        filters: what is chosen.
        today: today's date in the reporting time zone.
        language: the language of everything that is shown.
        is_dark: whether the viewer's theme is dark.
    """

    settings: Settings
    sessions: ReadOnlyPool
    state: State
    choices: FilterOptions
    filters: Filters
    today: datetime.date
    language: Language
    is_dark: bool = False

    @property
    def period(self) -> Period:
        """The days that are chosen."""
        return self.filters.period(self.today)

    @property
    def is_comparable(self) -> bool:
        """Whether the period and the one before it are loaded in full: else a change would be one of the loading."""
        return self.state.holds(self.period) and self.state.holds(self.period.previous)

    def rows(self, name: str, **values: object) -> list[Row]:
        """Return the rows of a query for the chosen period and filters; nothing personal, since it is remembered."""
        return self._remembered(name, self.period, values)

    def rows_before(self, name: str, **values: object) -> list[Row]:
        """Return the rows of a query for the period before the chosen one; none where it is not loaded in full."""
        return self._remembered(name, self.period.previous, values) if self.is_comparable else []

    def keyed(self, name: str, dimension: str) -> dict[Any, Row]:
        """Return the rows of a query by what its dimension names: see `sql/dashboard/created.sql`."""
        key = _KEYS.get(dimension, "id")
        return {row[key]: row for row in self.rows(name, dimension=dimension)}

    def whole(self, name: str, *, before: bool = False) -> Row:
        """Return a query's row of all that fits the filters, of the period or of the one before; {} for nothing."""
        rows = self.rows_before(name, dimension="all") if before else self.rows(name, dimension="all")
        return rows[0] if rows else {}

    def without(self, *lists: str) -> PageContext:
        """Return the view with nothing chosen in some of the filters' lists."""
        nothing: dict[str, Any] = dict.fromkeys(lists, ())
        return replace(self, filters=replace(self.filters, **nothing))

    def around_the_clock(self) -> PageContext:
        """Return the view with durations in calendar time, whatever is chosen."""
        return replace(self, filters=replace(self.filters, in_business=False))

    def personal_rows(self, name: str, **values: object) -> list[Row]:
        """Return the rows of a query that reads names or contents, asked now and not remembered.

        Raises:
            PermissionError: this dashboard does not show any.
        """
        if not self.settings.dashboard_conversations:
            raise PermissionError(name)
        return fetch(self.sessions, name, {**values_of(self.filters, self.period), **values})

    def _remembered(self, name: str, period: Period, values: dict[str, object]) -> list[Row]:
        return cached_rows(self.sessions, self.state.version, name, {**values_of(self.filters, period), **values})

    def translate(self, key: str, **values: object) -> str:
        """Return a text in the view's language, its blanks filled."""
        return texts.translate(key, self.language, **values)

    def translate_term(self, kind: str, value: str) -> str:
        """Return one of Chatwoot's words, such as a status, in the view's language."""
        return texts.translate_term(kind, value, self.language)

    def number(self, value: float | None, decimals: int = 0) -> str:
        """Return a number as the language writes it."""
        return formats.number(value, self.language, decimals)

    def percent(self, share: float | None) -> str:
        """Return a share as the language writes it."""
        return formats.percent(share, self.language)

    def date(self, value: datetime.date) -> str:
        """Return a date as the language writes it."""
        return formats.date(value, self.language)

    def instant(self, value: datetime.datetime | None) -> str:
        """Return an instant in the reporting time zone, as the language writes it."""
        if value is None:
            return formats.UNKNOWN
        return formats.instant(value, self.settings.reporting_timezone, self.language)


def share(part: float | None, whole: float | None) -> float | None:
    """Return a part of a whole as a share of 1; None where there is no whole."""
    return part / whole if whole and part is not None else None
