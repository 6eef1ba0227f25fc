"""The conversations, page by page, and one of them as people read it. The only page with contacts' names and with
contents, beside the comments on satisfaction; it is not there where DASHBOARD_CONVERSATIONS is off."""

from __future__ import annotations

import html
import re

import streamlit as st

from chatwoot_assets.dashboard import formats
from chatwoot_assets.dashboard import transcript as thread
from chatwoot_assets.dashboard.layout import LIST_PAGE, OPENED, WAITING
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import Column, column_config, download, height_of, styled

ROWS_PER_PAGE = 25
MESSAGES_SHOWN = 200
_ON = "1"  # of WAITING in the URL
_COLUMNS = [
    Column("display_id", "text", 54),
    Column("created_at", "instant", 122),
    Column("contact_name", "text", 122),
    Column("inbox", "text", 108),
    Column("status", "text", 78),
    Column("waiting_since", "instant", 122),
    Column("agent", "text", 115),
    Column("team", "text", 80),
    Column("label_words", "text", 90),
    Column("t_messages", "count", 56),
    Column("first_response_seconds", "duration", 82),
    Column("rating", "count", 46),
]


def show(view: PageContext) -> None:
    """Draw the page: the conversation that the URL names, else the list."""
    opened = _number(st.query_params.get(OPENED), 2**63 - 1)
    if opened is None:
        _list(view)
    else:
        _conversation(view, opened)


