"""How far the numbers can be trusted: what is loaded, whether it still matches Chatwoot, and what is not known."""

from __future__ import annotations

import datetime

import streamlit as st

from chatwoot_assets.dashboard import charts, time_series
from chatwoot_assets.dashboard.axes import show_chart
from chatwoot_assets.dashboard.cards import Card, show_cards
from chatwoot_assets.dashboard.filters import Period
from chatwoot_assets.dashboard.layout import CONVERSATION
from chatwoot_assets.dashboard.list_filters import ALL_CONVERSATIONS, ListFilters
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import CellList, Column, fitting_columns, show_table

_DAY_COLUMNS = [
    Column("conversation_date", "date"),
    Column("condition", "text", 170),
    Column("conversations", "count"),
    Column("messages", "count"),
    Column("rated", "count"),
    Column("snapshot_at", "instant"),
    Column("loaded_at", "instant"),
]
_SCAN_COLUMNS = [
    Column("scan", "text", 150),
    Column("compared_at", "instant"),
    Column("compared_days", "count"),
    Column("attempted_at", "instant"),
    Column("outcome", "text", 170),
]
_RUNAWAY_COLUMNS = [
    Column("display_id", "text", 130),
    Column("account", "text", 160),
    Column("inbox", "text", 220),
    Column("conversation_date", "date"),
    Column("messages", "count"),
]
# What is named if RUNAWAY_MESSAGES leaves nothing out.
_RUNAWAY_MESSAGES = 5_000


def show(page: PageContext) -> None:
    """Draw the page."""
    status = page.status
    unfiltered = page.unfiltered
    freshness, instant = status.freshness
    show_cards(
        page,
        [
            Card(f"card_{freshness}", page.format_instant(instant)),
            Card("card_compared_at", page.format_instant(status.sync.compared_at)),
            Card("card_differing_days", page.format_number(len(status.sync.differing))),
            Card(
                "card_loaded_days",
                page.format_number(len(status.days)),
                conversations=unfiltered.list_parameters(ListFilters(any_time=True)),
            ),
        ],
    )
    conditions = {date: status.day_condition(date, page.today) for date in page.period.dates() if date <= page.today}
    if conditions:
        with st.container(border=True):
            st.subheader(page.translate("days_of_period"), anchor=False)
            if page.period.grain != "day":
                st.caption(page.translate(f"worst_day_of_{page.period.grain}"))
            show_chart(time_series.day_conditions(page, conditions, charts.CONDITION_COLOURS))
            _show_days(page, conditions)
    with st.container(border=True):
        st.subheader(page.translate("scans"), anchor=False)
        _show_scans(page)
    _show_runaways(page)
    with st.container(border=True):
        st.subheader(page.translate("unknown_heading"), anchor=False)
        masked = [page.translate(f"masked_{group}") for group in page.settings.mask.groups]
        if days := page.settings.keep_contents_days:
            masked.append(page.translate("dropped_contents", days=page.format_number(days)))
        for sentence in [*masked, *list_unknowns(page, conditions)]:
            st.markdown(f"- {sentence}")


def _show_days(page: PageContext, conditions: dict[datetime.date, str]) -> None:
    rows = []
    for date, condition in sorted(conditions.items(), reverse=True):
        day = page.status.days.get(date)
        row: Row = dict(vars(day)) if day else dict.fromkeys(column.key for column in _DAY_COLUMNS)
        rows.append({**row, "conversation_date": date, "condition": page.translate(f"condition_{condition}")})
    show_table(page, rows, _DAY_COLUMNS, "days", _list_of_day(page.unfiltered))


def _list_of_day(page: PageContext) -> CellList:
    """Return the function that gives the list of a day's conversations, or of its ratings."""
    lists = {
        "conversation_date": ALL_CONVERSATIONS,
        "conversations": ALL_CONVERSATIONS,
        "rated": ListFilters(subject="ratings"),
    }

    def find(row: Row, column: str) -> dict[str, str] | None:
        conditions = lists.get(column)
        if conditions is None or not row["conversations"] or not row[column]:
            return None
        return page.list_parameters(conditions, period=Period(row["conversation_date"], row["conversation_date"]))

    return find


def _show_scans(page: PageContext) -> None:
    if not page.status.scans:
        st.caption(page.translate("empty_scans"))
        return
    rows = [
        {
            "scan": page.translate_term("scan", scan.scan),
            "compared_at": scan.compared_at,
            "compared_days": scan.days,
            "attempted_at": scan.attempted_at,
            "outcome": page.translate("outcome_failed" if scan.failure else "outcome_completed"),
        }
        for scan in page.status.scans
    ]
    show_table(page, rows, _SCAN_COLUMNS, "scans")


def _show_runaways(page: PageContext) -> None:
    """Name the conversations that are so long that they may move all response times."""
    limit = page.settings.runaway_messages
    rows = page.rows("runaway_threads", max_messages=limit or _RUNAWAY_MESSAGES)
    if not rows:
        return

    def find(row: Row, column: str) -> dict[str, str] | None:
        date = row["conversation_date"]
        conditions = page.unfiltered.list_parameters(period=Period(date, date))
        is_number = column == "display_id"
        return conditions and (conditions | {CONVERSATION: str(row["conversation_id"])} if is_number else None)

    with st.container(border=True):
        st.subheader(page.translate("runaways"), anchor=False, help=page.translate("help_runaways"))
        count = page.format_number(limit or _RUNAWAY_MESSAGES)
        st.caption(page.translate("runaways_left_out" if limit else "runaways_count", count=count))
        named = [
            {
                **row,
                "display_id": str(row["display_id"] or "?"),
                "account": page.options.name("accounts", row["account_id"]),
                "inbox": page.options.name("inboxes", row["inbox_id"]),
            }
            for row in rows
        ]
        show_table(page, named, fitting_columns(page, _RUNAWAY_COLUMNS), "runaways", find)


def list_unknowns(page: PageContext, conditions: dict[datetime.date, str]) -> list[str]:
    """Return sentences that say what is not known about the numbers of the period, and since when.

    Args:
        page: The context of the page.
        conditions: The condition of each day of the period.
    """
    sync = page.status.sync
    sentences = []
    if sync.compared_at is None:
        sentences.append(page.translate("unknown_never_compared"))
    elif sync.failure:
        sentences.append(page.translate("unknown_since", since=page.format_instant(sync.compared_at)))
    for date, since in sorted(sync.differing.items()):
        sentences.append(
            page.translate("unknown_differs", date=page.format_date(date), since=page.format_instant(since))
        )
    outdated = sorted(date for date, condition in conditions.items() if condition == "outdated")
    if outdated:
        sentences.append(page.translate("unknown_outdated", count=page.format_number(len(outdated))))
    missing = sum(condition == "not_loaded" for condition in conditions.values())
    if missing:
        sentences.append(page.translate("unknown_missing", count=page.format_number(missing)))
    if imported := page.unfiltered.total("new_conversations").get("imported"):
        sentences.append(page.translate("unknown_imported", count=page.format_number(imported)))
    return [*(sentences or [page.translate("unknown_nothing")]), page.translate("unknown_always")]
