"""Chatwoot's bot report beside our numbers, in total and by inbox. A section of the page about bots."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard.chatwoot_report import show_comparison
from chatwoot_assets.dashboard.groupings import INBOXES
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.dashboard.page_context import PageContext, ratio
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import Column, show_table

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
    show_comparison(page, _compare(page, total, ours), "bot_report")
    with st.expander(page.translate("chatwoot_bots_by_inbox")):
        show_table(page, _inbox_rows(report), _INBOX_COLUMNS, "chatwoot_bots")


def _compare(page: PageContext, theirs: Row, ours: Row) -> list[Row]:
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
            "url": page.list_url(_LISTS[name]) if values[name][1] else None,
        }
        for name in _NAMES
    ]


def _inbox_rows(page: PageContext) -> list[Row]:
    rows = [
        {
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