def _list(view: PageContext) -> None:
    whole = view.whole("created")
    if not whole:
        st.info(view.translate("empty_period"), icon=":material/info:")
        return
    only_waiting = _waiting_switch(view, whole["needs_reply"])
    total = whole["needs_reply"] if only_waiting else whole["conversations"]
    if not total:
        st.info(view.translate("empty_waiting"), icon=":material/check_circle:")
        return
    pages = -(-total // ROWS_PER_PAGE)
    number = min(_number(st.query_params.get(LIST_PAGE), 2**31) or 1, pages)
    rows = [
        _named(view, row)
        for row in view.personal_rows(
            "conversations",
            needs_reply=only_waiting,
            rows_per_page=ROWS_PER_PAGE,
            rows_before=(number - 1) * ROWS_PER_PAGE,
        )
    ]
    first = (number - 1) * ROWS_PER_PAGE + 1
    st.markdown(
        view.translate(
            "list_waiting" if only_waiting else "list_range",
            first=view.number(first),
            last=view.number(first + len(rows) - 1),
            total=view.number(total),
        )
    )
    _rows(view, rows)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        download(view, rows, _COLUMNS, "conversations")
        _pages(view, number, pages)


def _waiting_switch(view: PageContext, count: int) -> bool:
    """Draw the switch for conversations that wait for a reply, which is in the URL, too."""

    def switched() -> None:
        st.query_params.pop(LIST_PAGE, None)
        if st.session_state["waiting"]:
            st.query_params[WAITING] = _ON
        else:
            st.query_params.pop(WAITING, None)

    st.session_state["waiting"] = st.query_params.get(WAITING) == _ON
    label = view.translate("only_waiting", count=view.number(count))
    return st.toggle(label, key="waiting", on_change=switched, help=view.translate("help_only_waiting"))


def _named(view: PageContext, row: Row) -> Row:
    """Return a row of the list with words for what it has ids of."""
    return {
        **row,
        "inbox": view.choices.label("inboxes", row["inbox_id"]),
        "agent": view.choices.label("agents", row["assignee_id"]),
        "team": view.choices.label("teams", row["team_id"]) if row["team_id"] else None,
        "status": view.translate_term("status", row["status"]),
        "display_id": str(row["display_id"]),
        "label_words": ", ".join(row["labels"]) or None,
        # Of a resolved or snoozed one nobody expects a reply now.
        "waiting_since": row["waiting_since"] if row["needs_reply"] else None,
    }


def _rows(view: PageContext, rows: list[Row]) -> None:
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
    st.caption(view.translate("list_hint"))
    if cells := event.selection.cells:
        _open(rows[cells[0][0]]["id"])


def _open(id_: int | None) -> None:
    st.session_state["opened_count"] = st.session_state.get("opened_count", 0) + 1
    if id_ is None:
        st.query_params.pop(OPENED, None)
    else:
        st.query_params[OPENED] = str(id_)
    st.rerun()


def _pages(view: PageContext, number: int, pages: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        back = st.button(view.translate("page_before"), disabled=number == 1, icon=":material/chevron_left:")
        st.markdown(
            view.translate("page_number", number=view.number(number), pages=view.number(pages)), width="content"
        )
        on = st.button(view.translate("page_after"), disabled=number == pages, icon=":material/chevron_right:")
    if back or on:
        st.query_params[LIST_PAGE] = str(number + (1 if on else -1))
        st.session_state["opened_count"] = st.session_state.get("opened_count", 0) + 1
        st.rerun()


def _conversation(view: PageContext, id_: int) -> None:
    if st.button(view.translate("back_to_list"), icon=":material/arrow_back:"):
        _open(None)
    found = view.personal_rows("conversation", conversation_id=id_)
    if not found:
        st.info(view.translate("conversation_gone"), icon=":material/info:")
        return
    row = found[0]
    contact = row["contact_name"] or view.translate("contact_without_name")
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            number = row["display_id"]
            st.subheader(view.translate("conversation_title", number=number or "?"), anchor=False, width="content")
            if view.settings.chatwoot_url and number:
                st.link_button(
                    view.translate("open_in_chatwoot"),
                    f"{view.settings.chatwoot_url}/app/accounts/{row['account_id']}/conversations/{number}",
                    icon=":material/open_in_new:",
                )
        st.html(thread.STYLE)
        st.html(_facts(view, row, contact))
    with st.container(border=True):
        _messages(view, row, html.escape(contact))


def _facts(view: PageContext, row: Row, contact: str) -> str:
    """Return what is known of a conversation as HTML, escaped."""
    facts = [
        ("column_contact_name", contact),
        ("column_contact_phone", row["contact_phone"]),
        ("column_contact_email", row["contact_email"]),
        ("column_inbox", row["inbox_name"] or view.choices.label("inboxes", row["inbox_id"])),
        ("column_status", view.translate_term("status", row["status"])),
        ("column_priority", view.translate_term("priority", row["priority"]) if row["priority"] else None),
        ("column_agent", row["assignee_name"] or view.choices.label("agents", row["assignee_id"])),
        ("column_team", row["team_name"] or view.choices.label("teams", row["team_id"])),
        ("column_label_words", ", ".join(row["labels"] or [])),
        ("column_created_at", view.instant(row["created_at"])),
        ("column_waiting_since", view.instant(row["waiting_since"]) if row["needs_reply"] else None),
        ("column_first_response_seconds", formats.duration(row["first_response_seconds"])),
        ("fact_waits", _waits(view, row)),
        ("fact_resolutions", _resolutions(view, row)),
        ("fact_reopens", None if row["reopens"] is None else view.number(row["reopens"])),
        ("fact_reassignments", None if row["reassignments"] is None else view.number(row["reassignments"])),
        ("column_duration_seconds", formats.duration(row["duration_seconds"])),
        ("column_rating", None if row["rating"] is None else view.translate("rating_of_five", rating=row["rating"])),
        ("column_feedback_message", row["feedback_message"]),
        ("column_extracted_at", view.instant(row["extracted_at"])),
    ]
    cells = "".join(
        f'<div><div class="cw-label">{html.escape(view.translate(label))}</div>'
        f'<div class="cw-value">{html.escape(str(value))}</div></div>'
        for label, value in facts
        if value
    )
    return f'<div class="cw-facts">{cells}</div>'


def _waits(view: PageContext, row: Row) -> str | None:
    if row["waits_answered"] is None:
        return None
    answered, unanswered = row["waits_answered"], row["waits_open"]
    average = formats.duration(row["sum_wait_seconds"] / answered if answered else None)
    return view.translate(
        "waits_of_conversation" if unanswered else "waits_all_answered",
        answered=view.number(answered),
        unanswered=view.number(unanswered),
        average=average,
    )


def _resolutions(view: PageContext, row: Row) -> str | None:
    if not row["resolutions"]:
        return None
    last = formats.duration(row["last_resolution_seconds"])
    return view.translate("resolutions_of_conversation", count=view.number(row["resolutions"]), last=last)


def _messages(view: PageContext, row: Row, contact: str) -> None:
    total = row["t_messages"]
    shown = MESSAGES_SHOWN
    if total > MESSAGES_SHOWN and st.toggle(
        view.translate("all_messages", total=view.number(total)), key="all_messages"
    ):
        shown = total
    messages = view.personal_rows("messages", conversation_id=row["id"], rows_per_page=shown)
    if len(messages) < total:
        st.caption(view.translate("last_messages", count=view.number(len(messages)), total=view.number(total)))
    if messages:
        st.html(thread.thread(view, messages, contact))
    else:
        st.caption(view.translate("empty_thread"))


def _number(text: str | None, largest: int) -> int | None:
    if text is None or not re.fullmatch(r"[1-9][0-9]{0,18}", text) or int(text) > largest:
        return None
    return int(text)
