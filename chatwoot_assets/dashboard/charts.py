"""The charts: rows in, altair out. Whatever a colour says is also said by a text."""

from __future__ import annotations

import datetime

import altair as alt

from chatwoot_assets.dashboard import formats
from chatwoot_assets.dashboard.axes import (
    BLUE,
    GREY,
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
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.view import View

STATUS_COLOURS = {"resolved": BLUE, "open": ORANGE, "snoozed": SKY, "pending": PURPLE}
CONDITION_COLOURS = {
    "equal": BLUE, "uncompared": SKY, "unsummarized": ORANGE, "differs": VERMILION, "missing": GREY,
}  # fmt: skip
# From ratings of 1 to those of 5.
RATING_COLOURS = {1: VERMILION, 2: ORANGE, 3: GREY, 4: SKY, 5: BLUE}

HEIGHT = 300


def volume(view: View, rows: list[Row]) -> alt.Chart:
    """Return conversations by day, week or month, stacked by status."""
    order = [*STATUS_COLOURS, *sorted({row["status"] for row in rows} - set(STATUS_COLOURS))]
    data = [
        {
            "start": row["starts_on"].isoformat(),
            "status": view.word("status", row["status"]),
            "order": order.index(row["status"]),
            "conversations": row["conversations"],
            "when": start_text(view, row["starts_on"]),
            "count": view.number(row["conversations"]),
        }
        for row in rows
    ]
    present = [status for status in order if any(row["status"] == status for row in rows)]
    chart: alt.Chart = (
        chart_of(data)
        .mark_bar()
        .encode(
            x=time_axis(view),
            y=alt.Y("conversations:Q", title=view.say("axis_conversations"), axis=number_axis(view)),
            color=colour_of(
                "status:N",
                [view.word("status", status) for status in present],
                [STATUS_COLOURS.get(status, GREY) for status in present],
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("when:N", title=view.say("tooltip_when")),
                alt.Tooltip("status:N", title=view.say("column_status")),
                alt.Tooltip("count:N", title=view.say("axis_conversations")),
            ],
        )
        .properties(height=HEIGHT)
    )
    return chart


def statuses(view: View, rows: list[Row]) -> alt.LayerChart:
    """Return conversations by status, as horizontal bars in the statuses' colours."""
    total = sum(row["conversations"] for row in rows)
    data = [
        {
            "status": view.word("status", row["status"]),
            "conversations": row["conversations"],
            "text": f"{view.number(row['conversations'])} ({view.percent(row['conversations'] / total)})",
            "colour": STATUS_COLOURS.get(row["status"], GREY),
        }
        for row in sorted(rows, key=lambda row: -row["conversations"])
    ]
    return _coloured_bars(view, data, "status", "conversations", view.say("axis_conversations"))


def first_response(view: View, rows: list[Row], key: str, colour: str = BLUE) -> alt.LayerChart:
    """Return how long first replies took by day, week or month: the median or the ninetieth percentile of each."""
    unit, seconds = unit_of(max((row[key] for row in rows), default=0))
    data = [
        {
            "start": row["starts_on"].isoformat(),
            "value": row[key] / seconds,
            "when": start_text(view, row["starts_on"]),
            "text": formats.duration(row[key]),
            "answered": view.number(row["answered"]),
        }
        for row in rows
    ]
    base = chart_of(data).encode(
        x=time_axis(view),
        y=alt.Y("value:Q", title=view.say("axis_first_response", unit=view.say(unit)), axis=number_axis(view, 4)),
        tooltip=[
            alt.Tooltip("when:N", title=view.say("tooltip_when")),
            alt.Tooltip("text:N", title=view.say("column_first_response_seconds")),
            alt.Tooltip("answered:N", title=view.say("column_answered")),
        ],
    )
    layers = base.mark_line(color=colour, strokeWidth=2), base.mark_circle(color=colour, size=45, opacity=1)
    chart: alt.LayerChart = alt.layer(*layers).properties(height=HEIGHT - 40)
    return chart


def score(view: View, rows: list[Row]) -> alt.LayerChart:
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
            title=view.say("axis_score"),
            axis=number_axis(view),
            scale=alt.Scale(domain=[0, 100], nice=False),
        ),
        tooltip=[
            alt.Tooltip("when:N", title=view.say("tooltip_when")),
            alt.Tooltip("text:N", title=view.say("card_score")),
            alt.Tooltip("count:N", title=view.say("column_rated")),
        ],
    )
    points = base.mark_circle(color=BLUE, opacity=1).encode(
        size=alt.Size("rated:Q", legend=None, scale=alt.Scale(range=[30, 250]))
    )
    chart: alt.LayerChart = alt.layer(base.mark_line(color=BLUE, strokeWidth=2, opacity=0.5), points).properties(
        height=HEIGHT
    )
    return chart


