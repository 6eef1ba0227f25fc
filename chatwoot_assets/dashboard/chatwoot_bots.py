"""Chatwoot's bot report beside our numbers, in total and by inbox. A section of the page about bots."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from chatwoot_assets.dashboard.chatwoot_report import show_comparison
from chatwoot_assets.dashboard.groupings import INBOXES
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.dashboard.page_context import PageContext, ratio
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import CellList, Column, show_table

_QUERY = "chatwoot_bots"
_NAMES = ("conversations", "messages", "resolution_rate", "handoff_rate")
_COUNTS = ("conversations", "messages")
_INBOX_COLUMNS = [
    Column("name", "text", 190),
    Column("bot_conversations", "count", 110),
    Column("bot_messages", "count", 110),
    Column("bot_resolved", "count", 110),
    Column("bot_resolution_rate", "share", 130),
    Column("bot_handed_off", "count", 110),
    Column("bot_handoff_rate", "share", 150),
]
# What our number counts.
_LISTS = {
    "conversations": ListFilters(bot="handled"),
    "messages": ListFilters(bot="handled"),
    "resolution_rate": ListFilters(bot="alone"),
    "handoff_rate": ListFilters(bot="handed_off"),
}
# What Chatwoot's number of an inbox counts, or is a share of. Messages have no list: Chatwoot's are those written in
# the period in conversations that began in it, notes included.
_INBOX_LISTS = {
    "name": ListFilters(),
    "bot_conversations": ListFilters(),
    "bot_resolved": ListFilters(subject="recorded_bot_resolved"),
    "bot_resolution_rate": ListFilters(subject="recorded_bot_resolved"),
    "bot_handed_off": ListFilters(subject="recorded_bot_handoffs"),
    "bot_handoff_rate": ListFilters(subject="recorded_bot_handoffs"),
}
# Chatwoot's report has no filters at all; those on accounts and inboxes leave it what it is.
_NOT_IN_CHATWOOT = ("teams", "agents", "statuses", "labels", "attributes")


def show_bot_report(page: PageContext, ours: Row) -> None:
    """Draw the comparison, and Chatwoot's numbers of each inbox.

    Args:
        page: The context of the page.
        ours: Our numbers, as the page about bots shows them.
    """
    if not page.sees_all_teams:
        st.caption(page.translate("chatwoot_not_of_teams"))
        return
    if not page.filters.has_only("accounts", "inboxes"):
        st.caption(page.translate("bots_not_filtered"))
    report = page.without_filters(*_NOT_IN_CHATWOOT)
    (total,) = report.rows(_QUERY, dimension="all")
    if not any(total[name] for name in ("conversations", "messages", "resolved", "handed_off")):
        st.caption(page.translate("empty_chatwoot_bots"))
        return
    rows = _inbox_rows(report)
    show_comparison(page, _compare(page, total, ours, _lists_of_total(report, rows)), "bot_report")
    with st.expander(page.translate("chatwoot_bots_by_inbox")):
        show_table(page, rows, _INBOX_COLUMNS, "chatwoot_bots", _list_of_cell(report))


def _lists_of_total(report: PageContext, rows: list[Row]) -> dict[str, str | None]:
    """Return the addresses of the lists behind Chatwoot's numbers of all inboxes."""
    with_bot = tuple(row["key"] for row in rows if row["bot_conversations"])
    return {
        "conversations": report.list_url(filters={"inboxes": with_bot}),
        "resolution_rate": report.list_url(_INBOX_LISTS["bot_resolved"]),
        "handoff_rate": report.list_url(_INBOX_LISTS["bot_handed_off"]),
    }


def _list_of_cell(report: PageContext) -> CellList:
    """Return the function that gives the list of a cell of the table of inboxes."""

    def find(row: Row, column: str) -> dict[str, str] | None:
        counted = "bot_conversations" if column == "name" else column
        if column not in _INBOX_LISTS or not row[counted]:
            return None
        return report.list_parameters(_INBOX_LISTS[column], filters={"inboxes": (row["key"],)})

    return find


def _compare(page: PageContext, theirs: Row, ours: Row, lists: Mapping[str, str | None]) -> list[Row]:
    """Return Chatwoot's value and ours of each number, formatted, and a sentence on why they differ."""
    values = {
        "conversations": (theirs["conversations"], ours["handled"]),
        "messages": (theirs["messages"], None),
        "resolution_rate": (ratio(theirs["resolved"], theirs["conversations"]), ours["alone_share"]),
        "handoff_rate": (ratio(theirs["handed_off"], theirs["conversations"]), ours["handed_off_share"]),
    }
    return [
        {
            "metric": page.translate(f"bots_{name}"),
            "chatwoot": _format(page, name, values[name][0]),
            "dashboard": _format(page, name, values[name][1]),
            "difference": page.translate(f"difference_bots_{name}"),
            "chatwoot_url": lists.get(name) if values[name][0] else None,
            "url": page.list_url(_LISTS[name]) if values[name][1] else None,
        }
        for name in _NAMES
    ]


def _inbox_rows(page: PageContext) -> list[Row]:
    rows = [
        {
            "key": key,
            "name": INBOXES.name(page, key),
            **{f"bot_{name}": row[name] for name in ("conversations", "messages", "resolved", "handed_off")},
            "bot_resolution_rate": ratio(row["resolved"], row["conversations"]),
            "bot_handoff_rate": ratio(row["handed_off"], row["conversations"]),
        }
        for key, row in page.rows_by("inbox", _QUERY).items()
    ]
    return sorted(rows, key=lambda row: (-row["bot_conversations"], row["name"]))


def _format(page: PageContext, name: str, value: float | None) -> str:
    return page.format_number(value) if name in _COUNTS else page.format_percent(value)
