"""Ratings: how many, how good, when; and what was written with them, where this dashboard shows contents."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard import charts, formats
from chatwoot_assets.dashboard.cards import Card, cards, change_caption
from chatwoot_assets.dashboard.frame import LANGUAGE, OPENED
from chatwoot_assets.dashboard.grids import Column, grid
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.view import View, share

_COMMENTS = 50
_COLUMNS = [
    Column("rated_at", "instant", 135),
    Column("rating", "count", 55),
    Column("feedback_message", "text", 480),
    Column("inbox", "text", 180),
    Column("agent", "text", 165),
    Column("link", "link", 40),
]


def show(view: View) -> None:
    """Draw the page."""
    rows = view.rows("ratings", grain=view.period.grain)
    volume = view.rows("volume", grain=view.period.grain)
    now = summary(rows, volume)
    before = summary(
        view.rows_before("ratings", grain=view.period.grain), view.rows_before("volume", grain=view.period.grain)
    )
    conversations = {row["starts_on"]: row["conversations"] for row in volume if row["is_every_status"]}
    by_start = [
        {**row, "rated_share": share(row["rated"], conversations.get(row["starts_on"]))}
        for row in rows
        if not row["is_whole_period"]
    ]
    cards(view, _cards(view, now, before, by_start))
    change_caption(view)
    if not now["rated"]:
        st.info(view.say("empty_ratings"), icon=":material/info:")
        return
    left, right = st.columns(2)
    with left.container(border=True):
        st.subheader(view.say("distribution"), anchor=False)
        counts = {row["rating"]: row["rated"] for row in rows if not row["is_every_rating"]}
        st.altair_chart(charts.ratings(view, counts))
    with right.container(border=True):
        st.subheader(view.say(f"score_by_{view.period.grain}"), anchor=False, help=view.say("help_card_score"))
        st.altair_chart(charts.score(view, by_start))
    if view.settings.dashboard_conversations:
        _comments(view)


def summary(ratings: list[Row], volume: list[Row]) -> Row:
    """Return the numbers of a whole period; None for what there is none of."""
    whole = next((row for row in ratings if row["is_whole_period"] and row["is_every_rating"]), {})
    conversations = next((row for row in volume if row["is_whole_period"] and row["is_every_status"]), {})
    rated = whole.get("rated")
    return {
        "rated": rated,
        "score": share(whole.get("satisfied"), rated),
        "average": share(whole.get("sum_rating"), rated),
        "rated_share": share(rated, conversations.get("conversations")),
    }


def _cards(view: View, now: Row, before: Row, by_start: list[Row]) -> list[Card]:
    def points(key: str) -> str | None:
        return formats.points(now[key], before[key], view.language)

    def change(key: str) -> str | None:
        return formats.change(now[key], before[key], view.language)

    return [
        Card("card_score", view.percent(now["score"]), points("score"), "more",
             [row["satisfied"] / row["rated"] for row in by_start]),
        Card("card_rated", view.number(now["rated"]), change("rated"), "neither", [row["rated"] for row in by_start]),
        Card("card_rated_share", view.percent(now["rated_share"]), points("rated_share"), "neither",
             [row["rated_share"] for row in by_start]),
        Card("card_average_rating", view.number(now["average"], 2), change("average"), "more",
             [row["sum_rating"] / row["rated"] for row in by_start]),
    ]  # fmt: skip


def _comments(view: View) -> None:
    rows = view.personal_rows("comments", rows_a_page=_COMMENTS, rows_before=0)
    for row in rows:
        row["inbox"] = view.choices.label("inboxes", row["inbox_id"])
        row["agent"] = view.choices.label("agents", row["assignee_id"])
        row["link"] = f"conversations?{OPENED}={row['id']}&{LANGUAGE}={view.language}"
    with st.container(border=True):
        st.subheader(view.say("comments"), anchor=False)
        if not rows:
            st.caption(view.say("empty_comments"))
            return
        st.caption(view.say("comments_shown", count=view.number(len(rows))))
        grid(view, rows, _COLUMNS, "comments")
