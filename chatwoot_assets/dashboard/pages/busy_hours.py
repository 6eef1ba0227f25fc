"""The hours and weekdays at which conversations start and messages are written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

import streamlit as st

from chatwoot_assets.dashboard import charts
from chatwoot_assets.dashboard.axes import show_chart
from chatwoot_assets.dashboard.filters import ONE_DAY, Period
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.dashboard.page_context import PageContext, format_list_url
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import CellList, Column, show_table

_COLUMNS = [
    Column("weekday", "text"),
    Column("hour", "count"),
    Column("conversations", "count"),
    Column("incoming", "count"),
    Column("outgoing", "count"),
    Column("resolutions", "count"),
    Column("chatwoot_resolutions", "count"),
]
# What is counted, each with the text key of its unit.
_UNITS = {
    "conversations": "axis_conversations", "incoming": "axis_messages", "outgoing": "axis_messages",
    "resolutions": "axis_resolutions", "chatwoot_resolutions": "axis_resolutions",
}  # fmt: skip
_MESSAGES = ("incoming", "outgoing")
_NOT_IN_CHATWOOT = ("agents", "statuses", "labels", "attributes")

# The count of each weekday and hour, or its average over the days of the weekday.
Counts = dict[tuple[int, int], float]


def show(page: PageContext) -> None:
    """Draw the page."""
    counts = _count(page)
    runs = _whole_days(page)
    averages = _average_counts(page, runs)
    if not any(counts.values()):
        st.info(page.translate("empty_period"), icon=":material/info:")
        return
    for kind, unit in _UNITS.items():
        with st.container(border=True):
            st.subheader(page.translate(f"heatmap_{kind}"), anchor=False)
            if kind not in counts:
                st.caption(page.translate("hours_not_split"))
            elif not counts[kind]:
                st.caption(page.translate("empty_hours" if kind in _MESSAGES else "empty_measure"))
            else:
                # Today has no averages yet: its counts so far are shown.
                values = averages.get(kind) or counts[kind]
                if averages.get(kind):
                    st.caption(_busiest_hour(page, values, page.translate(unit).lower()))
                listed = _listed_days(page, kind, runs) if averages.get(kind) else page
                if kind == "chatwoot_resolutions":
                    _explain_chatwoot(page)
                find_url = _list_finder(listed, kind) if listed else None
                show_chart(charts.heatmap(page, values, charts.WEEKDAYS, page.translate(unit), find_url))
    with st.expander(page.translate("show_table")):
        cells = sorted(set().union(*counts.values()), key=lambda cell: (charts.WEEKDAYS.index(cell[0]), cell[1]))
        rows = [
            {
                "weekday": page.translate(f"weekday_{weekday}"),
                "hour": hour,
                "weekday_and_hour": 24 * weekday + hour,
                **{kind: counts[kind].get((weekday, hour), 0) if kind in counts else None for kind in _UNITS},
            }
            for weekday, hour in cells
        ]
        show_table(page, rows, _COLUMNS, "busy_hours", _list_of_row(page))


def _list_finder(page: PageContext, kind: str) -> Callable[[int, int], str | None]:
    """Return the function that gives the list of what is counted on a weekday in an hour."""
    return lambda weekday, hour: format_list_url(_list_of_hour(page, kind, 24 * weekday + hour))


def _list_of_hour(page: PageContext, kind: str, hour: int) -> dict[str, str] | None:
    if kind == "conversations":
        return page.list_parameters(ListFilters(weekday_and_hour=hour), period=page.period)
    # A contact's message is no agent's here, and the list has it to the agent who is assigned now.
    if kind == "incoming" and page.filters.agents:
        return None
    if kind == "chatwoot_resolutions":
        page = page.without_filters(*_NOT_IN_CHATWOOT)
    subject = "recorded_resolutions" if kind == "chatwoot_resolutions" else kind
    return page.list_parameters(ListFilters(subject=subject, event_hour=hour), period=page.period)


def _list_of_row(page: PageContext) -> CellList:
    """Return the function that gives the list of a cell of the table."""

    def find(row: Row, column: str) -> dict[str, str] | None:
        if column not in _UNITS or not row[column]:
            return None
        return _list_of_hour(page, column, row["weekday_and_hour"])

    return find


def _explain_chatwoot(page: PageContext) -> None:
    st.caption(page.translate("difference_resolution_hours"))
    if not page.filters.has_only("accounts", "inboxes", "teams"):
        st.caption(page.translate("chatwoot_not_filtered"))


def _count(page: PageContext) -> dict[str, Counts]:
    """Return the counts of each kind; those that the filters cannot split are missing."""
    return {"conversations": _count_new_conversations(page), **_count_messages(page), **_count_resolutions(page)}


def _count_resolutions(page: PageContext) -> dict[str, Counts]:
    """Return our resolutions, and those of Chatwoot's heat map."""
    rows = page.rows("chatwoot_resolution_hours", timezone=page.settings.reporting_timezone.key)
    return {
        kind: {(row["day_of_week"], row["hour"]): row[source] for row in rows if row[source]}
        for kind, source in (("resolutions", "dashboard"), ("chatwoot_resolutions", "chatwoot"))
    }


