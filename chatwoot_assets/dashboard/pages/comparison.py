"""Chatwoot's report numbers beside ours: in total, by agent, inbox, team or label, and over time."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from chatwoot_assets.dashboard.axes import BLUE, ORANGE, choose_duration_unit, show_chart
from chatwoot_assets.dashboard.chatwoot_csat import compare_csat
from chatwoot_assets.dashboard.chatwoot_report import (
    CHATWOOT_LISTS,
    DURATIONS,
    LISTS,
    METRICS,
    compare_metrics,
    explain_filters,
    format_metric,
    listed_for_agents,
    show_comparison,
)
from chatwoot_assets.dashboard.group_lists import list_of_cell, name_columns
from chatwoot_assets.dashboard.groupings import AGENTS, INBOXES, LABELS, TEAMS, Grouping
from chatwoot_assets.dashboard.lines import Line, lines
from chatwoot_assets.dashboard.page_context import PageContext, ratio
from chatwoot_assets.dashboard.queries import Row, read_ahead
from chatwoot_assets.dashboard.tables import CellFormat, CellList, Column, show_table

_GROUPINGS = {grouping.dimension: grouping for grouping in (AGENTS, INBOXES, TEAMS, LABELS)}
_CSAT = ("csat_responses", "csat_score")
NUMBERS = (*METRICS, *_CSAT)
_COUNTS = {*NUMBERS} - {*DURATIONS, "csat_score"}
_SHOWN_CSAT = 4  # the numbers on satisfaction that are shown in total: all but the single ratings
_SOURCES = ("chatwoot", "dashboard")
_QUERIES = ("chatwoot_report", "comparison")


def show(page: PageContext) -> None:
    """Draw the page."""
    explain_filters(page)
    page = page.without_filters("statuses", "attributes")
    reads = (partial(page.rows, query, dimension=dimension) for dimension in ("all", "time") for query in _QUERIES)
    with read_ahead(*reads, partial(compare_csat, page.without_filters("labels"))):
        _show(page)


def _show(page: PageContext) -> None:
    (theirs,) = page.rows("chatwoot_report", dimension="all")
    if not page.total("comparison") and not any(theirs.values()):
        st.info(page.translate("empty_period"), icon=":material/info:")
        return
    with st.container(border=True):
        st.subheader(page.translate("comparison_total"), anchor=False)
        csat = [{**row, "metric": f"CSAT: {row['metric']}"} for row in compare_csat(page.without_filters("labels"))]
        show_comparison(page, [*compare_metrics(page), *csat[:_SHOWN_CSAT]], "report")
        if page.filters.labels:
            st.caption(page.translate("csat_not_filtered"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        selected = st.selectbox(
            page.translate("comparison_number"),
            NUMBERS,
            format_func=lambda number: _name(page, number),
            key="comparison_number",
            width=320,
        )
        dimension = st.segmented_control(
            page.translate("comparison_by"),
            _GROUPINGS,
            format_func=lambda dimension: page.translate(f"filter_{_GROUPINGS[dimension].filter_name}"),
            key="comparison_by",
            default=AGENTS.dimension,
            required=True,
        )
    number = selected or NUMBERS[0]
    with st.container(border=True):
        st.subheader(_name(page, number), anchor=False)
        st.caption(page.translate("difference_csat_same" if number == "csat_score" else f"difference_{number}"))
        _show_lines(page, number)
        _show_groups(page, number, _GROUPINGS[dimension or AGENTS.dimension])


def _name(page: PageContext, number: str) -> str:
    return f"CSAT: {page.translate(number)}" if number in _CSAT else page.translate(f"report_{number}")


def _values(page: PageContext, number: str, dimension: str) -> dict[Any, Row]:
    """Return Chatwoot's value and ours by a dimension."""
    theirs = _chatwoot_values(page, number, dimension)
    ours = {key: row[number] for key, row in page.rows_by(dimension, "comparison").items()}
    return {key: {"chatwoot": theirs.get(key), "dashboard": ours.get(key)} for key in {*theirs, *ours}}


