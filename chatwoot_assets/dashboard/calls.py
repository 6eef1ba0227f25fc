"""Calls by agent: a section of the page of agents, only where there were any in the period."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard.group_lists import list_of_cell
from chatwoot_assets.dashboard.groupings import AGENTS
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.dashboard.page_context import PageContext, ratio
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import Column, show_table

_COUNTS = ("calls", "incoming_calls", "outgoing_calls", "answered_calls", "missed_calls")
_SUMS = (*_COUNTS, "timed_calls", "seconds")
_COLUMNS = [
    Column("name", "text", 160),
    *(Column(key, "count", 105) for key in _COUNTS),
    Column("call_seconds", "duration", 110),
    Column("average_call_seconds", "duration", 120),
]
_LONGEST = ListFilters(subject="answered_calls", sort="longest")
_LISTS = {
    "name": ListFilters(subject="calls"),
    **{key: ListFilters(subject=key) for key in _COUNTS},
    "call_seconds": _LONGEST,
    "average_call_seconds": _LONGEST,
}


def show_calls(page: PageContext) -> None:
    """Draw the section, or nothing if there were no calls in the period."""
    by_agent = page.rows_by("agent", "calls")
    if not by_agent:
        return
    total = {key: sum(row[key] for row in by_agent.values()) for key in _SUMS}
    agents = [{**row, "key": key, "name": AGENTS.name(page, key)} for key, row in by_agent.items()]
    agents.sort(key=lambda row: (-row["calls"], row["name"]))
    rows = [_with_durations(row) for row in ({**total, "name": page.translate("total")}, *agents)]
    with st.container(border=True):
        st.subheader(page.translate("calls"), anchor=False, help=page.translate("help_calls"))
        show_table(page, rows, _COLUMNS, "calls", list_of_cell(page, AGENTS, _LISTS))


def _with_durations(row: Row) -> Row:
    average = ratio(row["seconds"], row["timed_calls"])
    return {**row, "call_seconds": row["seconds"] if row["timed_calls"] else None, "average_call_seconds": average}
