"""What the charts have in common: colours, axes and their labels in the language's form."""

from __future__ import annotations

import datetime
from typing import Any

import altair as alt

from chatwoot_assets.dashboard.formats import Language
from chatwoot_assets.dashboard.page_context import PageContext

# Okabe and Ito's colours: people who see few tell them apart, on white and on black.
BLUE, ORANGE, SKY, PURPLE, GREEN, VERMILION, GREY = (
    "#0072B2", "#E69F00", "#56B4E9", "#CC79A7", "#009E73", "#D55E00", "#999999",
)  # fmt: skip

_MONTHS = "['Jan','Feb','Mar','Apr','May','Jun','Jul','Aug','Sep','Oct','Nov','Dec']"


def chart_of(data: list[dict[str, Any]]) -> alt.Chart:
    """Return a chart of rows, still without marks."""
    return alt.Chart({"values": data})


def time_axis(view: PageContext, dates: list[datetime.date] | None = None, *, title: str | None = None) -> alt.X:
    """Return an axis of days, weeks or months: words, so that no time zone of a browser's can move them."""
    grain = "day" if dates else view.period.grain
    starts = sorted(_starts(view, grain)) if dates is None else sorted(dates)
    label = _label_of_start(view.language, "month" if grain == "month" else "day")
    return alt.X(
        "start:O",
        title=view.translate(title or f"axis_{grain}"),
        scale=alt.Scale(domain=[start.isoformat() for start in starts]),
        axis=alt.Axis(labelExpr=label, labelAngle=0, labelOverlap="parity", labelSeparation=8),
    )


def _starts(view: PageContext, grain: str) -> set[datetime.date]:
    """Return where the period's days, weeks or months begin, up to today."""
    dates = [date for date in view.period.dates() if date <= view.today]
    if grain == "month":
        return {date.replace(day=1) for date in dates}
    if grain == "week":
        return {date - datetime.timedelta(days=date.weekday()) for date in dates}
    return set(dates)


def _label_of_start(language: Language, grain: str) -> str:
    year, month, day = (f"split(datum.value, '-')[{part}]" for part in range(3))
    if language == "pt":
        return f"{month} + '/' + {year}" if grain == "month" else f"{day} + '/' + {month}"
    name = f"{_MONTHS}[toNumber({month}) - 1]"
    return f"{name} + ' ' + {year}" if grain == "month" else f"{day} + ' ' + {name}"


def start_text(view: PageContext, start: datetime.date) -> str:
    """Return a day, week or month as a text for a tooltip."""
    return view.translate(f"when_{view.period.grain}", date=view.date(start))


def unit_of(seconds: float) -> tuple[str, int]:
    """Return the key of the unit that fits a duration, and its seconds."""
    return ("unit_hours", 3_600) if seconds >= 3 * 3_600 else ("unit_minutes", 60)


def number_axis(view: PageContext, ticks: int | None = None) -> alt.Axis:
    """Return an axis whose numbers are in the language's form."""
    swapped = "replace(replace(replace(format(datum.value, ',~f'), /,/g, ';'), '.', ','), /;/g, '.')"
    label = swapped if view.language == "pt" else "format(datum.value, ',~f')"
    return alt.Axis(labelExpr=label, tickCount=ticks or alt.Undefined, format=",~f")


def colour_of(field: str, names: list[str], colours: list[str], *, columns: int = 2) -> alt.Color:
    """Return the colour of a field's values, with a legend."""
    legend = alt.Legend(title=None, orient="top", labelLimit=0, columns=columns, symbolOpacity=1)
    return alt.Color(field, scale=alt.Scale(domain=names, range=colours), legend=legend)