def bars(
    view: View, values: list[tuple[str, float, str]], title: str, reference: float | None = None
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


def ratings(view: View, counts: dict[int, int]) -> alt.LayerChart:
    """Return how often each rating was given."""
    total = sum(counts.values())
    data = [
        {
            "rating": view.say(f"rating_{rating}"),
            "rated": counts.get(rating, 0),
            "text": f"{view.number(counts.get(rating, 0))} ({view.percent(counts.get(rating, 0) / total)})",
            "colour": colour,
        }
        for rating, colour in sorted(RATING_COLOURS.items(), reverse=True)
    ]
    return _coloured_bars(view, data, "rating", "rated", view.say("column_rated"))


def _coloured_bars(view: View, data: list[Row], label: str, value: str, title: str) -> alt.LayerChart:
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


def _text_colour(view: View) -> str:
    return "#c9ccd3" if view.is_dark else "#3d4149"


def heatmap(view: View, rows: list[Row], weekdays: list[int]) -> alt.Chart:
    """Return conversations by hour and weekday; an hour without any is an empty cell's colour, not a hole."""
    counts = {(row["day_of_week"], row["conversation_hour"]): row["conversations"] for row in rows}
    data = [
        {
            "weekday": view.say(f"weekday_{weekday}"),
            "hour": hour,
            "conversations": counts.get((weekday, hour), 0),
            "count": view.number(counts.get((weekday, hour), 0)),
            "when": f"{view.say(f'weekday_{weekday}')}, {hour:02}:00–{hour:02}:59",  # noqa: RUF001  # from, to
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
                "hour:O", title=view.say("axis_hour"), axis=alt.Axis(labelAngle=0), scale=alt.Scale(paddingInner=0.06)
            ),
            y=alt.Y("weekday:N", title=None, sort=None, scale=alt.Scale(paddingInner=0.06)),
            color=alt.Color(
                "conversations:Q",
                scale=alt.Scale(range=ramp),
                legend=alt.Legend(title=view.say("axis_conversations"), orient="bottom", gradientLength=240),
            ),
            tooltip=[
                alt.Tooltip("when:N", title=view.say("tooltip_when")),
                alt.Tooltip("count:N", title=view.say("axis_conversations")),
            ],
        )
        .properties(height=HEIGHT + 40)
    )
    return chart


def conditions(view: View, days: dict[datetime.date, str]) -> alt.Chart:
    """Return a strip with a cell a day, coloured by its condition."""
    present = [condition for condition in CONDITION_COLOURS if condition in days.values()]
    data = [
        {
            "start": date.isoformat(),
            "condition": view.say(f"condition_{condition}"),
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
                [view.say(f"condition_{condition}") for condition in present],
                [CONDITION_COLOURS[condition] for condition in present],
            ),
            tooltip=[
                alt.Tooltip("when:N", title=view.say("tooltip_when")),
                alt.Tooltip("condition:N", title=view.say("column_condition")),
            ],
        )
        .properties(height=180)
    )
    return chart
