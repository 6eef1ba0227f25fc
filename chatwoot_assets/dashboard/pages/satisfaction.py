"""Ratings: how many, how good, when; and what was written with them, where this dashboard shows contents."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard import charts, formats
from chatwoot_assets.dashboard import time_series as courses
from chatwoot_assets.dashboard.cards import Card, cards, change_caption
from chatwoot_assets.dashboard.layout import LANGUAGE, OPENED
from chatwoot_assets.dashboard.page_context import PageContext, share
from chatwoot_assets.dashboard.pages import groups
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import Column, grid

_COMMENTS = 50
_COLUMNS = [
    Column("rated_at", "instant", 135),
    Column("rating", "count", 55),
    Column("feedback_message", "text", 480),
    Column("inbox", "text", 180),
    Column("agent", "text", 165),
    Column("link", "link", 40),
]


def show(view: PageContext) -> None:
    """Draw the page."""
    now, before = summary(view), summary(view, before=True)
    by_start = [
        {**row, "answer_rate": share(row["rated"], row["offered"])}
        for _, row in sorted(view.keyed("created", "time").items())
        if row["rated"]
    ]
    cards(view, _cards(view, now, before, by_start), width=195)
    change_caption(view)
    if not now["rated"]:
        st.info(view.translate("empty_ratings"), icon=":material/info:")
        return
    left, right = st.columns(2)
    with left.container(border=True):
        st.subheader(view.translate("distribution"), anchor=False)
        counts = {key: row["rated"] for key, row in view.keyed("created", "rating").items() if key is not None}
        st.altair_chart(charts.ratings(view, counts))
    with right.container(border=True):
        st.subheader(
            view.translate(f"score_by_{view.period.grain}"), anchor=False, help=view.translate("help_card_score")
        )
        st.altair_chart(courses.score(view, by_start))
    if view.settings.dashboard_conversations:
        _comments(view)


def summary(view: PageContext, *, before: bool = False) -> Row:
    """Return the numbers of the whole period, or of the one before; None for what there is none of."""
    row = view.whole("created", before=before)
    rated = row.get("rated", None if before else 0)
    sums = None if before else groups.daily_whole(view)
    return {
        "rated": rated,
        "score": share(row.get("satisfied"), rated),
        "average": share(row.get("sum_rating"), rated),
        "answer_rate": share(rated, row.get("offered")),
        "chatwoot_rate": share(sums["answered"], sums["offered"]) if sums else None,
    }


def _cards(view: PageContext, now: Row, before: Row, by_start: list[Row]) -> list[Card]:
    def points(key: str) -> str | None:
        return formats.points(now[key], before[key], view.language)

    def change(key: str) -> str | None:
        return formats.change(now[key], before[key], view.language)

    return [
        Card("card_score", view.percent(now["score"]), points("score"), "more",
             [row["satisfied"] / row["rated"] for row in by_start]),
        Card("card_rated", view.number(now["rated"]), change("rated"), "neither", [row["rated"] for row in by_start]),
        Card("card_answer_rate", view.percent(now["answer_rate"]), points("answer_rate"), "more",
             [row["answer_rate"] for row in by_start]),
        Card("card_average_rating", view.number(now["average"], 2), change("average"), "more",
             [row["sum_rating"] / row["rated"] for row in by_start]),
        Card("card_chatwoot_rate", view.percent(now["chatwoot_rate"])),
    ]  # fmt: skip


def _comments(view: PageContext) -> None:
    rows = view.personal_rows("comments", rows_per_page=_COMMENTS, rows_before=0)
    for row in rows:
        row["inbox"] = view.choices.label("inboxes", row["inbox_id"])
        row["agent"] = view.choices.label("agents", row["assignee_id"])
        row["link"] = f"conversations?{OPENED}={row['id']}&{LANGUAGE}={view.language}"
    with st.container(border=True):
        st.subheader(view.translate("comments"), anchor=False)
        if not rows:
            st.caption(view.translate("empty_comments"))
            return
        st.caption(view.translate("comments_shown", count=view.number(len(rows))))
        grid(view, rows, _COLUMNS, "comments")