def _chatwoot_values(page: PageContext, number: str, dimension: str) -> dict[Any, float | None]:
    if number not in _CSAT:
        return {key: row[number] for key, row in page.rows_by(dimension, "chatwoot_report").items()}
    if dimension == LABELS.dimension or page.filters.labels:
        return {}
    rows = page.rows_by(dimension, "chatwoot_csat")
    if number == "csat_responses":
        return {key: row["responses"] for key, row in rows.items()}
    return {key: ratio(row["satisfied"], row["responses"]) for key, row in rows.items()}


def _show_lines(page: PageContext, number: str) -> None:
    values = _values(page, number, "time")
    # On a day without any, a count is 0, unless it is unknown with these filters.
    known_sources = {source for row in values.values() for source in _SOURCES if row[source] is not None}
    none = {source: 0 if number in _COUNTS and source in known_sources else None for source in _SOURCES}
    rows: list[Row] = [
        {"starts_on": start, **(none | _without_none(values.get(start, {})) if is_loaded else dict.fromkeys(_SOURCES))}
        for start, is_loaded in page.loaded_starts.items()
    ]
    known = [row[source] for row in rows for source in _SOURCES if row[source] is not None]
    if not known:
        st.caption(page.translate("empty_measure"))
        return
    # Chatwoot leaves out resolutions by bots if a handover is in the same period: in that of a day, it is another one.
    theirs = listed_for_agents(page, None if number == "bot_resolutions_count" else CHATWOOT_LISTS.get(number))
    shown = [
        # Wide, to be seen below an equal line.
        Line("chatwoot", page.translate("column_chatwoot"), ORANGE, theirs, 6),
        Line("dashboard", page.translate("column_dashboard"), BLUE, listed_for_agents(page, LISTS.get(number))),
    ]
    title, factor = page.translate("axis_count"), 1.0
    if number in DURATIONS:
        unit, divisor = choose_duration_unit(max(known))
        title, factor = page.translate(unit), 1 / divisor
    elif number == "csat_score":
        title, factor = page.translate("axis_score"), 100
    show_chart(lines(page, rows, shown, title, lambda value: _format(page, number, value), factor))


def _without_none(row: Row) -> Row:
    return {key: value for key, value in row.items() if value is not None}


def _show_groups(page: PageContext, number: str, grouping: Grouping) -> None:
    if number in _CSAT and grouping == LABELS:
        st.caption(page.translate("csat_not_by_label"))
    rows = [
        {
            "key": key,
            "name": grouping.name(page, key),
            "account": grouping.account(page, key),
            **row,
            "apart": None if None in row.values() else row["dashboard"] - row["chatwoot"],
        }
        for key, row in _values(page, number, grouping.dimension).items()
    ]
    rows.sort(key=lambda row: (row["dashboard"] is None, -(row["dashboard"] or 0), row["name"]))
    cell_format: CellFormat = "duration" if number in DURATIONS else "share" if number == "csat_score" else "count"
    columns = [
        *name_columns(page, grouping, 260),
        *(Column(key, cell_format, 160) for key in (*_SOURCES, "apart")),
    ]
    show_table(page, rows, columns, "comparison", _list_of_cell(page, number, grouping))


def _list_of_cell(page: PageContext, number: str, grouping: Grouping) -> CellList:
    """Return the function that gives the list of Chatwoot's number, or of ours, of a group."""
    lists = {"chatwoot": CHATWOOT_LISTS.get(number), "dashboard": LISTS.get(number)}
    if grouping == AGENTS:
        # A contact's message is no agent's, and the list by agent would have those to the agent.
        return list_of_cell(page, grouping, {key: of for key, of in lists.items() if of and of.subject != "incoming"})
    cells = {}
    for key, conditions in lists.items():
        selected = listed_for_agents(page, conditions)
        if selected is not None:
            cells[key] = list_of_cell(page, grouping, {key: selected})
    return lambda row, column: cells[column](row, column) if column in cells else None


def _format(page: PageContext, number: str, value: float | None) -> str:
    return page.format_percent(value) if number == "csat_score" else format_metric(page, number, value)
