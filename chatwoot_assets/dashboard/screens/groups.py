"""What the pages on agents, teams and channels have in common: conversations by one of these, compared and listed."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard import charts, formats
from chatwoot_assets.dashboard.axes import unit_of
from chatwoot_assets.dashboard.grids import Column, grid
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.view import View, share

_BARS = 25
# What can be compared, each a key of a group's row.
_MEASURES = ("conversations", "median_first_response", "resolved_share", "score")

COLUMNS = [
    Column("conversations", "count", 85),
    Column("share", "share", 85),
    Column("resolved_share", "share", 105),
    Column("answered_share", "share", 112),
    Column("median_first_response", "duration", 112),
    Column("average_first_response", "duration", 105),
    Column("rated", "count", 75),
    Column("score", "share", 105),
]


def grouped(view: View, column: str, choices: str) -> tuple[list[Row], Row]:
    """Return the groups of a column's values, the largest first, and all of them together."""
    rows = [_with_shares(row) for row in view.rows("groups", group_column=column)]
    whole = next(row for row in rows if row["is_all"])
    groups = [row for row in rows if not row["is_all"]]
    for row in groups:
        row["label"] = view.choices.label(choices, row["id"])
        row["share"] = share(row["conversations"], whole["conversations"])
    return groups, whole


def _with_shares(row: Row) -> Row:
    return {
        **row,
        "resolved_share": share(row["resolved"], row["conversations"]),
        "answered_share": share(row["answered"], row["conversations"]),
        "score": share(row["satisfied"], row["rated"]),
    }


def compare(view: View, groups: list[Row], whole: Row, name: str) -> None:
    """Draw the groups beside each other by a measure of the viewer's choice."""
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader(view.say("comparison"), anchor=False, width="content")
            measure = st.segmented_control(
                view.say("column_measure"),
                _MEASURES,
                format_func=lambda one: view.say(f"column_{one}"),
                key=f"{name}_measure",
                default=_MEASURES[0],
                label_visibility="collapsed",
                required=True,
            )
        _draw_bars(view, groups, whole, measure or _MEASURES[0])


def _draw_bars(view: View, groups: list[Row], whole: Row, measure: str) -> None:
    unit, divisor = unit_of(max((row["median_first_response"] or 0 for row in groups), default=0))
    factor = {"conversations": 1, "median_first_response": 1 / divisor}.get(measure, 100)
    titles = {"conversations": "axis_conversations", "median_first_response": "axis_first_response"}
    title = view.say(titles.get(measure, "axis_percent"), unit=view.say(unit))
    values = [
        (row["label"], row[measure] * factor, _written(view, measure, row[measure]))
        for row in groups[:_BARS]
        if row[measure] is not None
    ]
    # What all have together is no number to compare one's share of conversations with.
    reference = None if measure == "conversations" else whole[measure]
    if not values:
        st.caption(view.say("empty_measure"))
        return
    st.altair_chart(charts.bars(view, values, title, None if reference is None else reference * factor))
    if reference is not None:
        st.caption(view.say("comparison_line", value=_written(view, measure, reference)))
    if len(groups) > _BARS:
        st.caption(view.say("comparison_cut", count=view.number(_BARS)))


def _written(view: View, measure: str, value: float) -> str:
    if measure == "conversations":
        return view.number(value)
    return formats.duration(value) if measure == "median_first_response" else view.percent(value)


def table(view: View, groups: list[Row], heading: str, name: str, more: list[Column] | None = None) -> None:
    """Draw the groups as a table."""
    columns = [Column("label", "text", 165), *(more or []), *COLUMNS]
    with st.container(border=True):
        st.subheader(heading, anchor=False)
        grid(view, groups, columns, name)
