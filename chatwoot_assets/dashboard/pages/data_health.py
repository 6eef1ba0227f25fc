"""How far the numbers can be trusted: what is loaded as of when, whether it is Chatwoot's still, what is not known."""

from __future__ import annotations

import datetime

import streamlit as st

from chatwoot_assets.dashboard import charts
from chatwoot_assets.dashboard import time_series as courses
from chatwoot_assets.dashboard.cards import Card, cards
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.pages import chatwoot
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import Column, grid

_DAYS = [
    Column("conversation_date", "date"),
    Column("condition", "text", 170),
    Column("conversations", "count"),
    Column("messages", "count"),
    Column("rated", "count"),
    Column("snapshot_at", "instant"),
    Column("loaded_at", "instant"),
    Column("measured_at", "instant"),
]
_PASSES = [
    Column("pass", "text", 150),
    Column("compared_at", "instant"),
    Column("compared_days", "count"),
    Column("attempted_at", "instant"),
    Column("outcome", "text", 170),
]


def show(view: PageContext) -> None:
    """Draw the page."""
    state = view.state
    cards(
        view,
        [
            Card("card_as_of", view.instant(state.as_of)),
            Card("card_compared_at", view.instant(state.trust.compared_at)),
            Card("card_differing", view.number(len(state.trust.differing))),
            Card("card_days", view.number(len(state.days))),
        ],
        width=245,
    )
    conditions = {
        date: state.condition(date, view.today) if date in state.days else "missing"
        for date in view.period.dates()
        if date <= view.today
    }
    if conditions:
        with st.container(border=True):
            st.subheader(view.translate("days_of_period"), anchor=False)
            st.altair_chart(courses.conditions(view, conditions, charts.CONDITION_COLOURS))
            _days(view, conditions)
    with st.container(border=True):
        st.subheader(view.translate("passes"), anchor=False)
        _passes(view)
    with st.container(border=True):
        st.subheader(view.translate("comparison_with_chatwoot"), anchor=False)
        chatwoot.show(view)
    with st.container(border=True):
        st.subheader(view.translate("unknown_heading"), anchor=False)
        for line in unknown(view, conditions):
            st.markdown(f"- {line}")


def _days(view: PageContext, conditions: dict[datetime.date, str]) -> None:
    rows = []
    for date, condition in sorted(conditions.items(), reverse=True):
        day = view.state.days.get(date)
        row: Row = dict(vars(day)) if day else dict.fromkeys(column.key for column in _DAYS)
        rows.append({**row, "conversation_date": date, "condition": view.translate(f"condition_{condition}")})
    grid(view, rows, _DAYS, "days")


def _passes(view: PageContext) -> None:
    if not view.state.passes:
        st.caption(view.translate("empty_passes"))
        return
    rows = [
        {
            "pass": view.translate_term("pass", one.kind),
            "compared_at": one.compared_at,
            "compared_days": one.days,
            "attempted_at": one.attempted_at,
            "outcome": view.translate("outcome_failed" if one.failure else "outcome_made"),
        }
        for one in view.state.passes
    ]
    grid(view, rows, _PASSES, "passes")


def unknown(view: PageContext, conditions: dict[datetime.date, str]) -> list[str]:
    """Return what is not known of the period's numbers, and since when, in sentences."""
    trust = view.state.trust
    found = []
    if trust.compared_at is None:
        found.append(view.translate("unknown_never_compared"))
    elif trust.failure:
        found.append(view.translate("unknown_since", since=view.instant(trust.compared_at)))
    for date, since in sorted(trust.differing.items()):
        found.append(view.translate("unknown_differs", date=view.date(date), since=view.instant(since)))
    behind = sorted(date for date, condition in conditions.items() if condition == "unmeasured")
    if behind:
        since = min(view.state.days[date].loaded_at for date in behind)
        found.append(view.translate("unknown_unmeasured", count=view.number(len(behind)), since=view.instant(since)))
    missing = sum(condition == "missing" for condition in conditions.values())
    if missing:
        found.append(view.translate("unknown_missing", count=view.number(missing)))
    return [*(found or [view.translate("unknown_nothing")]), view.translate("unknown_always")]
