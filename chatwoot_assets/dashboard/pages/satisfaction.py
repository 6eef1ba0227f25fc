"""Ratings: how many, how good and when. Also the comments and the team's notes, if the dashboard shows contents."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard import charts, time_series
from chatwoot_assets.dashboard.axes import show_chart
from chatwoot_assets.dashboard.cards import Card, Change, point_change, relative_change, show_cards, show_change_caption
from chatwoot_assets.dashboard.chatwoot_csat import NOT_IN_CHATWOOT, chatwoot_csat, show_csat
from chatwoot_assets.dashboard.filter_urls import LANGUAGE
from chatwoot_assets.dashboard.layout import CONVERSATION
from chatwoot_assets.dashboard.list_filters import RATINGS, ListFilters, parse_list_url
from chatwoot_assets.dashboard.list_widgets import show_rating_filter
from chatwoot_assets.dashboard.page_context import PageContext, ratio
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import Column, fitting_columns, show_table

_MAX_COMMENTS = 50
# As on all of this page, they belong to the agent who was rated.
_SURVEYS, _RATED = ListFilters(subject="surveys"), ListFilters(subject="surveys", ratings=RATINGS)
_SATISFIED = ListFilters(subject="surveys", ratings=(4, 5))
_COLUMNS = [
    Column("rated_at", "instant", 135),
    Column("rating", "count", 55),
    Column("feedback_message", "text"),
    Column("review_notes", "text"),
    Column("account", "text", 110),
    Column("inbox", "text", 195),
    Column("agent", "text", 145),
    Column("link", "link", 40),
]


def show(page: PageContext) -> None:
    """Draw the page."""
    current, previous = summarize(page), summarize(page, previous=True)
    over_time = [
        {**row, "response_rate": ratio(row["rated"], row["offered"])}
        for _, row in sorted(page.rows_by("time", "satisfaction").items())
        if row["rated"]
    ]
    show_cards(page, _build_cards(page, current, previous, over_time))
    show_change_caption(page)
    if page.filters.agents:
        st.caption(page.translate("ratings_of_agents"))
    if current["rated"]:
        _show_ratings(page, over_time)
    else:
        st.info(page.translate("empty_ratings"), icon=":material/info:")
    with st.container(border=True):
        st.subheader(page.translate("chatwoot_csat"), anchor=False)
        show_csat(page)
    if current["rated"] and page.settings.dashboard_conversations:
        _show_comments(page)


def _show_ratings(page: PageContext, over_time: list[Row]) -> None:
    left, right = st.columns(2)
    with left.container(border=True):
        st.subheader(page.translate("rating_distribution"), anchor=False)
        by_rating = page.rows_by("rating", "satisfaction")
        counts = {rating: row["rated"] for rating, row in by_rating.items() if rating is not None}
        show_chart(charts.rating_bars(page, counts))
    with right.container(border=True):
        st.subheader(
            page.translate(f"score_by_{page.period.grain}"), anchor=False, help=page.translate("help_card_score")
        )
        show_chart(time_series.score(page, over_time))


def summarize(page: PageContext, *, previous: bool = False) -> Row:
    """Return the numbers of the whole period, or of the one before; None where there is no value."""
    row = page.total("satisfaction", previous=previous)
    rated = row.get("rated", None if previous else 0)
    return {
        "rated": rated,
        "score": ratio(row.get("satisfied"), rated),
        "average": ratio(row.get("sum_rating"), rated),
        "response_rate": ratio(rated, row.get("offered")),
    }


def _build_cards(page: PageContext, current: Row, previous: Row, over_time: list[Row]) -> list[Card]:
    def points(key: str) -> Change | None:
        return point_change(current[key], previous[key], page.language)

    def change(key: str) -> Change | None:
        return relative_change(current[key], previous[key], page.language)

    return [
        Card("card_score", page.format_percent(current["score"]), points("score"), "more",
             [row["satisfied"] / row["rated"] for row in over_time], page.list_parameters(_SATISFIED)),
        Card("card_rated", page.format_number(current["rated"]), change("rated"), "neither",
             [row["rated"] for row in over_time], page.list_parameters(_RATED)),
        Card("card_response_rate", page.format_percent(current["response_rate"]), points("response_rate"), "more",
             [row["response_rate"] for row in over_time], page.list_parameters(_SURVEYS)),
        Card("card_average_rating", page.format_number(current["average"], 2), change("average"), "more",
             [row["sum_rating"] / row["rated"] for row in over_time], page.list_parameters(_RATED)),
        Card("card_chatwoot_response_rate", page.format_percent(chatwoot_csat(page)["response_rate"]),
             conversations=page.list_parameters(_SURVEYS, filters=dict.fromkeys(NOT_IN_CHATWOOT, ()))),
    ]  # fmt: skip


def _show_comments(page: PageContext) -> None:
    with st.container(border=True):
        st.subheader(page.translate("comments"), anchor=False)
        rows = _find_comments(page)
        if not rows:
            is_unknown = parse_list_url(st.query_params)[0].is_unknown
            st.caption(page.translate("notice_unknown_condition" if is_unknown else "empty_comments"))
            return
        if len(rows) == 1:
            st.caption(page.translate("comments_shown_one"))
        else:
            st.caption(page.translate("comments_shown", count=page.format_number(len(rows))))
        show_table(page, rows, fitting_columns(page, _COLUMNS), "comments")


def _find_comments(page: PageContext) -> list[Row]:
    """Draw the widgets that filter the comments, and return what they select."""
    conditions = parse_list_url(st.query_params)[0]
    filters = ListFilters(ratings=conditions.ratings, is_unknown=conditions.is_unknown)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # What is searched for may be a person's name, so that it is in no URL.
        search = st.text_input(
            page.translate("comments_search"), max_chars=100, width=300, icon=":material/search:", key="comments_search"
        )
        show_rating_filter(page, filters)
    rows = page.personal_rows(
        "comments", **filters.query_parameters(search.strip()), rows_per_page=_MAX_COMMENTS, rows_before=0
    )
    for row in rows:
        row["account"] = page.options.name("accounts", row["account_id"])
        row["inbox"] = page.options.name("inboxes", row["inbox_id"])
        row["agent"] = page.options.name("agents", row["rating_agent_id"])
        row["link"] = f"conversations?{CONVERSATION}={row['id']}&{LANGUAGE}={page.language}"
    return rows
