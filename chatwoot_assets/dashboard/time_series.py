"""The charts over time, per day, week or month. Rows go in, an altair chart comes out."""

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
    chart_from_rows,
    choose_duration_unit,
    colour_scale,
    explain,
    format_start,
    number_axis,
    time_axis,
)
from chatwoot_assets.dashboard.list_filters import RATINGS, ListFilters
from chatwoot_assets.dashboard.live_counts import list_of_backlog
from chatwoot_assets.dashboard.page_context import PageContext, format_list_url
from chatwoot_assets.dashboard.queries import Row

HEIGHT = 300

# The series of each chart: their keys in the rows, and their colours.
_VOLUME = {"conversations": BLUE, "resolved": ORANGE}
_VOLUME_SUBJECTS = {"conversations": ListFilters(), "resolved": ListFilters(subject="resolutions")}
_RESPONSE_TIME_SUBJECTS = {
    "first_response_percentiles": ListFilters(subject="first_responses", sort="longest"),
    "percentiles": ListFilters(subject="replies", sort="longest"),
}
_RESPONSE_TIMES = {"first_response_percentiles": BLUE, "percentiles": ORANGE}
_BACKLOG_AREAS = {"open": ORANGE, "pending": PURPLE, "snoozed": SKY}
_BACKLOG_LINES = {"unattended": VERMILION, "unassigned": GREEN}
_MAX_POINTS = 120


def volume(page: PageContext, rows: list[Row]) -> alt.LayerChart:
    """Return the new conversations as bars, and the resolutions as a line."""
    data = [
        {
            "start": row["starts_on"].isoformat(),
            "series": page.translate(f"column_{key}"),
            "key": key,
            "value": row[key],
            "date": format_start(page, row["starts_on"]),
            "count": page.format_number(row[key]),
            "url": _list_of(page, row["starts_on"], _VOLUME_SUBJECTS[key]) if row[key] else None,
        }
        for row in rows
        for key in _VOLUME
    ]
    chart = chart_from_rows(data).encode(
        x=time_axis(page),
        y=alt.Y("value:Q", title=page.translate("axis_count"), axis=number_axis(page)),
        color=colour_scale("series:N", [page.translate(f"column_{key}") for key in _VOLUME], [*_VOLUME.values()]),
    )
    base = explain(chart, _tooltips(page, "count", "axis_count"))
    bars = base.mark_bar(cursor="pointer").transform_filter("datum.key == 'conversations'").encode(href="url:N")
    resolved = base.transform_filter("datum.key == 'resolved'")
    layers = (
        bars,
        resolved.mark_line(strokeWidth=2, aria=False),
        resolved.mark_circle(size=45, opacity=1, cursor="pointer").encode(href="url:N"),
    )
    layered: alt.LayerChart = alt.LayerChart(layer=layers).properties(height=HEIGHT)
    return layered


def response_times(page: PageContext, rows: list[Row], position: int) -> alt.LayerChart:
    """Return a percentile of the time to the first reply and to any reply, as two lines.

    Args:
        page: The context of the page.
        rows: A row per day, week or month, with lists of percentiles.
        position: The position of the percentile in these lists.
    """
    values = [(row["starts_on"], key, row[key][position]) for row in rows for key in _RESPONSE_TIMES if row.get(key)]
    unit, divisor = choose_duration_unit(max((value for _, _, value in values), default=0))
    data = [
        {
            "start": start.isoformat(),
            "series": page.translate(f"series_{key}"),
            "value": value / divisor,
            "date": format_start(page, start),
            "text": formats.format_duration(value),
            "url": _list_of(page, start, _RESPONSE_TIME_SUBJECTS[key]),
        }
        for start, key, value in values
    ]
    names = [page.translate(f"series_{key}") for key in _RESPONSE_TIMES]
    data += [{"start": start, "series": name, "value": None} for start in _gaps(page) for name in names]
    title = page.translate("axis_response_time", unit=page.translate(unit))
    chart = chart_from_rows(data).encode(
        x=time_axis(page),
        y=alt.Y("value:Q", title=title, axis=number_axis(page, 4)),
        color=colour_scale("series:N", names, [*_RESPONSE_TIMES.values()]),
    )
    base = explain(chart, _tooltips(page, "text", "tooltip_response_time"))
    layers = (
        base.mark_line(strokeWidth=2, aria=False),
        base.mark_circle(size=45, opacity=1, cursor="pointer").encode(href="url:N"),
    )
    layered: alt.LayerChart = alt.LayerChart(layer=layers).properties(height=HEIGHT - 40)
    return layered


def backlog(page: PageContext, rows: list[Row]) -> alt.LayerChart:
    """Return the backlog at the end of each day.

    The statuses are stacked areas. Unassigned and unattended conversations are among the open ones, and are lines.
    """
    points = _thin_out(rows)
    series = {**_BACKLOG_AREAS, **_BACKLOG_LINES}
    data = [
        {
            "start": row["backlog_date"].isoformat(),
            "series": page.translate(f"backlog_{key}"),
            "mark": "area" if key in _BACKLOG_AREAS else "line",
            **_stack(row, key),
            "date": page.format_date(row["backlog_date"]),
            "count": page.format_number(row[key]),
            "url": format_list_url(list_of_backlog(page, row, key)),
        }
        for row in points
        for key in series
    ]
    names = [page.translate(f"backlog_{key}") for key in series]
    chart = chart_from_rows(data).encode(
        x=time_axis(page, [row["backlog_date"] for row in points], title="axis_day_end"),
        y=alt.Y("top:Q", title=page.translate("axis_conversations"), axis=number_axis(page), stack=None),
        color=colour_scale("series:N", names, [*series.values()]),
    )
    base = explain(chart, _tooltips(page, "count", "axis_conversations"))
    areas = base.transform_filter("datum.mark == 'area'").mark_area(opacity=0.4, aria=False).encode(y2="bottom:Q")
    lines = base.transform_filter("datum.mark == 'line'").mark_line(strokeWidth=2.5, strokeDash=[6, 3], aria=False)
    dots = (
        base.transform_filter("datum.url !== null")
        .mark_circle(size=30, opacity=1, cursor="pointer")
        .encode(href="url:N")
    )
    layered: alt.LayerChart = alt.LayerChart(layer=[areas, lines, dots]).properties(height=HEIGHT)
    return layered


