"""The charts of amounts. Rows go in, an altair chart comes out. Texts repeat what colours say."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import altair as alt

from chatwoot_assets.dashboard.axes import (
    BLUE,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    chart_from_rows,
    explain,
    number_axis,
)
from chatwoot_assets.dashboard.filters import STATUSES
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.shortening import shorten_apart

STATUS_COLOURS = {"resolved": BLUE, "open": ORANGE, "snoozed": SKY, "pending": PURPLE}
# From the best to the worst: a month with a day that differs is shown as one that differs.
CONDITION_COLOURS = {
    "matches": BLUE, "not_compared": SKY, "not_loaded": GREY, "outdated": ORANGE, "differs": VERMILION,
}  # fmt: skip
RATING_COLOURS = {1: VERMILION, 2: ORANGE, 3: GREY, 4: SKY, 5: BLUE}

HEIGHT = 300
_MAX_LABEL = 28  # characters
_PADDING = {"right": 12}  # else the edge of the chart cuts the last number of a horizontal axis

WEEKDAYS = [1, 2, 3, 4, 5, 6, 0]  # Sunday is 0; the week is shown from Monday


def status_bars(page: PageContext, rows: list[Row]) -> alt.LayerChart:
    """Return the conversations by status as horizontal bars in the colours of the statuses."""
    total = sum(row["conversations"] for row in rows)
    data = [
        {
            "status": page.translate_term("status", row["group_name"]),
            "conversations": row["conversations"],
            "text": _count_and_share(page, row["conversations"], total),
            "colour": STATUS_COLOURS.get(row["group_name"], GREY),
            "url": page.list_url(filters={"statuses": (row["group_name"],)}) if row["group_name"] in STATUSES else None,
        }
        for row in sorted(rows, key=lambda row: -row["conversations"])
    ]
    return _coloured_bars(page, data, "status", "conversations", page.translate("axis_conversations"))


class Bar(NamedTuple):
    """A horizontal bar.

    Attributes:
        label: Its label.
        value: Its length.
        text: The formatted value.
        url: The address of the list of what it counts, or None.
    """

    label: str
    value: float
    text: str
    url: str | None


def bars(page: PageContext, values: list[Bar], title: str, reference: float | None = None) -> alt.LayerChart:
    """Return values as horizontal bars, in the order given.

    Args:
        page: The context of the page.
        values: The bars.
        title: The title of the value axis, with its unit.
        reference: A value for a line across the bars, such as the one of all groups together.
    """
    shown = shorten_apart({bar.label for bar in values}, _MAX_LABEL)
    chart = chart_from_rows([{**bar._asdict(), "shown": shown[bar.label]} for bar in values]).encode(
        href="url:N",
        y=alt.Y("shown:N", title=None, sort=None, axis=alt.Axis(aria=False, labelLimit=200)),
        x=alt.X("value:Q", title=title, axis=number_axis(page, 5), scale=alt.Scale(domainMin=0)),
    )
    base = explain(chart, {"label": " ", "text": title})
    layers: list[alt.Chart] = [
        base.mark_bar(color=BLUE, cursor="pointer", height={"band": 0.7}),
        base.mark_text(align="left", dx=4, color=_text_colour(page), aria=False).encode(text="text:N"),
    ]
    if reference is not None:
        line = chart_from_rows([{"value": reference}]).mark_rule(
            color=ORANGE, strokeDash=[5, 3], strokeWidth=2, aria=False
        )
        layers.append(line.encode(x="value:Q"))
    layered: alt.LayerChart = alt.LayerChart(layer=layers).properties(height=alt.Step(26), padding=_PADDING)
    return layered


def rating_bars(page: PageContext, counts: dict[int, int]) -> alt.LayerChart:
    """Return how often each rating was given, as horizontal bars."""
    total = sum(counts.values())
    data = [
        {
            "rating": page.translate(f"rating_{rating}"),
            "rated": counts.get(rating, 0),
            "text": _count_and_share(page, counts.get(rating, 0), total),
            "colour": colour,
            "url": page.list_url(ListFilters(subject="surveys", ratings=(rating,))) if counts.get(rating) else None,
        }
        for rating, colour in sorted(RATING_COLOURS.items(), reverse=True)
    ]
    return _coloured_bars(page, data, "rating", "rated", page.translate("column_rated"))


def _count_and_share(page: PageContext, count: int, total: int) -> str:
    return f"{page.format_number(count)} ({page.format_percent(count / total)})"


def _coloured_bars(page: PageContext, data: list[Row], label: str, value: str, title: str) -> alt.LayerChart:
    # The factor leaves room for the texts beside the bars.
    scale = alt.Scale(domain=[0, 1.45 * max(row[value] for row in data)], nice=False)
    chart = chart_from_rows(data).encode(
        href="url:N",
        y=alt.Y(f"{label}:N", title=None, sort=None, axis=alt.Axis(aria=False, labelLimit=180)),
        x=alt.X(f"{value}:Q", title=title, axis=number_axis(page, 4), scale=scale),
    )
    base = explain(chart, {label: " ", "text": title})
    bars = base.mark_bar(height={"band": 0.7}, cursor="pointer").encode(color=alt.Color("colour:N", scale=None))
    text = base.mark_text(align="left", dx=4, color=_text_colour(page), aria=False).encode(text="text:N")
    layered: alt.LayerChart = alt.LayerChart(layer=[bars, text]).properties(height=HEIGHT, padding=_PADDING)
    return layered


def _text_colour(page: PageContext) -> str:
    return "#c9ccd3" if page.is_dark else "#3d4149"


def heatmap(
    page: PageContext,
    counts: dict[tuple[int, int], float],
    weekdays: list[int],
    title: str,
    find_url: Callable[[int, int], str | None] | None = None,
) -> alt.Chart:
    """Return counts, or averages of counts, by weekday and hour.

    An hour without any gets the colour of zero, not a hole.

    Args:
        page: The context of the page.
        counts: The count of each weekday (Sunday is 0) and hour.
        weekdays: The weekdays from top to bottom.
        title: The title of the legend.
        find_url: Returns the address of the list of a weekday and hour; None if there are no lists.
    """
    is_whole = all(isinstance(count, int) for count in counts.values())
    data = [
        {
            "weekday": page.translate(f"weekday_{weekday}"),
            "hour": hour,
            "value": counts.get((weekday, hour), 0),
            "count": page.format_number(counts.get((weekday, hour), 0), 0 if is_whole else 1),
            "url": find_url(weekday, hour) if find_url and counts.get((weekday, hour)) else None,
            "time": f"{page.translate(f'weekday_{weekday}')}, {hour:02}:00–{hour:02}:59",  # noqa: RUF001  # an en dash
        }
        for weekday in weekdays
        for hour in range(24)
    ]
    ramp = ["#16243a", "#1d4e80", "#2f86c6", "#8cc8f0", "#f2f9ff"] if page.is_dark else [
        "#f3f7fb", "#bcd8ee", "#62a8d8", "#1f6fae", "#08305a",
    ]  # fmt: skip
    chart: alt.Chart = (
        chart_from_rows(data)
        .mark_rect(cornerRadius=2, cursor="pointer" if any(row["url"] for row in data) else "default")
        .encode(
            href="url:N",
            x=alt.X(
                "hour:O",
                title=page.translate("axis_hour"),
                axis=alt.Axis(aria=False, labelAngle=0),
                scale=alt.Scale(paddingInner=0.06),
            ),
            y=alt.Y(
                "weekday:N",
                title=None,
                sort=None,
                axis=alt.Axis(aria=False, labelFlush=False),  # else the theme moves the first label off its row
                scale=alt.Scale(paddingInner=0.06),
            ),
            color=alt.Color(
                "value:Q",
                scale=alt.Scale(range=ramp),
                legend=alt.Legend(aria=False, title=title, orient="bottom", gradientLength=200),
            ),
        )
        .properties(height=HEIGHT + 20)
    )
    tooltips = {"time": page.translate("tooltip_time"), "count": title}
    return explain(chart, tooltips)
