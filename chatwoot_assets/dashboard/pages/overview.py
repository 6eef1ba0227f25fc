"""How much there is, how fast it is answered, what became of it, and what is still waiting."""

from __future__ import annotations

import datetime

import streamlit as st

from chatwoot_assets.dashboard import charts, formats
from chatwoot_assets.dashboard import time_series as courses
from chatwoot_assets.dashboard.cards import Card, cards, change_caption
from chatwoot_assets.dashboard.page_context import PageContext, share
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import Column, grid

_COLUMNS = [
    Column("starts_on", "date"),
    Column("conversations", "count"),
    Column("resolved", "count"),
    Column("reopened", "count"),
    Column("median_first_response", "duration"),
    Column("responses", "count"),
    Column("median_reply", "duration"),
    Column("ninetieth_reply", "duration"),
    Column("ninety_fifth_reply", "duration"),
    Column("rated", "count"),
    Column("score", "share"),
]
# Of a chart of waits the position of its percentile in the rows' lists. Each has a scale of its own: the one is often
# fifty times the other.
_PERCENTILES = {"median": 0, "ninetieth": 1}
# Lists of filters by which the backlog is kept.
KEPT_BY = ("accounts", "inboxes", "teams", "agents")


def show(view: PageContext) -> None:
    """Draw the page."""
    now, before = summary(view), summary(view, before=True)
    by_start = _by_start(view)
    backlog = _backlog(view)
    cards(view, _cards(view, now, before, by_start, backlog), width=255)
    change_caption(view)
    if view.filters.in_business:
        st.caption(view.translate("clock_caption", timed=view.number(now["timed"]), all=view.number(now["responses"])))
    if not now["conversations"] and not by_start:
        st.info(view.translate("empty_period"), icon=":material/info:")
        return
    _draw_happened(view, by_start)
    _draw_waits(view, by_start)
    _draw_backlog(view, backlog)
    with st.expander(view.translate("as_table")):
        grid(view, by_start, _COLUMNS, "overview")


def summary(view: PageContext, *, before: bool = False) -> Row:
    """Return the numbers of the whole period, or of the one before; None where that is not loaded in full."""
    if before and not view.is_comparable:
        return dict.fromkeys(_numbers({}, {}, {}))
    return _numbers(*(view.whole(name, before=before) for name in ("created", "waits", "closings")))


def _numbers(created: Row, waits: Row, closings: Row) -> Row:
    """Return the numbers of a row each of created, waits and closings; any of them may be {}."""
    rated = created.get("rated", 0)
    replies = waits.get("percentiles") or [None] * 3
    return {
        "conversations": created.get("conversations", 0),
        "resolved": closings.get("resolved", 0),
        "reopened": closings.get("reopened", 0),
        "median_first_response": (waits.get("first_percentiles") or [None])[0],
        "responses": waits.get("responses", 0),
        "timed": waits.get("timed", 0),
        "median_reply": replies[0],
        "ninetieth_reply": replies[1],
        "ninety_fifth_reply": replies[2],
        "rated": rated,
        "score": share(created.get("satisfied"), rated),
    }


def _by_start(view: PageContext) -> list[Row]:
    """Return a row for each day, week or month in which something happened."""
    parts = [view.keyed(name, "time") for name in ("created", "waits", "closings")]
    starts: list[datetime.date] = sorted(set().union(*parts))
    return [
        {
            **_numbers(*(part.get(start, {}) for part in parts)),
            **{key: parts[1].get(start, {}).get(key) for key in ("percentiles", "first_percentiles")},
            "starts_on": start,
        }
        for start in starts
    ]


def _backlog(view: PageContext) -> list[Row]:
    """Return what was waiting at the end of each day, the day before the period first; none where it is not kept."""
    if not view.filters.has_only(*KEPT_BY):
        return []
    return [row for row in view.rows("backlog") if row["backlog_date"] <= view.today]


def _cards(view: PageContext, now: Row, before: Row, by_start: list[Row], backlog: list[Row]) -> list[Card]:
    def line(key: str) -> list[float | None]:
        return [row[key] for row in by_start]

    def change(key: str) -> str | None:
        return formats.change(now[key], before[key], view.language)

    last = backlog[-1]["open"] if len(backlog) > 1 else None
    first = backlog[0]["open"] if len(backlog) > 1 and view.is_comparable else None
    first_response, reply = "median_first_response", "median_reply"
    return [
        Card("card_conversations", view.number(now["conversations"]), change("conversations"), "neither",
             line("conversations")),
        Card("card_resolved", view.number(now["resolved"]), change("resolved"), "neither", line("resolved")),
        Card("card_reopened", view.number(now["reopened"]), change("reopened"), "less", line("reopened")),
        Card("card_open", view.number(last), formats.change(last, first, view.language), "less",
             [row["open"] for row in backlog[1:]]),
        Card("card_first_response", formats.duration(now[first_response]), change(first_response), "less",
             line(first_response)),
        Card("card_reply", formats.duration(now[reply]), change(reply), "less", line(reply)),
        Card("card_score", view.percent(now["score"]), formats.points(now["score"], before["score"], view.language),
             "more", line("score")),
        Card("card_rated", view.number(now["rated"]), change("rated"), "neither", line("rated")),
    ]  # fmt: skip


def _draw_happened(view: PageContext, by_start: list[Row]) -> None:
    left, right = st.columns([2, 1])
    with left.container(border=True):
        heading = view.translate(f"happened_by_{view.period.grain}")
        st.subheader(heading, anchor=False, help=view.translate("help_happened"))
        st.altair_chart(courses.happened(view, by_start))
    with right.container(border=True):
        st.subheader(view.translate("by_status"), anchor=False, help=view.translate("help_by_status"))
        statuses = view.rows("created", dimension="status")
        if statuses:
            st.altair_chart(charts.statuses(view, statuses))
        else:
            st.caption(view.translate("empty_period"))


def _draw_waits(view: PageContext, by_start: list[Row]) -> None:
    points = [row for row in by_start if row["percentiles"]]
    for column, (key, position) in zip(st.columns(2), _PERCENTILES.items(), strict=True):
        with column.container(border=True):
            st.subheader(view.translate(f"waits_{key}"), anchor=False, help=view.translate("help_waits"))
            if points:
                st.altair_chart(courses.waits(view, points, position))
            else:
                st.caption(view.translate("empty_waits"))


def _draw_backlog(view: PageContext, rows: list[Row]) -> None:
    with st.container(border=True):
        st.subheader(view.translate("backlog"), anchor=False, help=view.translate("help_backlog"))
        if len(rows) < 2:
            st.caption(view.translate("backlog_not_kept" if not rows else "empty_period"))
            return
        last = rows[-1]
        st.caption(
            view.translate(
                "backlog_now",
                date=view.date(last["backlog_date"]),
                **{key: view.number(last[key]) for key in ("open", "unassigned", "unattended", "pending", "snoozed")},
            )
        )
        st.altair_chart(courses.backlog(view, rows[1:]))
