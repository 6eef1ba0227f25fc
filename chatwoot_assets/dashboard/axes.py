"""What the charts share: colours, axes, labels in the form of the language, and how they are drawn."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any, cast

import altair as alt
import streamlit as st
from altair.utils import schemapi

from chatwoot_assets.dashboard.formats import Language
from chatwoot_assets.dashboard.page_context import PageContext

# The palette of Okabe and Ito: colour-blind people can tell its colours apart, on white and on black.
BLUE, ORANGE, SKY, PURPLE, GREEN, VERMILION, GREY = (
    "#0072B2", "#E69F00", "#56B4E9", "#CC79A7", "#009E73", "#D55E00", "#999999",
)  # fmt: skip

# altair checks every part of a chart against a large schema: a third of the overview's processor time. The tests check.
schemapi.disable_debug_mode()

# In pixels: the plot on a phone, and what is narrower than any plot that is not on a phone.
_PHONE_PLOT, _NARROW = 250, 400
# The width of a legend's names in pixels: an average character, and the symbol and space around each name.
_PIXELS_PER_CHARACTER, _PIXELS_PER_SYMBOL = 6, 30
_MONTHS = "['Jan','Feb','Mar','Apr','May','Jun','Jul','Aug','Sep','Oct','Nov','Dec']"


class UncheckedChart:
    """A chart that Streamlit makes a specification of without checking it.

    Attributes:
        chart: The chart.
    """

    def __init__(self, chart: alt.Chart | alt.LayerChart) -> None:
        self.chart = chart

    def to_dict(self) -> dict[str, Any]:
        """Return the chart's specification, which is all that Streamlit asks of a chart."""
        return self.chart.to_dict(validate=False)


def show_chart(chart: alt.Chart | alt.LayerChart) -> None:
    """Draw a chart."""
    st.altair_chart(cast("alt.LayerChart", UncheckedChart(chart)))


def chart_from_rows(rows: list[dict[str, Any]]) -> alt.Chart:
    """Return a chart of rows that has no marks yet."""
    return alt.Chart({"values": rows})


def explain(chart: alt.Chart, fields: Mapping[str, str]) -> alt.Chart:
    """Return the chart with tooltips, which screen readers read out for each mark.

    Without a description of their own, Vega describes marks by all of their channels, the address of a list included.
    Axes and legends have `aria=False`, because Vega describes them in English, and the marks name what is on them.

    Args:
        chart: The chart.
        fields: The fields of the tooltip, each with its title; " " for none.
    """
    parts = [
        f"datum.{field}" if title == " " else f"{json.dumps(f'{title}: ')} + datum.{field}"
        for field, title in fields.items()
    ]
    explained: alt.Chart = chart.transform_calculate(description=" + '; ' + ".join(parts)).encode(
        tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in fields.items()],
        description="description:N",
    )
    return explained


def time_axis(page: PageContext, dates: list[datetime.date] | None = None, *, title: str | None = None) -> alt.X:
    """Return an axis of days, weeks or months.

    Dates are strings on the chart, so that the browser's time zone cannot shift them. Days of several years have the
    year in their labels.

    Args:
        page: The context of the page.
        dates: The days on the axis; None for the days, weeks or months of the selected period.
        title: The key of the title; None for the one of the grain.
    """
    grain = "day" if dates else page.period.grain
    starts = sorted(page.loaded_starts if dates is None else dates)
    has_years = grain == "month" or len({start.year for start in starts}) > 1
    label = _label_expression(page.language, has_days=grain != "month", has_years=has_years)
    return alt.X(
        "start:O",
        title=page.translate(title or f"axis_{grain}"),
        scale=alt.Scale(domain=[start.isoformat() for start in starts]),
        # Flush, the first label would be beside the middle of its day.
        axis=alt.Axis(
            aria=False, labelExpr=label, labelAngle=0, labelFlush=False, labelOverlap="parity", labelSeparation=8
        ),
    )


def _label_expression(language: Language, *, has_days: bool, has_years: bool) -> str:
    year, month, day = (f"split(datum.value, '-')[{part}]" for part in range(3))
    if language == "en":
        month = f"{_MONTHS}[toNumber({month}) - 1]"
    parts = [*([day] if has_days else []), month, *([year] if has_years else [])]
    return f" + '{'/' if language == 'pt' else ' '}' + ".join(parts)


def format_start(page: PageContext, start: datetime.date) -> str:
    """Return the first day of a day, week or month as the text of a tooltip."""
    return page.translate(f"starting_{page.period.grain}", date=page.format_date(start))


def choose_duration_unit(seconds: float) -> tuple[str, int]:
    """Return the text key of the unit that suits a duration, and the unit's seconds."""
    return ("unit_hours", 3_600) if seconds >= 3 * 3_600 else ("unit_minutes", 60)


def number_axis(page: PageContext, ticks: int | None = None) -> alt.Axis:
    """Return an axis whose numbers are written as the language writes them."""
    swapped = "replace(replace(replace(format(datum.value, ',~f'), /,/g, ';'), '.', ','), /;/g, '.')"
    label = swapped if page.language == "pt" else "format(datum.value, ',~f')"
    return alt.Axis(aria=False, labelExpr=label, tickCount=ticks or alt.Undefined, format=",~f")


def colour_scale(field: str, names: list[str], colours: list[str]) -> alt.Color:
    """Return the colours of a field's values, with a legend above the chart in as many columns as fit.

    Args:
        field: The field and its altair type, such as "series:N".
        names: The values of the field.
        colours: Their colours, in the same order.
    """
    widest = _PIXELS_PER_CHARACTER * max(map(len, names), default=0) + _PIXELS_PER_SYMBOL
    on_phone, elsewhere = (min(max(width // widest, 1), len(names)) for width in (_PHONE_PLOT, _NARROW))
    # Steps, because Vega loses names if their columns change while it measures how wide the plot is.
    fitting = alt.ExprRef(
        f"width < {_NARROW} ? {on_phone} : width < {widest * len(names)} ? {elsewhere} : {len(names)}"
    )
    legend = alt.Legend(aria=False, title=None, orient="top", labelLimit=0, columns=fitting, symbolOpacity=1)
    return alt.Color(field, scale=alt.Scale(domain=names, range=colours), legend=legend)
