"""What bots did: handled, resolved alone, handed over, reopened, and how it was rated; Chatwoot's bot report beside."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from chatwoot_assets.dashboard.axes import BLUE, GREEN, ORANGE, show_chart
from chatwoot_assets.dashboard.captain import show_captain
from chatwoot_assets.dashboard.cards import Card, point_change, relative_change, show_cards, show_change_caption
from chatwoot_assets.dashboard.chatwoot_bots import show_bot_report
from chatwoot_assets.dashboard.groupings import INBOXES
from chatwoot_assets.dashboard.lines import Line, lines
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.dashboard.page_context import PageContext, ratio
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import CellList, Column, show_table

QUERY = "bots"
_COLUMNS = [
    Column("name", "text", 125),
    Column("handled", "count", 78),
    Column("alone", "count", 106),
    Column("alone_share", "share", 95),
    Column("handed_off", "count", 92),
    Column("handed_off_share", "share", 103),
    Column("reopened_after_bot", "count", 78),
    Column("score_alone", "share", 150),
    Column("score_handed_off", "share", 172),
]
# What is counted in each number, or what its share is of.
LISTS = {
    "name": ListFilters(bot="handled"),
    "handled": ListFilters(bot="handled"),
    "alone": ListFilters(bot="alone"),
    "alone_share": ListFilters(bot="alone"),
    "handed_off": ListFilters(bot="handed_off"),
    "handed_off_share": ListFilters(bot="handed_off"),
    "reopened_after_bot": ListFilters(bot="reopened"),
    "score_alone": ListFilters(bot="alone", ratings=(4, 5)),
    "score_handed_off": ListFilters(bot="handed_off", ratings=(4, 5)),
}
_LINES = {"handled": BLUE, "alone": GREEN, "handed_off": ORANGE}
_CARDS: dict[str, Literal["more", "less", "neither"]] = {
    "handled": "neither", "alone": "neither", "alone_share": "more", "handed_off": "neither",
    "handed_off_share": "neither", "reopened_after_bot": "less", "score_alone": "more", "score_handed_off": "more",
}  # fmt: skip
_SHARES = ("alone_share", "handed_off_share", "score_alone", "score_handed_off")


def show(page: PageContext) -> None:
    """Draw the page."""
    current = bot_numbers(page.total(QUERY))
    (before,) = page.previous_rows(QUERY, dimension="all") or [{}]
    previous = bot_numbers(before) if page.is_comparable else dict.fromkeys(current)
    show_cards(page, [_build_card(page, key, current, previous) for key in _CARDS])
    show_change_caption(page)
    if current["handled"]:
        _show_lines(page)
        _show_inboxes(page, current)
    else:
        st.info(page.translate("empty_bots"), icon=":material/info:")
    show_captain(page)
    with st.container(border=True):
        st.subheader(page.translate("chatwoot_bots"), anchor=False)
        show_bot_report(page, current)


def bot_numbers(row: Row) -> Row:
    """Return the numbers of a row of the query, which may be {}."""
    handled = row.get("handled", 0)
    return {
        "handled": handled,
        "alone": row.get("alone", 0),
        "alone_share": ratio(row.get("alone"), handled),
        "handed_off": row.get("handed_off", 0),
        "handed_off_share": ratio(row.get("handed_off"), handled),
        "resolved": row.get("resolved", 0),
        "reopened_after_bot": row.get("reopened", 0),
        "satisfied_alone": row.get("satisfied_alone", 0),
        "score_alone": ratio(row.get("satisfied_alone"), row.get("rated_alone")),
        "satisfied_handed_off": row.get("satisfied_handed_off", 0),
        "score_handed_off": ratio(row.get("satisfied_handed_off"), row.get("rated_handed_off")),
    }


def _build_card(page: PageContext, key: str, current: Row, previous: Row) -> Card:
    value, before = current[key], previous[key]
    conversations = page.list_parameters(LISTS[key])
    if key in _SHARES:
        change = point_change(value, before, page.language)
        return Card(f"card_{key}", page.format_percent(value), change, _CARDS[key], conversations=conversations)
    change = relative_change(value, before, page.language)
    return Card(f"card_{key}", page.format_number(value), change, _CARDS[key], conversations=conversations)


def _show_lines(page: PageContext) -> None:
    by_start = page.rows_by("time", QUERY)
    unknown = dict.fromkeys(bot_numbers({}))
    rows = [
        {**(bot_numbers(by_start.get(start, {})) if is_loaded else unknown), "starts_on": start}
        for start, is_loaded in page.loaded_starts.items()
    ]
    shown = [Line(key, page.translate(f"column_{key}"), colour, LISTS[key]) for key, colour in _LINES.items()]
    with st.container(border=True):
        st.subheader(page.translate(f"bots_by_{page.period.grain}"), anchor=False)
        show_chart(lines(page, rows, shown, page.translate("axis_conversations"), page.format_number))


def _show_inboxes(page: PageContext, total: Row) -> None:
    numbers = {key: bot_numbers(row) for key, row in page.rows_by("inbox", QUERY).items()}
    named = [{**row, "key": key, "name": INBOXES.name(page, key)} for key, row in numbers.items()]
    named.sort(key=lambda row: (-row["handled"], row["name"]))
    rows = [{**total, "key": None, "name": page.translate("total")}, *named]
    with st.container(border=True):
        st.subheader(page.translate("filter_inboxes"), anchor=False)
        show_table(page, rows, _COLUMNS, "bots", _list_of_cell(page))


def _list_of_cell(page: PageContext) -> CellList:
    """Return the function that gives the list of a cell of the table of inboxes."""

    def find(row: Row, column: str) -> dict[str, str] | None:
        if column not in LISTS or not row[column]:
            return None
        return page.list_parameters(LISTS[column], filters={"inboxes": (row["key"],)} if row["key"] else None)

    return find
