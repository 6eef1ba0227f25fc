"""The list of conversations, and one conversation with its messages.

This page, the comments on satisfaction and the contacts of campaigns' deliveries are the only places with names of
contacts and contents of messages. The page does not exist if DASHBOARD_CONVERSATIONS is off.
"""

from __future__ import annotations

import html

import streamlit as st

from chatwoot_assets.dashboard import formats, transcript
from chatwoot_assets.dashboard.conversation_list import show_list
from chatwoot_assets.dashboard.layout import CONVERSATION
from chatwoot_assets.dashboard.list_filters import parse_list_url
from chatwoot_assets.dashboard.numbers import parse_number
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row

MAX_MESSAGES = 200
# A mail may have 100,000 characters, and 200 such mails are more than a browser can show.
MAX_CHARACTERS = 2_000
_ALL_CHARACTERS = 2**31 - 1


def show(page: PageContext) -> None:
    """Draw the conversation that the URL names, or the list."""
    conversation_id = parse_number(st.query_params.get(CONVERSATION), 2**63 - 1)
    if conversation_id is not None:
        _show_conversation(page, conversation_id)
    elif (clicked := show_list(page, parse_list_url(st.query_params)[0])) is not None:
        _open(clicked)


def _open(conversation_id: int | None) -> None:
    """Open a conversation, or the list again if it is None."""
    st.session_state["table_number"] = st.session_state.get("table_number", 0) + 1
    if conversation_id is None:
        st.query_params.pop(CONVERSATION, None)
    else:
        st.query_params[CONVERSATION] = str(conversation_id)
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
        ("column_review_notes", row["review_notes"]),
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
    messages = _fetch_messages(page, row["id"], limit, MAX_CHARACTERS)
    if any(message["is_cut"] for message in messages) and st.toggle(
        page.translate("whole_messages"), key="whole_messages"
    ):
        messages = _fetch_messages(page, row["id"], limit, _ALL_CHARACTERS)
    if len(messages) < total:
        count, of_total = page.format_number(len(messages)), page.format_number(total)
        st.caption(page.translate("last_messages", count=count, total=of_total))
    if messages:
        st.html(transcript.render_transcript(page, messages, contact))
    else:
        st.caption(page.translate("empty_transcript"))


def _fetch_messages(page: PageContext, conversation_id: int, limit: int, max_characters: int) -> list[Row]:
    """Return the last messages of a conversation, each with no more than some of its characters."""
    return page.personal_rows(
        "messages", conversation_id=conversation_id, rows_per_page=limit, max_characters=max_characters
    )
