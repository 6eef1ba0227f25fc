"""The list of conversations, or of what happened in them, that every number leads to: its rows, order and pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from chatwoot_assets.dashboard import formats
from chatwoot_assets.dashboard.downloads import show_export_button
from chatwoot_assets.dashboard.filter_urls import LANGUAGE
from chatwoot_assets.dashboard.filters import UNKNOWN_ID
from chatwoot_assets.dashboard.layout import CONVERSATION, LIST_PAGE
from chatwoot_assets.dashboard.list_filters import CONVERSATIONS, ListFilters
from chatwoot_assets.dashboard.list_widgets import SEARCH, show_list_widgets
from chatwoot_assets.dashboard.numbers import parse_number
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import (
    Column,
    column_config,
    show_download_button,
    show_rows_as_list,
    style_rows,
    table_height,
)
from chatwoot_assets.masking import CONTACTS, NAMES

ROWS_PER_PAGE = 25
# So many events are downloaded at once; their rows take some 2 kB each while the file is made.
_MAX_EVENTS = 50_000
_COLUMNS = [
    Column("display_id", "text", 54),
    Column("created_at", "instant", 122),
    Column("contact_name", "text", 118),
    Column("account", "text", 90),
    Column("inbox", "text", 108),
    Column("status", "text", 82),
    Column("waiting_since", "instant", 122),
    Column("agent", "text", 115),
    Column("team", "text", 80),
    Column("labels", "text", 90),
    Column("t_messages", "count", 56),
    Column("first_response_seconds", "duration", 82),
    Column("rating", "count", 46),
]
_EVENT_COLUMNS = [
    Column("display_id", "text", 54),
    Column("happened_at", "instant", 122),
    Column("seconds", "duration", 92),
    *(column for column in _COLUMNS[1:] if column.key not in ("waiting_since", "first_response_seconds")),
]
# The subjects whose rows have seconds.
_TIMED = (
    "resolutions", "replies", "first_responses", "episodes", "resolved_episodes", "missed_first_response",
    "missed_next_reply", "missed_resolution", "recorded_resolutions", "recorded_first_responses", "recorded_replies",
    "recorded_bot_resolutions", "calls", "incoming_calls", "outgoing_calls", "answered_calls",
    "captain_handed_off",
)  # fmt: skip


def show_list(page: PageContext, filters: ListFilters) -> int | None:
    """Draw the list and return the conversation that the viewer clicks on, or None."""
    filters = show_list_widgets(page, filters)
    page = with_channels(page, filters.channels)
    search = st.session_state.get(SEARCH, "").strip()
    parameters = filters.query_parameters(search, zone=page.settings.reporting_timezone.key)
    total = count_list(page, parameters)
    if not total:
        _show_empty(page, filters)
        return None
    last_page = -(-total // ROWS_PER_PAGE)
    number = min(parse_number(st.query_params.get(LIST_PAGE), 2**31) or 1, last_page)
    offset = (number - 1) * ROWS_PER_PAGE
    query = "conversations" if filters.subject == CONVERSATIONS else "list_of_events"

    def read(rows_per_page: int, rows_before: int) -> list[Row]:
        found = page.personal_rows(query, **parameters, rows_per_page=rows_per_page, rows_before=rows_before)
        return [_add_names(page, row) for row in found]

    rows = read(ROWS_PER_PAGE, offset)
    st.markdown(_describe(page, filters, offset + 1, offset + len(rows), total))
    columns = _columns(page, filters)
    clicked = _show_rows(page, rows, columns)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        if filters.subject == CONVERSATIONS:
            show_export_button(page, "conversations", total, **parameters)
        else:
            limit = page.translate("download_too_large", count=page.format_number(_MAX_EVENTS))
            refusal = limit if total > _MAX_EVENTS else None
            show_download_button(page, lambda: read(total, 0), columns, filters.subject, refusal=refusal)
        show_page_buttons(page, number, last_page)
    return clicked


def count_list(page: PageContext, parameters: dict[str, Any]) -> int:
    """Return how many rows the list has. A count of what somebody searched for is not cached."""
    fetch = page.personal_rows if parameters["search"] else page.rows
    (row,) = fetch("list_count", **parameters)
    total: int = row["total"]
    return total


def with_channels(page: PageContext, channels: tuple[str, ...]) -> PageContext:
    """Return the context with the inboxes of some channels selected, of those that are selected already."""
    if not channels:
        return page
    selected = page.filters.inboxes
    inboxes = tuple(
        id_
        for id_, channel in page.options.channels.items()
        if channel in channels and (not selected or id_ in selected)
    )
    return replace(page, filters=replace(page.filters, inboxes=inboxes or (UNKNOWN_ID,)))


def _columns(page: PageContext, filters: ListFilters) -> list[Column]:
    columns = _COLUMNS if filters.subject == CONVERSATIONS else _EVENT_COLUMNS
    return [
        column
        for column in columns
        if (column.key != "seconds" or filters.subject in _TIMED)
        and (column.key != "account" or page.has_several_accounts)
    ]


def _show_empty(page: PageContext, filters: ListFilters) -> None:
    if filters.is_unknown:
        st.warning(page.translate("notice_unknown_condition"), icon=":material/warning:")
    elif filters.needs_reply:
        st.info(page.translate("empty_waiting"), icon=":material/check_circle:")
    else:
        st.info(page.translate("empty_period"), icon=":material/info:")
    if st.session_state.get(SEARCH) and {NAMES, CONTACTS} & set(page.settings.mask.groups):
        st.info(page.translate("masked_search"), icon=":material/visibility_off:")


def _describe(page: PageContext, filters: ListFilters, first: int, last: int, total: int) -> str:
    """Return which rows of how many are shown, and in which order."""
    order = page.translate(f"sorted_{filters.order}")
    if total == 1:
        return page.translate("list_one", subject=page.translate(f"one_{filters.subject}"))
    return page.translate(
        "list_timeless" if filters.is_timeless else "list_range",
        first=page.format_number(first),
        last=page.format_number(last),
        total=page.format_number(total),
        subject=page.translate(f"many_{filters.subject}"),
        order=order,
    )


def _add_names(page: PageContext, row: Row) -> Row:
    """Return a row of the list with displayed names for its ids."""
    return {
        **row,
        "inbox": page.options.name("inboxes", row["inbox_id"]),
        "agent": page.options.name("agents", row["assignee_id"]),
        "team": page.options.name("teams", row["team_id"]) if row["team_id"] else None,
        "status": page.translate_term("status", row["status"]),
        "account": page.options.name("accounts", row["account_id"]),
        "display_id": str(row["display_id"]),
        "link": f"conversations?{CONVERSATION}={row['id']}&{LANGUAGE}={page.language}",
        "labels": ", ".join(row["labels"]) or None,
        # Nobody expects a reply in a resolved or snoozed conversation now.
        "waiting_since": row["waiting_since"] if row["needs_reply"] else None,
    }


def _show_rows(page: PageContext, rows: list[Row], columns: list[Column]) -> int | None:
    """Draw the rows of the list, and return the conversation of the cell that was clicked."""
    # Each click gets a new key for the table: otherwise the cell would stay selected and open the conversation again.
    key = f"conversations_{st.session_state.get('table_number', 0)}"
    event = st.dataframe(
        style_rows(page, rows, columns),
        hide_index=True,
        key=key,
        height=table_height(rows, columns),
        column_config=column_config(page, columns),
        on_select="rerun",
        selection_mode="single-cell",
        placeholder=formats.UNKNOWN,
    )
    show_rows_as_list(page, rows, [*columns, Column("link", "link")])
    st.caption(page.translate("list_hint"))
    cells = event.selection.cells
    return rows[cells[0][0]]["id"] if cells else None


def show_page_buttons(page: PageContext, number: int, last_page: int) -> None:
    """Draw the buttons that lead to the neighbouring pages of a list."""
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        is_back = st.button(page.translate("page_before"), disabled=number == 1, icon=":material/chevron_left:")
        text = page.translate("page_number", number=page.format_number(number), pages=page.format_number(last_page))
        st.markdown(text, width="content")
        is_next = st.button(page.translate("page_after"), disabled=number == last_page, icon=":material/chevron_right:")
    if is_back or is_next:
        st.query_params[LIST_PAGE] = str(number + (1 if is_next else -1))
        st.session_state["table_number"] = st.session_state.get("table_number", 0) + 1
        st.rerun()
