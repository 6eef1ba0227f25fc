"""A chart of any numbers over time, one line per number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import altair as alt

from chatwoot_assets.dashboard.axes import chart_from_rows, colour_scale, explain, format_start, number_axis, time_axis
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row

_HEIGHT = 260


class Line(NamedTuple):
    """A line of the chart.

    Attributes:
        key: The key of its values in the rows.
        name: Its name in the legend.
        colour: Its colour.
        conditions: The list of what a value counts, or None if there is none.
        width: How wide it is.
    """

    key: str
    name: str
    colour: str
    conditions: ListFilters | None = None
    width: int = 2


def lines(
    page: PageContext,
    rows: list[Row],
    shown: list[Line],
    title: str,
    format_value: Callable[[float], str],
    factor: float = 1,
) -> alt.LayerChart:
    """Return lines of values per day, week or month. A value that is None interrupts its line.

    Args:
        page: The context of the page.
        rows: The rows, each with the first day of its time as starts_on.
        shown: The lines.
        title: The title of the value axis, with its unit.
        format_value: Returns the text of a value.
        factor: What a value is multiplied by, to have the unit of the axis.
    """
    data = [
        {
            "start": row["starts_on"].isoformat(),
            "series": line.name,
            "width": line.width,
            "value": None if (value := row[line.key]) is None else value * factor,
            "date": format_start(page, row["starts_on"]),
            "text": None if value is None else format_value(value),
            "url": page.list_url(line.conditions, period=page.days_from(row["starts_on"]))
            if line.conditions and value
            else None,
        }
        for row in rows
        for line in shown
    ]
    chart = chart_from_rows(data).encode(
        x=time_axis(page),
        y=alt.Y("value:Q", title=title, axis=number_axis(page, 4), scale=alt.Scale(domainMin=0)),
        color=colour_scale("series:N", [line.name for line in shown], [line.colour for line in shown]),
    )
    base = explain(chart, {"date": page.translate("tooltip_date"), "series": " ", "text": title})
    cursor: Literal["pointer", "default"] = "pointer" if any(row["url"] for row in data) else "default"
    points = base.mark_circle(size=45, opacity=1, cursor=cursor).transform_filter("datum.value !== null")
    layers = [
        base.mark_line(aria=False).encode(strokeWidth=alt.StrokeWidth("width:Q", scale=None, legend=None)),
        points.encode(href="url:N"),
    ]
    layered: alt.LayerChart = alt.LayerChart(layer=layers).properties(height=_HEIGHT)
    return layered
