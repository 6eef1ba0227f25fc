"""The content of a report: cards, series over time and tables, from the dashboard's queries."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chatwoot_assets.assistant.metrics import METRICS, Unit
from chatwoot_assets.assistant.numbers import Numbers
from chatwoot_assets.dashboard import formats
from chatwoot_assets.dashboard.change_notes import describe_changes
from chatwoot_assets.dashboard.filter_names import name_filters
from chatwoot_assets.dashboard.filter_options import FilterOptions
from chatwoot_assets.dashboard.filters import ONE_DAY, UNASSIGNED, Filters, Period
from chatwoot_assets.dashboard.formats import Language
from chatwoot_assets.dashboard.i18n import translate

PERIODS = ("today", "yesterday", "this-week", "last-week", "this-month", "last-month", "7d", "30d", "90d")
_MAX_PRINTED_ROWS = 25
# The overview's cards, each with its metric.
_CARDS = {
    "card_conversations": "new_conversations",
    "card_resolved": "resolutions",
    "card_reopened": "reopenings",
    "card_open": "backlog_open",
    "card_first_response": "first_response_median",
    "card_response": "response_time_median",
    "card_score": "satisfaction",
    "card_rated": "ratings",
    "card_target_first_response": "first_response_target",
    "card_target_next_reply": "next_reply_target",
    "card_target_resolution": "resolution_target",
    "card_episodes_started": "episodes_started",
    "card_unique_contacts": "contacts_served",
    "card_episodes_resolved": "episodes_resolved",
    "card_episode_first_response": "episode_first_response_median",
    "card_resolution_median": "resolution_time_median",
    "card_resolution_p90": "resolution_time_p90",
    "card_repeated": "repeat_contacts_7d",
    "card_first_contact": "first_contact_resolution",
}
# The cards that the overview has below the heading "episodes", and whose label does not say so.
_OF_EPISODES = ("card_episodes_started", "card_unique_contacts", "card_episodes_resolved")
_TABLES = {"agent": "filter_agents", "inbox": "filter_inboxes"}
_TABLE_COLUMNS = {
    "column_conversations": "new_conversations",
    "column_resolved": "resolutions",
    "column_replies": "replies",
    "column_first_response_median": "first_response_median",
    "column_response_median": "response_time_median",
    "column_score": "satisfaction",
}


@dataclass(frozen=True)
class Card:
    """A number with its change.

    Attributes:
        label: What it is.
        unit: Its unit.
        value: The number, or None if it is not known.
        previous: The number of the compared period; None if that is not fully loaded.
        text, change: Both as the language writes them; the change is None if there is none to show.
    """

    label: str
    unit: Unit
    value: float | None
    previous: float | None
    text: str
    change: str | None


@dataclass(frozen=True)
class Chart:
    """Series over time.

    Attributes:
        title: Its heading.
        unit: The unit of all values.
        starts: The first day of each day, week or month.
        series: The values of each series, by its name; None where not known.
    """

    title: str
    unit: Unit
    starts: Sequence[datetime.date]
    series: dict[str, list[float | None]]


@dataclass(frozen=True)
class Table:
    """A table of groups.

    Attributes:
        title: Its heading.
        headings: The columns' headings; the first is the group's name.
        units: The units of the other columns.
        rows: The rows: a name and its values.
    """

    title: str
    headings: list[str]
    units: list[Unit]
    rows: list[tuple[str, list[float | None]]]


@dataclass(frozen=True)
class Report:
    """A report.

    Attributes:
        title, subtitle: The headings.
        notes: What a reader must know: the filters, the time of the data, and what is missing.
        cards, charts, tables: Its content.
        language: Its language.
        filters: What selects its numbers, with its days as the custom period.
        nameless_notes: The notes without names of agents, whom filters may select.
    """

    title: str
    subtitle: str
    notes: list[str]
    cards: list[Card]
    charts: list[Chart]
    tables: list[Table]
    language: Language
    filters: Filters
    nameless_notes: list[str] = field(default_factory=list)


def named_period(name: str, today: datetime.date) -> Period:
    """Return the days of one of PERIODS, seen from `today`; weeks begin on Monday."""
    monday, month = today - today.weekday() * ONE_DAY, today.replace(day=1)
    periods = {
        "today": Period(today, today),
        "yesterday": Period(today - ONE_DAY, today - ONE_DAY),
        "this-week": Period(monday, today),
        "last-week": Period(monday - 7 * ONE_DAY, monday - ONE_DAY),
        "this-month": Period(month, today),
        "last-month": Period((month - ONE_DAY).replace(day=1), month - ONE_DAY),
    }
    return periods.get(name) or Period(today - (int(name.removesuffix("d")) - 1) * ONE_DAY, today)


def build_report(
    numbers: Numbers, filters: Filters, zone: zoneinfo.ZoneInfo, now: datetime.datetime | None = None
) -> Report:
    """Return the report of the filters' custom period, compared with another one if both are loaded.

    Args:
        numbers: The metrics.
        filters: The filters, which say what to compare with.
        zone: The reporting time zone.
        now: The time in that time zone: if the period ends today, the compared one ends at the same time of
            day. None for a period that is over.
    """
    period, language = filters.custom, numbers.language
    assert period is not None
    status = numbers.status()
    loaded = frozenset(status.days)
    missing = sum(date not in loaded for date in period.dates())
    compared = period.compared(filters.comparison)
    is_comparable = not missing and status.has_loaded(compared)
    earlier = replace(filters, custom=compared) if is_comparable else None
    until = None
    if now is not None and status.known_until is not None:
        until = period.compared_until(filters.comparison, now.date(), status.known_until.astimezone(zone))
    first, last = (formats.format_date(date, language) for date in (period.first, period.last))
    as_of = formats.format_instant(status.as_of, zone, language) if status.as_of else formats.UNKNOWN
    notes = [_AS_OF[language].format(as_of=as_of, zone=zone.key)]
    if missing:
        texts = _MISSING if missing > 1 else _ONE_MISSING
        notes.append(texts[language].format(count=missing, days=period.days))
    notes += describe_changes(filters.comparison, compared, until, language, is_comparable=is_comparable)
    options = numbers.filter_options()
    agents = {id_: translate("agent_without_name", language, id=id_) for id_ in filters.agents if id_ != UNASSIGNED}
    nameless = replace(options, names={**options.names, "agents": {**options.names["agents"], **agents}})
    return Report(
        translate("title", language),
        first if period.days == 1 else f"{first} – {last}",  # noqa: RUF001  # a range has an en dash

        [*_filter_notes(filters, options, language), *notes],
        _cards(numbers, filters, earlier, until),
        _charts(numbers, filters, period, language, loaded),
        [_table(numbers, filters, dimension, title, language) for dimension, title in _TABLES.items()],
        language,
        filters,
        [*_filter_notes(filters, nameless, language), *notes],
    )  # fmt: skip


def _filter_notes(filters: Filters, options: FilterOptions, language: Language) -> list[str]:
    names = [text for _, _, text in name_filters(filters, options, language)]
    return [_FILTERS[language].format(names=" · ".join(names))] if names else []


_FILTERS = {"en": "Filters: {names}", "pt": "Filtros: {names}"}
_AS_OF = {
    "en": "Data as of {as_of} · time zone {zone}",
    "pt": "Dados de {as_of} · fuso horário {zone}",
}
_MISSING = {
    "en": "{count} of {days} days are not loaded.",
    "pt": "{count} de {days} dias não estão carregados.",
}
_ONE_MISSING = {
    "en": "{count} of {days} days is not loaded.",
    "pt": "{count} de {days} dias não está carregado.",
}


_FIRST_ROWS = {
    "en": "The first {shown} rows of {count}; the workbook has all of them.",
    "pt": "As primeiras {shown} linhas de {count}; a pasta de trabalho tem todas.",
}


def printed_rows(table: Table, language: Language) -> tuple[list[tuple[str, list[float | None]]], str | None]:
    """Return the rows of a table that a page has room for, and what to say if these are not all."""
    rows = table.rows[:_MAX_PRINTED_ROWS]
    if len(rows) == len(table.rows):
        return rows, None
    count = formats.format_number(len(table.rows), language)
    return rows, _FIRST_ROWS[language].format(shown=len(rows), count=count)


def format_value(value: float | None, unit: Unit, language: Language) -> str:
    """Return a value as the language writes it."""
    if unit == "seconds":
        return formats.format_duration(value)
    if unit == "share":
        return formats.format_percent(value, language)
    return formats.format_number(value, language, 1 if unit == "rating" else 0)


def _cards(numbers: Numbers, filters: Filters, earlier: Filters | None, until: datetime.datetime | None) -> list[Card]:
    is_split = filters.has_only("accounts", "inboxes", "teams", "agents")
    cards = {
        label: _card(numbers, filters, label, metric, earlier, until)
        for label, metric in _CARDS.items()
        if is_split or METRICS[metric].is_split
    }
    # As on the overview, a target has a card only if any reply or resolution had it.
    return [card for label, card in cards.items() if not label.startswith("card_target") or card.value is not None]


def _card(
    numbers: Numbers,
    filters: Filters,
    label: str,
    metric: str,
    earlier: Filters | None,
    until: datetime.datetime | None,
) -> Card:
    unit, language = METRICS[metric].unit, numbers.language
    value = numbers.value(metric, filters)
    previous = numbers.value(metric, earlier, until=until) if earlier else None
    change = (formats.format_points if unit == "share" else formats.format_change)(value, previous, language)
    text = format_value(value, unit, language)
    heading = translate(label, language)
    if label in _OF_EPISODES:
        heading = f"{translate('episodes', language)}: {heading[0].lower()}{heading[1:]}"
    return Card(heading, unit, value, previous, text, change)


def _charts(
    numbers: Numbers, filters: Filters, period: Period, language: Language, loaded: frozenset[datetime.date]
) -> list[Chart]:
    grain = period.grain
    starts = sorted({period.start_of(date) for date in period.dates()})
    known = {period.start_of(date) for date in period.dates() if date in loaded}

    def values(metric: str) -> list[float | None]:
        found = {group.id: group.value for group in numbers.groups(metric, grain, filters)}
        nothing = 0 if METRICS[metric].unit == "count" else None
        return [found.get(start.isoformat(), nothing) if start in known else None for start in starts]

    charts = [
        Chart(
            translate(f"volume_by_{grain}", language),
            "count",
            starts,
            {
                translate("card_conversations", language): values("new_conversations"),
                translate("card_resolved", language): values("resolutions"),
            },
        ),
        Chart(
            translate("card_response", language),
            "seconds",
            starts,
            {translate("card_response", language): values("response_time_median")},
        ),
    ]
    if filters.has_only("accounts", "inboxes", "teams", "agents"):
        backlog = {group.id: group.value for group in numbers.groups("backlog_open", "day", filters)}
        days = period.dates()
        series = {translate("card_open", language): [backlog.get(day.isoformat()) for day in days]}
        charts.append(Chart(translate("backlog", language), "count", days, series))
    return charts


def _table(numbers: Numbers, filters: Filters, dimension: str, title: str, language: Language) -> Table:
    columns = [
        {group.id: group for group in numbers.groups(metric, dimension, filters, limit=None)}
        for metric in _TABLE_COLUMNS.values()
    ]
    units = [METRICS[metric].unit for metric in _TABLE_COLUMNS.values()]
    names = {id_: group.name for column in columns for id_, group in column.items()}

    def order(id_: int | str) -> tuple[float, float, str]:
        counts = [(column[id_].value or 0) if id_ in column else 0 for column in (columns[0], columns[2])]
        return -counts[0], -counts[1], names[id_]

    rows = [
        (
            names[id_],
            [
                column[id_].value if id_ in column else 0 if unit == "count" else None
                for column, unit in zip(columns, units, strict=True)
            ],
        )
        for id_ in sorted(names, key=order)
    ]
    headings = [translate("column_name", language), *(translate(label, language) for label in _TABLE_COLUMNS)]
    return Table(translate(title, language), headings, units, rows)
