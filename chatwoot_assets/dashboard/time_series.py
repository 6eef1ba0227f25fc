"""The charts over time: what happened by day, week or month, and what was waiting. Rows in, altair out."""

from __future__ import annotations

import datetime
from typing import Any

import altair as alt

from chatwoot_assets.dashboard import formats
from chatwoot_assets.dashboard.axes import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    chart_of,
    colour_of,
    number_axis,
    start_text,
    time_axis,
    unit_of,
)
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row

HEIGHT = 300

# Of what happened the rows' keys, and their colours.
_HAPPENED = {"conversations": BLUE, "resolved": ORANGE}
_WAITS = {"first_percentiles": BLUE, "percentiles": ORANGE}
_AREAS = {"open": ORANGE, "pending": PURPLE, "snoozed": SKY}
_LINES = {"unattended": VERMILION, "unassigned": GREEN}
_MOST_POINTS = 120


def happened(view: PageContext, rows: list[Row]) -> alt.LayerChart:
    """Return the conversations that began as bars, and the resolutions as a line."""
    data = [
        {
            "start": row["starts_on"].isoformat(),
            "what": view.translate(f"column_{key}"),
            "key": key,
            "value": row[key],
            "when": start_text(view, row["starts_on"]),
            "count": view.number(row[key]),
        }
        for row in rows
        for key in _HAPPENED
    ]
    base = chart_of(data).encode(
        x=time_axis(view),
        y=alt.Y("value:Q", title=view.translate("axis_count"), axis=number_axis(view)),
        color=colour_of("what:N", [view.translate(f"column_{key}") for key in _HAPPENED], [*_HAPPENED.values()]),
        tooltip=[
            alt.Tooltip("when:N", title=view.translate("tooltip_when")),
            alt.Tooltip("what:N", title=" "),
            alt.Tooltip("count:N", title=view.translate("axis_count")),
        ],
    )
    bars = base.mark_bar().transform_filter("datum.key == 'conversations'")
    closed = base.transform_filter("datum.key == 'resolved'")
    layers = bars, closed.mark_line(strokeWidth=2), closed.mark_circle(size=45, opacity=1)
    chart: alt.LayerChart = alt.layer(*layers).properties(height=HEIGHT)
    return chart


def waits(view: PageContext, rows: list[Row], position: int) -> alt.LayerChart:
    """Return how long contacts waited, for a first and for any reply: a percentile, by its place in the lists."""
    values = [(row["starts_on"], key, row[key][position]) for row in rows for key in _WAITS if row.get(key)]
    unit, divisor = unit_of(max((value for _, _, value in values), default=0))
    data = [
        {
            "start": start.isoformat(),
            "what": view.translate(f"waits_{key}"),
            "value": value / divisor,
            "when": start_text(view, start),
            "text": formats.duration(value),
        }
        for start, key, value in values
    ]
    base = chart_of(data).encode(
        x=time_axis(view),
        y=alt.Y("value:Q", title=view.translate("axis_wait", unit=view.translate(unit)), axis=number_axis(view, 4)),
        color=colour_of("what:N", [view.translate(f"waits_{key}") for key in _WAITS], [*_WAITS.values()]),
        tooltip=[
            alt.Tooltip("when:N", title=view.translate("tooltip_when")),
            alt.Tooltip("what:N", title=" "),
            alt.Tooltip("text:N", title=view.translate("tooltip_wait")),
        ],
    )
    layers = base.mark_line(strokeWidth=2), base.mark_circle(size=45, opacity=1)
    chart: alt.LayerChart = alt.layer(*layers).properties(height=HEIGHT - 40)
    return chart


