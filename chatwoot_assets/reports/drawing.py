"""Lay a chart out as rectangles, lines and texts, which HTML draws as SVG and PDF with its own operators."""

from __future__ import annotations

import datetime
import itertools
import math
from dataclasses import dataclass
from typing import Literal

from chatwoot_assets.dashboard.formats import Language, format_date, format_number
from chatwoot_assets.reports.content import Chart

WIDTH, HEIGHT = 640.0, 200.0
COLOURS = ("#0072B2", "#E69F00", "#009E73")  # told apart by colour-blind readers, too
GREY = "#8a8f98"
_LEFT, _TOP, _BOTTOM = 52.0, 24.0, 22.0


@dataclass(frozen=True)
class Shape:
    """A part of a drawing.

    Attributes:
        kind: A filled rectangle from (x, y) with the size (w, h), a line from (x, y) to (w, h), or a text at (x, y).
        x, y, w, h: The coordinates; y grows downwards.
        colour: The colour, as #rrggbb.
        text: The text.
        anchor: Where the text's x is.
    """

    kind: Literal["rectangle", "line", "text"]
    x: float
    y: float
    w: float = 0
    h: float = 0
    colour: str = GREY
    text: str = ""
    anchor: Literal["start", "middle", "end"] = "start"


def draw(chart: Chart, language: Language) -> list[Shape]:
    """Return the shapes of a chart: bars for two series, a line for one. A value that is not known leaves a gap."""
    largest = max((value for series in chart.series.values() for value in series if value is not None), default=0)
    unit, divisor = "", 1
    if chart.unit == "seconds":
        unit, divisor = ("h", 3_600) if largest >= 3 * 3_600 else ("min", 60)
    ticks = _ticks(largest / divisor, whole=not unit)
    top = ticks[-1] * divisor
    shapes = _axis(chart, ticks, unit, language)
    slot = (WIDTH - _LEFT) / max(len(chart.starts), 1)
    for number, (label, series) in enumerate(chart.series.items()):
        colour = COLOURS[number % len(COLOURS)]
        x = _LEFT + 150 * number
        shapes.append(Shape("rectangle", x, 4, 10, 10, colour))
        shapes.append(Shape("text", x + 15, 13, text=label))
        shapes += (
            _bars(series, number, len(chart.series), slot, top) if len(chart.series) > 1 else _line(series, slot, top)
        )
    return shapes


def _height(value: float, top: float) -> float:
    return (HEIGHT - _TOP - _BOTTOM) * max(value, 0) / top


def _ticks(largest: float, *, whole: bool) -> list[float]:
    """Return three to six round numbers from 0 to the largest value or beyond.

    Args:
        largest: The largest value.
        whole: Whether only whole numbers make sense.
    """
    exponent = math.floor(math.log10(largest / 5)) if largest > 0 else 0
    steps = (factor * 10.0**power for power in (exponent, exponent + 1) for factor in (1, 2, 5))
    step = next(step for step in steps if step * 5 >= largest and (not whole or step >= 1))
    return [step * number for number in range(max(2, math.ceil(largest / step)) + 1)]


def _axis(chart: Chart, ticks: list[float], unit: str, language: Language) -> list[Shape]:
    shapes = []
    decimals = max(0, -math.floor(math.log10(ticks[1])))
    for tick in ticks:
        y = HEIGHT - _BOTTOM - _height(tick, ticks[-1])
        text = format_number(tick, language, decimals)
        shapes.append(Shape("line", _LEFT, y, WIDTH, y, "#d8dbe0"))
        shapes.append(Shape("text", _LEFT - 6, y + 4, text=f"{text} {unit}".strip(), anchor="end"))
    count = len(chart.starts)
    slot = (WIDTH - _LEFT) / max(count, 1)
    step = max(1, -(-count // 8))
    has_years = len({start.year for start in chart.starts}) > 1
    shapes += [
        Shape(
            "text",
            _LEFT + (number + 0.5) * slot,
            HEIGHT - 6,
            text=_day(start, language, has_years=has_years),
            anchor="middle",
        )
        for number, start in enumerate(chart.starts)
        if number % step == 0
    ]
    return shapes


def _day(date: datetime.date, language: Language, *, has_years: bool) -> str:
    """Return the label of a day; with its year where the axis has days of several years."""
    if has_years:
        return format_date(date, language)
    return f"{date:%d/%m}" if language == "pt" else f"{date:%m-%d}"


def _bars(series: list[float | None], number: int, count: int, slot: float, top: float) -> list[Shape]:
    width = slot * 0.8 / count
    return [
        Shape(
            "rectangle",
            _LEFT + position * slot + slot * 0.1 + number * width,
            HEIGHT - _BOTTOM - _height(value, top),
            width,
            _height(value, top),
            COLOURS[number % len(COLOURS)],
        )
        for position, value in enumerate(series)
        if value is not None
    ]


def _line(series: list[float | None], slot: float, top: float) -> list[Shape]:
    points = [
        None if value is None else (_LEFT + (position + 0.5) * slot, HEIGHT - _BOTTOM - _height(value, top))
        for position, value in enumerate(series)
    ]
    lines = [
        Shape("line", *before, *after, COLOURS[0]) for before, after in itertools.pairwise(points) if before and after
    ]
    dots = [Shape("rectangle", point[0] - 2, point[1] - 2, 4, 4, COLOURS[0]) for point in points if point]
    return [*lines, *dots]
