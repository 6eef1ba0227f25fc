"""The conversations, page by page, and one of them as people read it. The only page with contacts' names and with
contents, beside the comments on satisfaction; it is not there where DASHBOARD_CONVERSATIONS is off."""

from __future__ import annotations

import html
import re

import streamlit as st

from chatwoot_assets.dashboard import formats, thread
from chatwoot_assets.dashboard.frame import LIST_PAGE, OPENED
from chatwoot_assets.dashboard.grids import Column, column_config, download, height_of, styled
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.view import View

ROWS_A_PAGE = 25
MESSAGES_SHOWN = 200
_COLUMNS = [
    Column("display_id", "text", 70),
    Column("created_at", "instant", 135),
    Column("contact_name", "text", 190),
    Column("inbox", "text", 180),
    Column("status", "text", 90),
    Column("agent", "text", 165),
    Column("t_messages", "count", 90),
    Column("first_response_seconds", "duration", 100),
    Column("rating", "count", 55),
]


def show(view: View) -> None:
    """Draw the page: the conversation that the URL names, else the list."""
    opened = _number(st.query_params.get(OPENED), 2**63 - 1)
    if opened is None:
        _list(view)
    else:
        _conversation(view, opened)


def _list(view: View) -> None:
    volume = view.rows("volume", grain=view.period.grain)
    total = next(row["conversations"] for row in volume if row["is_whole_period"] and row["is_every_status"])
    if not total:
        st.info(view.say("empty_period"), icon=":material/info:")
        return
    pages = -(-total // ROWS_A_PAGE)
    number = min(_number(st.query_params.get(LIST_PAGE), 2**31) or 1, pages)
    rows = view.personal_rows("conversations", rows_a_page=ROWS_A_PAGE, rows_before=(number - 1) * ROWS_A_PAGE)
    for row in rows:
        row["inbox"] = view.choices.label("inboxes", row["inbox_id"])
        row["agent"] = view.choices.label("agents", row["assignee_id"])
        row["status"] = view.word("status", row["status"])
        row["display_id"] = str(row["display_id"])
    first = (number - 1) * ROWS_A_PAGE + 1
    st.markdown(
        view.say(
            "list_range",
            first=view.number(first),
            last=view.number(first + len(rows) - 1),
            total=view.number(total),
        )
    )
    _rows(view, rows)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        download(view, rows, _COLUMNS, "conversations")
        _pages(view, number, pages)


def _rows(view: View, rows: list[Row]) -> None:
    """Draw the list's rows; a click on any cell opens its conversation."""
    # Another key whenever one was opened: the click that did it must not open it again.
    key = f"conversations_{st.session_state.get('opened_count', 0)}"
    event = st.dataframe(
        styled(view, rows, _COLUMNS),
        hide_index=True,
        key=key,
        height=height_of(rows),
        column_config=column_config(view, _COLUMNS),
        on_select="rerun",
        selection_mode="single-cell",
        placeholder=formats.UNKNOWN,
    )
    st.caption(view.say("list_hint"))
    if cells := event.selection.cells:
        _open(rows[cells[0][0]]["id"])


def _open(id_: int | None) -> None:
    st.session_state["opened_count"] = st.session_state.get("opened_count", 0) + 1
    if id_ is None:
        st.query_params.pop(OPENED, None)
    else:
        st.query_params[OPENED] = str(id_)
    st.rerun()


def _pages(view: View, number: int, pages: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        back = st.button(view.say("page_before"), disabled=number == 1, icon=":material/chevron_left:")
        st.markdown(view.say("page_number", number=view.number(number), pages=view.number(pages)), width="content")
        on = st.button(view.say("page_after"), disabled=number == pages, icon=":material/chevron_right:")
    if back or on:
        st.query_params[LIST_PAGE] = str(number + (1 if on else -1))
        st.session_state["opened_count"] = st.session_state.get("opened_count", 0) + 1
        st.rerun()


def _conversation(view: View, id_: int) -> None:
    if st.button(view.say("back_to_list"), icon=":material/arrow_back:"):
        _open(None)
    found = view.personal_rows("conversation", conversation_id=id_)
    if not found:
        st.info(view.say("conversation_gone"), icon=":material/info:")
        return
    row = found[0]
    contact = row["contact_name"] or view.say("contact_without_name")
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            number = row["display_id"]
            st.subheader(view.say("conversation_title", number=number or "?"), anchor=False, width="content")
            if view.settings.chatwoot_url and number:
                st.link_button(
                    view.say("open_in_chatwoot"),
                    f"{view.settings.chatwoot_url}/app/accounts/{row['account_id']}/conversations/{number}",
                    icon=":material/open_in_new:",
                )
        st.html(thread.STYLE)
        st.html(_facts(view, row, contact))
    with st.container(border=True):
        _messages(view, row, html.escape(contact))


def _facts(view: View, row: Row, contact: str) -> str:
    """Return what is known of a conversation as HTML, escaped."""
    facts = [
        ("column_contact_name", contact),
        ("column_contact_phone", row["contact_phone"]),
        ("column_contact_email", row["contact_email"]),
        ("column_inbox", row["inbox_name"] or view.choices.label("inboxes", row["inbox_id"])),
        ("column_status", view.word("status", row["status"])),
        ("column_priority", view.word("priority", row["priority"]) if row["priority"] else None),
        ("column_agent", row["assignee_name"] or view.choices.label("agents", row["assignee_id"])),
        ("column_team", view.choices.label("teams", row["team_id"])),
        ("column_created_at", view.instant(row["created_at"])),
        ("column_first_response_seconds", formats.duration(row["first_response_seconds"])),
        ("column_duration_seconds", formats.duration(row["duration_seconds"])),
        ("column_rating", None if row["rating"] is None else view.say("rating_of_five", rating=row["rating"])),
        ("column_feedback_message", row["feedback_message"]),
        ("column_extracted_at", view.instant(row["extracted_at"])),
    ]
    cells = "".join(
        f'<div><div class="cw-label">{html.escape(view.say(label))}</div>'
        f'<div class="cw-value">{html.escape(str(value))}</div></div>'
        for label, value in facts
        if value
    )
    return f'<div class="cw-facts">{cells}</div>'


def _messages(view: View, row: Row, contact: str) -> None:
    total = row["t_messages"]
    shown = MESSAGES_SHOWN
    if total > MESSAGES_SHOWN and st.toggle(view.say("all_messages", total=view.number(total)), key="all_messages"):
        shown = total
    messages = view.personal_rows("messages", conversation_id=row["id"], rows_a_page=shown)
    if len(messages) < total:
        st.caption(view.say("last_messages", count=view.number(len(messages)), total=view.number(total)))
    if messages:
        st.html(thread.thread(view, messages, contact))
    else:
        st.caption(view.say("empty_thread"))


def _number(text: str | None, largest: int) -> int | None:
    if text is None or not re.fullmatch(r"[1-9][0-9]{0,18}", text) or int(text) > largest:
        return None
    return int(text)