def _list_of(page: PageContext, start: datetime.date, conditions: ListFilters) -> str | None:
    """Return the address of the list of a day, week or month."""
    return page.list_url(conditions, period=page.days_from(start))


def _stack(row: Row, key: str) -> Row:
    """Return where the mark of a part of the backlog begins and ends. Stacked by Vega, a gap would become a zero."""
    if row[key] is None:
        return {"top": None, "bottom": None}
    areas = [*_BACKLOG_AREAS]
    bottom = sum(row[area] for area in areas[: areas.index(key)]) if key in areas else 0
    return {"top": bottom + row[key], "bottom": bottom}


def _gaps(page: PageContext) -> list[str]:
    """Return the days, weeks or months that are not loaded: a line is interrupted there."""
    return [start.isoformat() for start, is_loaded in page.loaded_starts.items() if not is_loaded]


def _tooltips(page: PageContext, field: str, title: str) -> dict[str, str]:
    """Return the fields of a tooltip with their titles: the date, the series and a formatted value.

    Args:
        page: The context of the page.
        field: The field of the formatted value.
        title: The key of the value's title.
    """
    return {"date": page.translate("tooltip_date"), "series": " ", field: page.translate(title)}


def _thin_out(rows: list[Row]) -> list[Row]:
    """Return every nth row, counted from the last, so that there are at most _MAX_POINTS."""
    step = -(-len(rows) // _MAX_POINTS)
    return rows[::-1][::step][::-1] if rows else []


def score(page: PageContext, rows: list[Row]) -> alt.LayerChart:
    """Return the share of ratings of 4 or 5 over time; larger points stand for more ratings."""
    data = [
        {
            "start": row["starts_on"].isoformat(),
            "score": 100 * row["satisfied"] / row["rated"],
            "rated": row["rated"],
            "date": format_start(page, row["starts_on"]),
            "text": page.format_percent(row["satisfied"] / row["rated"]),
            "count": page.format_number(row["rated"]),
            "url": _list_of(page, row["starts_on"], ListFilters(subject="surveys", ratings=RATINGS)),
        }
        for row in rows
    ]
    data += [{"start": start, "score": None} for start in _gaps(page)]
    chart = chart_from_rows(data).encode(
        x=time_axis(page),
        y=alt.Y(
            "score:Q",
            title=page.translate("axis_score"),
            axis=number_axis(page),
            scale=alt.Scale(domain=[0, 100], nice=False),
        ),
    )
    tooltips = {
        "date": page.translate("tooltip_date"),
        "text": page.translate("card_score"),
        "count": page.translate("column_rated"),
    }
    base = explain(chart, tooltips)
    points = base.mark_circle(color=BLUE, opacity=1, cursor="pointer").encode(
        size=alt.Size("rated:Q", legend=None, scale=alt.Scale(range=[30, 250])), href="url:N"
    )
    line = base.mark_line(color=BLUE, strokeWidth=2, opacity=0.5, aria=False)
    layered: alt.LayerChart = alt.LayerChart(layer=[line, points]).properties(height=HEIGHT)
    return layered


def day_conditions(page: PageContext, conditions: dict[datetime.date, str], colours: dict[str, str]) -> alt.Chart:
    """Return a strip with one cell per day, week or month in the colour of the worst condition of its days.

    Args:
        page: The context of the page.
        conditions: The condition of each day.
        colours: The colours of all conditions, in the order of the legend, which is from the best to the worst.
    """
    of_cells: dict[datetime.date, list[str]] = {}
    for date, condition in sorted(conditions.items()):
        of_cells.setdefault(page.period.start_of(date), []).append(condition)
    worst = {start: max(in_cell, key=[*colours].index) for start, in_cell in of_cells.items()}
    present = [condition for condition in colours if condition in worst.values()]
    data: list[dict[str, Any]] = [
        {
            "start": start.isoformat(),
            "condition": page.translate(f"condition_{condition}"),
            "days": f"{of_cells[start].count(condition)} / {len(of_cells[start])}",
            "date": format_start(page, start),
            "url": page.unfiltered.list_url(period=page.days_from(start)) if page.loaded_starts[start] else None,
        }
        for start, condition in worst.items()
    ]
    tooltips = {
        "date": page.translate("tooltip_date"),
        "condition": page.translate("column_condition"),
    }
    if page.period.grain != "day":
        tooltips["days"] = page.translate("tooltip_days")
    chart: alt.Chart = (
        chart_from_rows(data)
        .mark_rect(cursor="pointer")
        .encode(
            href="url:N",
            x=time_axis(page),
            y=alt.value(0),
            y2=alt.value(34),
            color=colour_scale(
                "condition:N",
                [page.translate(f"condition_{condition}") for condition in present],
                [colours[condition] for condition in present],
            ),
        )
        .properties(height=180)
    )
    return explain(chart, tooltips)
