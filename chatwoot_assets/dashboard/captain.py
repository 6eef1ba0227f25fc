"""What came of Captain's engagements: a section of the page of bots, only where there were any in the period."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard.axes import BLUE, GREEN, ORANGE, show_chart
from chatwoot_assets.dashboard.group_lists import list_of_cell
from chatwoot_assets.dashboard.groupings import INBOXES
from chatwoot_assets.dashboard.lines import Line, lines
from chatwoot_assets.dashboard.list_filters import UNKNOWN_REASON, ListFilters
from chatwoot_assets.dashboard.page_context import PageContext, ratio
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import Column, show_table

_QUERY = "captain"
_COUNTS = ("captain", "captain_resolved", "captain_handed_off", "captain_running", "captain_other")
_COLUMNS = [
    Column("name", "text", 115),
    Column("captain", "count", 98),
    Column("captain_resolved", "count", 85),
    Column("captain_handed_off", "count", 95),
    Column("captain_running", "count", 88),
    Column("captain_other", "count", 110),
    Column("captain_replies", "count", 112),
    Column("handoff_median", "duration", 132),
    Column("captain_rated", "count", 80),
    Column("captain_score", "share", 85),
]
_REASON_COLUMNS = [
    Column("handoff_reason", "text", 280),
    Column("captain_handed_off", "count", 140),
    Column("share_of_handed_off", "share", 160),
    Column("handoff_median", "duration", 160),
]
_SLOWEST = ListFilters(subject="captain_handed_off", sort="longest")
# What is counted in each number, or what its share is of. Captain's replies have no list: they are in its engagements.
_LISTS = {
    "name": ListFilters(subject="captain"),
    **{key: ListFilters(subject=key) for key in (*_COUNTS, "captain_rated")},
    "handoff_median": _SLOWEST,
    "captain_score": ListFilters(subject="captain_satisfied"),
}
_LINES = {"captain": BLUE, "captain_resolved": GREEN, "captain_handed_off": ORANGE}


def show_captain(page: PageContext) -> None:
    """Draw the section, or nothing if Captain was in no conversation of the period."""
    total = page.total(_QUERY)
    if not total:
        return
    with st.container(border=True):
        st.subheader(page.translate("captain"), anchor=False, help=page.translate("help_captain"))
        st.caption(page.translate("captain_caption"))
        _show_lines(page)
        inboxes = [
            {**_with_score(row), "key": key, "name": INBOXES.name(page, key)}
            for key, row in page.rows_by("inbox", _QUERY).items()
        ]
        inboxes.sort(key=lambda row: (-row["captain"], row["name"]))
        rows = [{**_with_score(total), "name": page.translate("total")}, *inboxes]
        show_table(page, rows, _COLUMNS, "captain", list_of_cell(page, INBOXES, _LISTS))
        if total["captain_handed_off"]:
            _show_reasons(page, total["captain_handed_off"])


def _with_score(row: Row) -> Row:
    return {**row, "captain_score": ratio(row["captain_satisfied"], row["captain_rated"])}


def _show_lines(page: PageContext) -> None:
    by_start = page.rows_by("time", _QUERY)
    none, unknown = dict.fromkeys(_LINES, 0), dict.fromkeys(_LINES)
    rows = [
        {**(by_start.get(start, none) if is_loaded else unknown), "starts_on": start}
        for start, is_loaded in page.loaded_starts.items()
    ]
    shown = [Line(key, page.translate(f"column_{key}"), colour, _LISTS[key]) for key, colour in _LINES.items()]
    show_chart(lines(page, rows, shown, page.translate("axis_engagements"), page.format_number))


def _show_reasons(page: PageContext, handed_off: int) -> None:
    rows = [
        {
            **row,
            "reason": row["group_name"] or UNKNOWN_REASON,
            "handoff_reason": page.translate_term("handoff_reason", row["group_name"] or UNKNOWN_REASON),
            "share_of_handed_off": ratio(row["captain_handed_off"], handed_off),
        }
        for row in page.rows(_QUERY, dimension="handoff_reason")
    ]
    rows.sort(key=lambda row: (-row["captain_handed_off"], row["handoff_reason"]))

    def find(row: Row, column: str) -> dict[str, str] | None:
        sort = "longest" if column == "handoff_median" else ""
        conditions = ListFilters(subject="captain_handed_off", handoff_reason=row["reason"], sort=sort)
        return page.list_parameters(conditions)

    st.subheader(page.translate("captain_reasons"), anchor=False)
    show_table(page, rows, _REASON_COLUMNS, "captain_reasons", find)