def backlog(view: PageContext, rows: list[Row]) -> alt.LayerChart:
    """Return what was waiting at each day's end: by status stacked, and of the open ones two parts as lines."""
    shown = _thinned(rows)
    keys = {**_AREAS, **_LINES}
    data = [
        {
            "start": row["backlog_date"].isoformat(),
            "what": view.translate(f"backlog_{key}"),
            "kind": "area" if key in _AREAS else "line",
            "order": order,
            "value": row[key],
            "when": view.date(row["backlog_date"]),
            "count": view.number(row[key]),
        }
        for row in shown
        for order, key in enumerate(keys)
    ]
    names = [view.translate(f"backlog_{key}") for key in keys]
    base = chart_of(data).encode(
        x=time_axis(view, [row["backlog_date"] for row in shown], title="axis_day_end"),
        y=alt.Y("value:Q", title=view.translate("axis_conversations"), axis=number_axis(view)),
        color=colour_of("what:N", names, [*keys.values()], columns=len(keys)),
        tooltip=[
            alt.Tooltip("when:N", title=view.translate("tooltip_when")),
            alt.Tooltip("what:N", title=" "),
            alt.Tooltip("count:N", title=view.translate("axis_conversations")),
        ],
    )
    areas = base.transform_filter("datum.kind == 'area'").mark_area(opacity=0.4).encode(order=alt.Order("order:Q"))
    lines = base.transform_filter("datum.kind == 'line'").mark_line(strokeWidth=2.5, strokeDash=[6, 3])
    chart: alt.LayerChart = alt.layer(areas, lines).properties(height=HEIGHT)
    return chart


def _thinned(rows: list[Row]) -> list[Row]:
    """Return the last rows of equal stretches, where there are more than a chart shows."""
    step = -(-len(rows) // _MOST_POINTS)
    return rows[::-1][::step][::-1] if rows else []


def score(view: PageContext, rows: list[Row]) -> alt.LayerChart:
    """Return the share of ratings of 4 or 5 by day, week or month; a point is as large as it has ratings."""
    data = [
        {
            "start": row["starts_on"].isoformat(),
            "score": 100 * row["satisfied"] / row["rated"],
            "rated": row["rated"],
            "when": start_text(view, row["starts_on"]),
            "text": view.percent(row["satisfied"] / row["rated"]),
            "count": view.number(row["rated"]),
        }
        for row in rows
    ]
    base = chart_of(data).encode(
        x=time_axis(view),
        y=alt.Y(
            "score:Q",
            title=view.translate("axis_score"),
            axis=number_axis(view),
            scale=alt.Scale(domain=[0, 100], nice=False),
        ),
        tooltip=[
            alt.Tooltip("when:N", title=view.translate("tooltip_when")),
            alt.Tooltip("text:N", title=view.translate("card_score")),
            alt.Tooltip("count:N", title=view.translate("column_rated")),
        ],
    )
    points = base.mark_circle(color=BLUE, opacity=1).encode(
        size=alt.Size("rated:Q", legend=None, scale=alt.Scale(range=[30, 250]))
    )
    line = base.mark_line(color=BLUE, strokeWidth=2, opacity=0.5)
    chart: alt.LayerChart = alt.layer(line, points).properties(height=HEIGHT)
    return chart


def conditions(view: PageContext, days: dict[datetime.date, str], colours: dict[str, str]) -> alt.Chart:
    """Return a strip with a cell a day, coloured by its condition."""
    present = [condition for condition in colours if condition in days.values()]
    data: list[dict[str, Any]] = [
        {
            "start": date.isoformat(),
            "condition": view.translate(f"condition_{condition}"),
            "when": view.date(date),
        }
        for date, condition in sorted(days.items())
    ]
    chart: alt.Chart = (
        chart_of(data)
        .mark_rect()
        .encode(
            x=time_axis(view, list(days)),
            y=alt.value(0),
            y2=alt.value(34),
            color=colour_of(
                "condition:N",
                [view.translate(f"condition_{condition}") for condition in present],
                [colours[condition] for condition in present],
            ),
            tooltip=[
                alt.Tooltip("when:N", title=view.translate("tooltip_when")),
                alt.Tooltip("condition:N", title=view.translate("column_condition")),
            ],
        )
        .properties(height=180)
    )
    return chart
