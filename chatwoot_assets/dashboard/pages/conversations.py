"""The list of conversations, and one conversation with its messages.

This page and the comments on satisfaction are the only places with names of contacts and contents of messages. The
page does not exist if DASHBOARD_CONVERSATIONS is off.
"""

from __future__ import annotations

import html
import re

import streamlit as st

from chatwoot_assets.dashboard import formats, transcript
from chatwoot_assets.dashboard.downloads import show_export_button
from chatwoot_assets.dashboard.filters import ON
from chatwoot_assets.dashboard.layout import CONVERSATION, LIST_PAGE, WAITING
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import Column, column_config, style_rows, table_height

ROWS_PER_PAGE = 25
MAX_MESSAGES = 200
_COLUMNS = [
    Column("display_id", "text", 54),
    Column("created_at", "instant", 122),
    Column("contact_name", "text", 122),
    Column("inbox", "text", 108),
    Column("status", "text", 78),
    Column("waiting_since", "instant", 122),
    Column("agent", "text", 115),
    Column("team", "text", 80),
    Column("labels", "text", 90),
    Column("t_messages", "count", 56),
    Column("first_response_seconds", "duration", 82),
    Column("rating", "count", 46),
]


def show(page: PageContext) -> None:
    """Draw the conversation that the URL names, or the list."""
    conversation_id = _parse_number(st.query_params.get(CONVERSATION), 2**63 - 1)
    if conversation_id is None:
        _show_list(page)
    else:
        _show_conversation(page, conversation_id)