def _count_new_conversations(page: PageContext) -> Counts:
    rows = page.rows_by("hour", "new_conversations")
    return {divmod(weekday_and_hour, 24): row["conversations"] for weekday_and_hour, row in rows.items()}


def _count_messages(page: PageContext) -> dict[str, Counts]:
    """Return the incoming and outgoing messages, or nothing if they cannot be split by the filters."""
    if page.filters.statuses or page.filters.labels or page.filters.attributes:
        return {}
    rows = page.rows("hourly_messages")
    return {
        kind: {(row["day_of_week"], row["hour"]): row[kind] for row in rows if row[kind]}
        for kind in ("incoming", "outgoing")
    }


def _average_counts(page: PageContext, runs: list[Period]) -> dict[str, Counts]:
    """Return the averages over the days of each weekday that are whole; nothing if there is none.

    A month has five of some weekdays and four of the others, so that their sums do not compare. What happened on a day
    that is not loaded, in conversations of other days, is left out.
    """
    days = Counter(date.isoweekday() % 7 for run in runs for date in run.dates())
    sums: dict[str, Counter[tuple[int, int]]] = defaultdict(Counter)
    for run in runs:
        for kind, cells in _count(page.in_period(run)).items():
            sums[kind].update(cells)
    return {
        kind: {(weekday, hour): count / days[weekday] for (weekday, hour), count in cells.items() if days[weekday]}
        for kind, cells in sums.items()
    }


def _whole_days(page: PageContext) -> list[Period]:
    """Return the days of the period that are loaded and over, and known to their end, as runs without a gap."""
    known_until = page.status.known_until
    if known_until is None:
        return []
    known_day = known_until.astimezone(page.settings.reporting_timezone).date()
    runs: list[Period] = []
    for date in page.period.dates():
        if date >= min(page.today, known_day) or date not in page.status.days:
            continue
        if runs and runs[-1].last == date - ONE_DAY:
            runs[-1] = Period(runs[-1].first, date)
        else:
            runs.append(Period(date, date))
    return runs


def _listed_days(page: PageContext, kind: str, runs: list[Period]) -> PageContext | None:
    """Return the context with the days of the averages, or None if the list of these days has more than they count.

    Conversations are on loaded days only; all else may have happened on a day between them that is not loaded.
    """
    if len(runs) > 1 and kind != "conversations":
        return None
    return page.in_period(Period(runs[0].first, runs[-1].last))


def _busiest_hour(page: PageContext, counts: Counts, unit: str) -> str:
    (weekday, hour), count = max(counts.items(), key=lambda cell: cell[1])
    return page.translate(
        "busiest_hour",
        weekday=page.translate(f"weekday_{weekday}"),
        hour=f"{hour:02}",
        until=f"{(hour + 1) % 24:02}",
        count=page.format_number(count, 1),
        unit=unit,
        zone=page.settings.reporting_timezone.key,
    )
