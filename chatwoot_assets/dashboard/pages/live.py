"""What waits now: counts as of the last load, by agent, team and inbox, and the longest waits.

The page draws itself again when new data are loaded. Opened with WALL in its URL it has no filter bar and large
figures, for a television on the wall. Shows names of agents, but nothing of contacts.
"""

from __future__ import annotations

import datetime
import html
from urllib.parse import urlencode

import streamlit as st

from chatwoot_assets.dashboard import formats, layout
from chatwoot_assets.dashboard.cards import Card, show_cards
from chatwoot_assets.dashboard.failures import run_safely
from chatwoot_assets.dashboard.filter_urls import LANGUAGE, ON, format_url
from chatwoot_assets.dashboard.group_lists import name_columns
from chatwoot_assets.dashboard.groupings import AGENTS, INBOXES, TEAMS, Grouping
from chatwoot_assets.dashboard.layout import CONVERSATION, WALL
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.dashboard.live_counts import COUNTS, WAITS, list_of_count
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.shortening import shorten_apart
from chatwoot_assets.dashboard.status import REFRESH_SECONDS
from chatwoot_assets.dashboard.tables import CellList, Column, fitting_columns, show_table

_COLUMNS = [
    *(Column(f"live_{count}", "count", 90) for count in COUNTS),
    Column("longest_wait", "duration", 110),
]
_WAIT_COLUMNS = [
    Column("display_id", "text", 60),
    Column("longest_wait", "duration", 110),
    Column("waiting_since", "instant", 135),
    Column("account", "text", 110),
    Column("inbox", "text", 180),
    Column("agent", "text", 150),
    Column("team", "text", 130),
    Column("link", "link", 40),
]
_LONGEST_WAITS = 25
_WALL_ROWS = 12
_WALL_CHARACTERS = 22  # of a name, as in the page's style


def show(page: PageContext) -> None:
    """Draw the page, and draw it again every half minute."""
    is_wall = layout.is_wall()

    @st.fragment(run_every=REFRESH_SECONDS)
    def draw() -> None:
        run_safely(page.status_cache, page.translate, lambda: _draw(page.with_current_status(), is_wall=is_wall))

    draw()


def _draw(page: PageContext, *, is_wall: bool) -> None:
    as_of = page.status.as_of
    st.caption(
        page.translate("live_as_of", as_of=page.format_instant(as_of), zone=page.settings.reporting_timezone.key)
    )
    total = fetch_counts(page, "all").get(None, {})
    longest = _wait_seconds(page, total.get("waiting_since"))
    cards = [
        Card(f"live_{count}", page.format_number(total.get(count, 0)), conversations=list_of_count(page, count))
        for count in COUNTS
    ]
    longest_wait = Card("live_longest_wait", formats.format_duration(longest), conversations=list_of_count(page, WAITS))
    # Five cards fit beside each other on a television: the last two counts wait for nobody.
    show_cards(page, [*cards[:4], longest_wait, *([] if is_wall else cards[4:])])
    if is_wall:
        left, right = st.columns(2)
        with left:
            st.html(_render_wall_table(page, AGENTS))
        with right:
            st.html(_render_wall_table(page, TEAMS))
        return
    _show_groups(page)
    _show_longest_waits(page)
    url = urlencode({**format_url(page.filters), LANGUAGE: page.language, WALL: ON})
    st.link_button(
        page.translate("wall_mode"), f"live?{url}", icon=":material/tv:", help=page.translate("help_wall_mode")
    )


def fetch_counts(page: PageContext, dimension: str) -> dict[int | None, Row]:
    """Return the counts of each group; all in one group without a key if the dimension is "all"."""
    return {row["group_id"]: row for row in page.rows("live", dimension=dimension)}


def _wait_seconds(page: PageContext, since: datetime.datetime | None) -> float | None:
    """Return how long a wait had lasted at the last load."""
    as_of = page.status.known_until
    return None if since is None or as_of is None else max((as_of - since).total_seconds(), 0)


def _group_rows(page: PageContext, grouping: Grouping) -> list[Row]:
    """Return the groups with the longest queue first, and those of nobody last."""
    rows = [
        {
            "key": key,
            "name": grouping.name(page, key or 0),
            "account": grouping.account(page, key or 0),
            "longest_wait": _wait_seconds(page, row["waiting_since"]),
            **{f"live_{count}": row[count] for count in COUNTS},
        }
        for key, row in fetch_counts(page, grouping.dimension).items()
    ]
    return sorted(rows, key=lambda row: (not row["key"], -row["live_unattended"], -row["live_open"], row["name"]))


def _show_groups(page: PageContext) -> None:
    groupings = (AGENTS, TEAMS, INBOXES)
    tabs = st.tabs([page.translate(f"filter_{grouping.filter_name}") for grouping in groupings])
    for tab, grouping in zip(tabs, groupings, strict=True):
        with tab:
            rows = _group_rows(page, grouping)
            columns = [*name_columns(page, grouping, 150), *_COLUMNS]
            show_table(page, rows, columns, f"live_{grouping.filter_name}", _list_of_cell(page, grouping))


def _list_of_cell(page: PageContext, grouping: Grouping) -> CellList:
    """Return the function that gives the list of a cell of the table of groups."""

    def find(row: Row, column: str) -> dict[str, str] | None:
        if column == "name":
            unresolved = ListFilters(any_time=True, unresolved=True)
            return page.list_parameters(unresolved, filters={grouping.filter_name: (row["key"],)})
        count = WAITS if column == "longest_wait" else column.removeprefix("live_")
        if count not in COUNTS or not row[column]:
            return None
        return list_of_count(page, count, **{grouping.filter_name: (row["key"],)})

    return find


def _show_longest_waits(page: PageContext) -> None:
    rows = page.rows("longest_waits", rows_per_page=_LONGEST_WAITS)
    with st.container(border=True):
        st.subheader(page.translate("longest_waits"), anchor=False)
        if not rows:
            st.caption(page.translate("empty_waiting"))
            return
        named = [
            {
                **row,
                "display_id": str(row["display_id"]),
                "longest_wait": _wait_seconds(page, row["waiting_since"]),
                "account": page.options.name("accounts", row["account_id"]),
                "inbox": page.options.name("inboxes", row["inbox_id"]),
                "agent": page.options.name("agents", row["assignee_id"]),
                "team": page.options.name("teams", row["team_id"]) if row["team_id"] else None,
                "link": f"conversations?{CONVERSATION}={row['id']}&{LANGUAGE}={page.language}",
            }
            for row in rows
        ]
        show_table(page, named, fitting_columns(page, _WAIT_COLUMNS), "waits")


def _render_wall_table(page: PageContext, grouping: Grouping) -> str:
    """Return the groups with the longest queues as HTML that can be read from far away."""
    keys = ("live_open", "live_unattended", "longest_wait")
    heading = [page.translate(f"filter_{grouping.filter_name}"), *(page.translate(f"column_{key}") for key in keys)]
    rows = _group_rows(page, grouping)[:_WALL_ROWS]
    shown = shorten_apart((row["name"] for row in rows), _WALL_CHARACTERS)
    body = "".join(
        f'<tr><td title="{html.escape(row["name"])}">{html.escape(shown[row["name"]])}</td>'
        + "".join(
            f"<td>{html.escape(text)}</td>"
            for text in (
                page.format_number(row["live_open"]),
                page.format_number(row["live_unattended"]),
                formats.format_duration(row["longest_wait"]),
            )
        )
        + "</tr>"
        for row in rows
    )
    head = "".join(f"<th>{html.escape(text)}</th>" for text in heading)
    return f'<table class="cw-wall"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
