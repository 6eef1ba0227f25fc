"""How much there is, how fast it is answered, and what became of it."""

from __future__ import annotations

import datetime

import streamlit as st

from chatwoot_assets.dashboard import charts, formats
from chatwoot_assets.dashboard.axes import BLUE, ORANGE
from chatwoot_assets.dashboard.cards import Card, cards, change_caption
from chatwoot_assets.dashboard.grids import Column, grid
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.view import View, share

_COLUMNS = [
    Column("starts_on", "date"),
    Column("conversations", "count"),
    Column("resolved", "count"),
    Column("answered", "count"),
    Column("median_first_response", "duration"),
    Column("average_first_response", "duration"),
    Column("rated", "count"),
    Column("score", "share"),
]
# Each with a scale of its own: the one is often fifty times the other.
_PERCENTILES = {"median": BLUE, "ninetieth": ORANGE}


def show(view: View) -> None:
    """Draw the page."""
    grain = view.period.grain
    volume = view.rows("volume", grain=grain)
    first_response = view.rows("first_response", grain=grain)
    ratings = view.rows("ratings", grain=grain)
    by_start = _by_start(volume, first_response, ratings)
    now = summary(volume, first_response, ratings)
    before = summary(
        view.rows_before("volume", grain=grain),
        view.rows_before("first_response", grain=grain),
        view.rows_before("ratings", grain=grain),
    )
    cards(view, _cards(view, now, before, by_start))
    change_caption(view)
    if not now["conversations"]:
        st.info(view.say("empty_period"), icon=":material/info:")
        return
    _draw_charts(view, volume, first_response)
    with st.expander(view.say("as_table")):
        grid(view, by_start, _COLUMNS, "overview")


def summary(volume: list[Row], first_response: list[Row], ratings: list[Row]) -> Row:
    """Return the numbers of a whole period; None for what there is none of."""
    whole = next((row for row in volume if row["is_whole_period"] and row["is_every_status"]), {})
    resolved = next((row for row in volume if row["is_whole_period"] and row["status"] == "resolved"), {})
    response = next((row for row in first_response if row["is_whole_period"]), {})
    rating = next((row for row in ratings if row["is_whole_period"] and row["is_every_rating"]), {})
    conversations = whole.get("conversations")
    return {
        "conversations": conversations,
        "answered": share(whole.get("answered"), conversations),
        "resolved": share(resolved.get("conversations", 0), conversations),
        "median_first_response": response.get("median"),
        "rated": rating.get("rated"),
        "score": share(rating.get("satisfied"), rating.get("rated")),
    }


def _cards(view: View, now: Row, before: Row, by_start: list[Row]) -> list[Card]:
    def line(key: str) -> list[float | None]:
        return [row[key] for row in by_start]

    def line_of_shares(key: str) -> list[float | None]:
        return [share(row[key], row["conversations"]) for row in by_start]

    def change(key: str) -> str | None:
        return formats.change(now[key], before[key], view.language)

    def points(key: str) -> str | None:
        return formats.points(now[key], before[key], view.language)

    median = "median_first_response"
    return [
        Card("card_conversations", view.number(now["conversations"]), change("conversations"), "neither",
             line("conversations")),
        Card("card_answered", view.percent(now["answered"]), points("answered"), "neither", line_of_shares("answered")),
        Card("card_first_response", formats.duration(now[median]), change(median), "less", line(median)),
        Card("card_resolved", view.percent(now["resolved"]), points("resolved"), "neither", line_of_shares("resolved")),
        Card("card_score", view.percent(now["score"]), points("score"), "more", line("score")),
        Card("card_rated", view.number(now["rated"]), change("rated"), "neither", line("rated")),
    ]  # fmt: skip


def _by_start(volume: list[Row], first_response: list[Row], ratings: list[Row]) -> list[Row]:
    """Return a row for each day, week or month that has conversations."""
    starts = [row for row in volume if not row["is_whole_period"] and row["is_every_status"]]
    resolved = _keyed(
        [row for row in volume if row["status"] == "resolved" and not row["is_whole_period"]], "conversations"
    )
    medians = _keyed([row for row in first_response if not row["is_whole_period"]], "median")
    of_ratings = [row for row in ratings if not row["is_whole_period"]]
    satisfied = _keyed(of_ratings, "satisfied")
    return [
        {
            **row,
            "resolved": resolved.get(row["starts_on"], 0),
            "median_first_response": medians.get(row["starts_on"]),
            "score": share(satisfied.get(row["starts_on"]), row["rated"]),
        }
        for row in starts
    ]


def _keyed(rows: list[Row], key: str) -> dict[datetime.date, float]:
    return {row["starts_on"]: row[key] for row in rows}


def _draw_charts(view: View, volume: list[Row], first_response: list[Row]) -> None:
    grain = view.period.grain
    left, right = st.columns([2, 1])
    with left.container(border=True):
        st.subheader(view.say(f"volume_by_{grain}"), anchor=False)
        cells = [row for row in volume if not row["is_whole_period"] and not row["is_every_status"]]
        st.altair_chart(charts.volume(view, cells))
    with right.container(border=True):
        st.subheader(view.say("by_status"), anchor=False, help=view.say("help_by_status"))
        statuses = [row for row in volume if row["is_whole_period"] and not row["is_every_status"]]
        st.altair_chart(charts.statuses(view, statuses))
    points = [row for row in first_response if not row["is_whole_period"]]
    for column, (key, colour) in zip(st.columns(2), _PERCENTILES.items(), strict=True):
        with column.container(border=True):
            st.subheader(view.say(f"first_response_{key}"), anchor=False, help=view.say("help_card_first_response"))
            if points:
                st.altair_chart(charts.first_response(view, points, key, colour))
            else:
                st.caption(view.say("empty_first_response"))
