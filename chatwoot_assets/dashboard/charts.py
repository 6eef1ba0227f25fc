"""The charts of amounts: rows in, altair out. Whatever a colour says is also said by a text."""

from __future__ import annotations

import altair as alt

from chatwoot_assets.dashboard.axes import (
    BLUE,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    chart_of,
    number_axis,
)
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row

STATUS_COLOURS = {"resolved": BLUE, "open": ORANGE, "snoozed": SKY, "pending": PURPLE}
CONDITION_COLOURS = {
    "equal": BLUE, "uncompared": SKY, "unsummarized": PURPLE, "unmeasured": ORANGE, "differs": VERMILION,
    "missing": GREY,
}  # fmt: skip
# From ratings of 1 to those of 5.
RATING_COLOURS = {1: VERMILION, 2: ORANGE, 3: GREY, 4: SKY, 5: BLUE}

HEIGHT = 300


def statuses(view: PageContext, rows: list[Row]) -> alt.LayerChart:
    """Return conversations by status, as horizontal bars in the statuses' colours."""
    total = sum(row["conversations"] for row in rows)
    data = [
        {
            "status": view.translate_term("status", row["word"]),
            "conversations": row["conversations"],
            "text": f"{view.number(row['conversations'])} ({view.percent(row['conversations'] / total)})",
            "colour": STATUS_COLOURS.get(row["word"], GREY),
        }
        for row in sorted(rows, key=lambda row: -row["conversations"])
    ]
    return _coloured_bars(view, data, "status", "conversations", view.translate("axis_conversations"))


def bars(
    view: PageContext, values: list[tuple[str, float, str]], title: str, reference: float | None = None
) -> alt.LayerChart:
    """Return labelled values as horizontal bars, in the order given.

    Args:
        view: the view.
        values: of each bar its label, its value, and the value as a text.
        title: of the values' axis, with their unit.
        reference: a value that a line across the bars shows, such as that of all together.
    """
    data = [{"label": label, "value": value, "text": text} for label, value, text in values]
    base = chart_of(data).encode(
        y=alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=180)),
        x=alt.X("value:Q", title=title, axis=number_axis(view, 5), scale=alt.Scale(domainMin=0)),
        tooltip=[alt.Tooltip("label:N", title=" "), alt.Tooltip("text:N", title=title)],
    )
    layers: list[alt.Chart] = [
        base.mark_bar(color=BLUE, height={"band": 0.7}),
        base.mark_text(align="left", dx=4, color=_text_colour(view)).encode(text="text:N"),
    ]
    if reference is not None:
        line = chart_of([{"value": reference}]).mark_rule(color=ORANGE, strokeDash=[5, 3], strokeWidth=2)
        layers.append(line.encode(x="value:Q"))
    chart: alt.LayerChart = alt.layer(*layers).properties(height=alt.Step(26))
    return chart


def ratings(view: PageContext, counts: dict[int, int]) -> alt.LayerChart:
    """Return how often each rating was given."""
    total = sum(counts.values())
    data = [
        {
            "rating": view.translate(f"rating_{rating}"),
            "rated": counts.get(rating, 0),
            "text": f"{view.number(counts.get(rating, 0))} ({view.percent(counts.get(rating, 0) / total)})",
            "colour": colour,
        }
        for rating, colour in sorted(RATING_COLOURS.items(), reverse=True)
    ]
    return _coloured_bars(view, data, "rating", "rated", view.translate("column_rated"))


def _coloured_bars(view: PageContext, data: list[Row], label: str, value: str, title: str) -> alt.LayerChart:
    # Room for the texts beside the bars.
    scale = alt.Scale(domain=[0, 1.45 * max(row[value] for row in data)], nice=False)
    base = chart_of(data).encode(
        y=alt.Y(f"{label}:N", title=None, sort=None, axis=alt.Axis(labelLimit=180)),
        x=alt.X(f"{value}:Q", title=title, axis=number_axis(view, 4), scale=scale),
        tooltip=[alt.Tooltip(f"{label}:N", title=" "), alt.Tooltip("text:N", title=title)],
    )
    bars = base.mark_bar(height={"band": 0.7}).encode(color=alt.Color("colour:N", scale=None))
    text = base.mark_text(align="left", dx=4, color=_text_colour(view)).encode(text="text:N")
    chart: alt.LayerChart = alt.layer(bars, text).properties(height=HEIGHT)
    return chart


def _text_colour(view: PageContext) -> str:
    return "#c9ccd3" if view.is_dark else "#3d4149"


def heatmap(view: PageContext, counts: dict[tuple[int, int], int], weekdays: list[int], title: str) -> alt.Chart:
    """Return counts by weekday and hour; an hour without any is an empty cell's colour, not a hole."""
    data = [
        {
            "weekday": view.translate(f"weekday_{weekday}"),
            "hour": hour,
            "value": counts.get((weekday, hour), 0),
            "count": view.number(counts.get((weekday, hour), 0)),
            "when": f"{view.translate(f'weekday_{weekday}')}, {hour:02}:00–{hour:02}:59",  # noqa: RUF001  # from, to
        }
        for weekday in weekdays
        for hour in range(24)
    ]
    ramp = ["#16243a", "#1d4e80", "#2f86c6", "#8cc8f0", "#f2f9ff"] if view.is_dark else [
        "#f3f7fb", "#bcd8ee", "#62a8d8", "#1f6fae", "#08305a",
    ]  # fmt: skip
    chart: alt.Chart = (
        chart_of(data)
        .mark_rect(cornerRadius=2)
        .encode(
            x=alt.X(
                "hour:O",
                title=view.translate("axis_hour"),
                axis=alt.Axis(labelAngle=0),
                scale=alt.Scale(paddingInner=0.06),
            ),
            y=alt.Y("weekday:N", title=None, sort=None, scale=alt.Scale(paddingInner=0.06)),
            color=alt.Color(
                "value:Q",
                scale=alt.Scale(range=ramp),
                legend=alt.Legend(title=title, orient="bottom", gradientLength=240),
            ),
            tooltip=[
                alt.Tooltip("when:N", title=view.translate("tooltip_when")),
                alt.Tooltip("count:N", title=title),
            ],
        )
        .properties(height=HEIGHT + 20)
    )
    return chart
