"""Chatwoot's own nine report numbers beside ours, and why they differ. No page of its own: data health shows it."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard import formats
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.pages import groups
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import Column, download

_COLUMNS = [
    Column("number", "text"),
    Column("chatwoot", "text"),
    Column("here", "text"),
    Column("why", "text"),
]
# Chatwoot's numbers in the order of its report, and those among them that are durations.
_NUMBERS = (
    "conversations_count",
    "incoming_messages_count",
    "outgoing_messages_count",
    "avg_first_response_time",
    "avg_resolution_time",
    "resolutions_count",
    "reply_time",
    "bot_resolutions_count",
    "bot_handoffs_count",
)
_UNBROKEN = "\u00a0"
_DURATIONS = ("avg_first_response_time", "avg_resolution_time", "reply_time")


def show(view: PageContext) -> None:
    """Draw the comparison, by the filters that Chatwoot's report has."""
    if view.filters.statuses or view.filters.labels:
        st.caption(view.translate("report_not_filtered"))
    rows = compared(view.without("statuses", "labels"))
    # Not a grid: its cells would cut the sentences.
    head = [column.heading(view) for column in _COLUMNS]
    # A value that is broken into two lines is hard to read.
    values = [
        [row["number"], *(row[key].replace(" ", _UNBROKEN) for key in ("chatwoot", "here")), row["why"]] for row in rows
    ]
    lines = [head, ["---", "---:", "---:", "---"], *values]
    st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
    download(view, rows, _COLUMNS, "report")


def compared(view: PageContext) -> list[Row]:
    """Return each of the nine numbers with ours, as texts, and a sentence on why they differ."""
    (theirs,) = view.rows("chatwoot_report")
    ours = _ours(view)
    return [
        {
            "number": view.translate(f"report_{name}"),
            "chatwoot": _written(view, name, theirs[name]),
            "here": _written(view, name, ours[name]),
            "why": view.translate(f"why_{name}"),
        }
        for name in _NUMBERS
    ]


def _ours(view: PageContext) -> Row:
    calendar = view.around_the_clock()
    created, waits, closings = (calendar.whole(name) for name in ("created", "waits", "closings"))
    messages = groups.daily_whole(view) or {}
    return {
        "conversations_count": created.get("conversations", 0),
        "incoming_messages_count": messages.get("incoming"),
        "outgoing_messages_count": messages.get("outgoing"),
        "avg_first_response_time": waits.get("first_average"),
        "avg_resolution_time": closings.get("average"),
        "resolutions_count": closings.get("resolved", 0),
        "reply_time": waits.get("average"),
        "bot_resolutions_count": created.get("bot_resolved", 0),
        "bot_handoffs_count": created.get("bot_handed_off", 0),
    }


def _written(view: PageContext, name: str, value: float | None) -> str:
    return formats.duration(value) if name in _DURATIONS else view.number(value)