def _show_list(page: PageContext) -> None:
    waiting = page.rows("waiting")[0]["conversations"]
    only_waiting = _show_waiting_switch(page, waiting)
    total = waiting if only_waiting else page.total("new_conversations").get("conversations", 0)
    if not total and only_waiting:
        st.info(page.translate("empty_waiting"), icon=":material/check_circle:")
        return
    if not total:
        st.info(page.translate("empty_period"), icon=":material/info:")
        return
    last_page = -(-total // ROWS_PER_PAGE)
    number = min(_parse_number(st.query_params.get(LIST_PAGE), 2**31) or 1, last_page)
    offset = (number - 1) * ROWS_PER_PAGE
    rows = [
        _add_names(page, row)
        for row in page.personal_rows(
            "conversations", needs_reply=only_waiting, rows_per_page=ROWS_PER_PAGE, rows_before=offset
        )
    ]
    st.markdown(
        page.translate(
            "list_waiting" if only_waiting else "list_range",
            first=page.format_number(offset + 1),
            last=page.format_number(offset + len(rows)),
            total=page.format_number(total),
        )
    )
    _show_rows(page, rows)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        show_export_button(page, "conversations", total, needs_reply=only_waiting)
        _show_page_buttons(page, number, last_page)


def _show_waiting_switch(page: PageContext, count: int) -> bool:
    """Draw the switch that lists only conversations that wait for a reply; the URL holds its state, too."""

    def write_url() -> None:
        st.query_params.pop(LIST_PAGE, None)
        if st.session_state["waiting"]:
            st.query_params[WAITING] = ON
        else:
            st.query_params.pop(WAITING, None)

    st.session_state["waiting"] = st.query_params.get(WAITING) == ON
    label = page.translate("only_waiting", count=page.format_number(count))
    return st.toggle(label, key="waiting", on_change=write_url, help=page.translate("help_only_waiting"))


def _add_names(page: PageContext, row: Row) -> Row:
    """Return a row of the list with displayed names for its ids."""
    return {
        **row,
        "inbox": page.options.name("inboxes", row["inbox_id"]),
        "agent": page.options.name("agents", row["assignee_id"]),
        "team": page.options.name("teams", row["team_id"]) if row["team_id"] else None,
        "status": page.translate_term("status", row["status"]),
        "display_id": str(row["display_id"]),
        "labels": ", ".join(row["labels"]) or None,
        # Nobody expects a reply in a resolved or snoozed conversation now.
        "waiting_since": row["waiting_since"] if row["needs_reply"] else None,
    }


def _show_rows(page: PageContext, rows: list[Row]) -> None:
    """Draw the rows of the list; a click on any cell opens its conversation."""
    # Each click gets a new key for the table: otherwise the cell would stay selected and open the conversation again.
    key = f"conversations_{st.session_state.get('table_number', 0)}"
    event = st.dataframe(
        style_rows(page, rows, _COLUMNS),
        hide_index=True,
        key=key,
        height=table_height(rows),
        column_config=column_config(page, _COLUMNS),
        on_select="rerun",
        selection_mode="single-cell",
        placeholder=formats.UNKNOWN,
    )
    st.caption(page.translate("list_hint"))
    if cells := event.selection.cells:
        _open(rows[cells[0][0]]["id"])


def _open(conversation_id: int | None) -> None:
    """Open a conversation, or the list again if it is None."""
    st.session_state["table_number"] = st.session_state.get("table_number", 0) + 1
    if conversation_id is None:
        st.query_params.pop(CONVERSATION, None)
    else:
        st.query_params[CONVERSATION] = str(conversation_id)
    st.rerun()


def _show_page_buttons(page: PageContext, number: int, last_page: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        is_back = st.button(page.translate("page_before"), disabled=number == 1, icon=":material/chevron_left:")
        text = page.translate("page_number", number=page.format_number(number), pages=page.format_number(last_page))
        st.markdown(text, width="content")
        is_next = st.button(page.translate("page_after"), disabled=number == last_page, icon=":material/chevron_right:")
    if is_back or is_next:
        st.query_params[LIST_PAGE] = str(number + (1 if is_next else -1))
        st.session_state["table_number"] = st.session_state.get("table_number", 0) + 1
        st.rerun()


def _show_conversation(page: PageContext, conversation_id: int) -> None:
    if st.button(page.translate("back_to_list"), icon=":material/arrow_back:"):
        _open(None)
    rows = page.personal_rows("conversation", conversation_id=conversation_id)
    if not rows:
        st.info(page.translate("conversation_gone"), icon=":material/info:")
        return
    row = rows[0]
    contact = row["contact_name"] or page.translate("contact_without_name")
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            number = row["display_id"]
            st.subheader(page.translate("conversation_title", number=number or "?"), anchor=False, width="content")
            if page.settings.chatwoot_url and number:
                st.link_button(
                    page.translate("open_in_chatwoot"),
                    f"{page.settings.chatwoot_url}/app/accounts/{row['account_id']}/conversations/{number}",
                    icon=":material/open_in_new:",
                )
        st.html(transcript.STYLE)
        st.html(_render_details(page, row, contact))
    with st.container(border=True):
        _show_messages(page, row, contact)


def _render_details(page: PageContext, row: Row, contact: str) -> str:
    """Return the properties of a conversation as escaped HTML."""
    details = [
        ("column_contact_name", contact),
        ("column_contact_phone", row["contact_phone"]),
        ("column_contact_email", row["contact_email"]),
        ("column_inbox", row["inbox_name"] or page.options.name("inboxes", row["inbox_id"])),
        ("column_status", page.translate_term("status", row["status"])),
        ("column_priority", page.translate_term("priority", row["priority"]) if row["priority"] else None),
        ("column_agent", row["assignee_name"] or page.options.name("agents", row["assignee_id"])),
        ("column_team", row["team_name"] or page.options.name("teams", row["team_id"])),
        ("column_labels", ", ".join(row["labels"] or [])),
        ("column_created_at", page.format_instant(row["created_at"])),
        ("column_waiting_since", page.format_instant(row["waiting_since"]) if row["needs_reply"] else None),
        ("column_first_response_seconds", formats.format_duration(row["first_response_seconds"])),
        ("detail_replies", _format_replies(page, row)),
        ("detail_resolutions", _format_resolutions(page, row)),
        ("detail_reopens", None if row["reopens"] is None else page.format_number(row["reopens"])),
        ("detail_reassignments", None if row["reassignments"] is None else page.format_number(row["reassignments"])),
        ("column_duration_seconds", formats.format_duration(row["duration_seconds"])),
        ("column_rating", None if row["rating"] is None else page.translate("rating_of_five", rating=row["rating"])),
        ("column_feedback_message", row["feedback_message"]),
        ("column_extracted_at", page.format_instant(row["extracted_at"])),
    ]
    cells = "".join(
        f'<div><div class="cw-label">{html.escape(page.translate(label))}</div>'
        f'<div class="cw-value">{html.escape(str(value))}</div></div>'
        for label, value in details
        if value
    )
    return f'<div class="cw-details">{cells}</div>'


def _format_replies(page: PageContext, row: Row) -> str | None:
    if row["waits_answered"] is None:
        return None
    answered, unanswered = row["waits_answered"], row["waits_open"]
    average = formats.format_duration(row["sum_wait_seconds"] / answered if answered else None)
    return page.translate(
        "replies_with_unanswered" if unanswered else "replies_all_answered",
        answered=page.format_number(answered),
        unanswered=page.format_number(unanswered),
        average=average,
    )


def _format_resolutions(page: PageContext, row: Row) -> str | None:
    if not row["resolutions"]:
        return None
    last = formats.format_duration(row["last_resolution_seconds"])
    return page.translate("resolutions_of_conversation", count=page.format_number(row["resolutions"]), last=last)


def _show_messages(page: PageContext, row: Row, contact: str) -> None:
    total = row["t_messages"]
    limit = MAX_MESSAGES
    if total > MAX_MESSAGES and st.toggle(
        page.translate("all_messages", total=page.format_number(total)), key="all_messages"
    ):
        limit = total
    messages = page.personal_rows("messages", conversation_id=row["id"], rows_per_page=limit)
    if len(messages) < total:
        count, of_total = page.format_number(len(messages)), page.format_number(total)
        st.caption(page.translate("last_messages", count=count, total=of_total))
    if messages:
        st.html(transcript.render_transcript(page, messages, contact))
    else:
        st.caption(page.translate("empty_transcript"))


def _parse_number(text: str | None, largest: int) -> int | None:
    """Return a positive number, or None if the text is not one or exceeds `largest`."""
    if text is None or not re.fullmatch(r"[1-9][0-9]{0,18}", text) or int(text) > largest:
        return None
    return int(text)
