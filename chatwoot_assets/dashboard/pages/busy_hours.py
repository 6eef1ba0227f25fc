"""At which hours of which weekdays conversations begin, and messages are written."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard import charts
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.tables import Column, grid

_WEEKDAYS = [1, 2, 3, 4, 5, 6, 0]  # Sunday is 0; a week begins on Monday
_COLUMNS = [
    Column("weekday", "text"),
    Column("hour", "count"),
    Column("conversations", "count"),
    Column("incoming", "count"),
    Column("outgoing", "count"),
]
# What is counted, and the text of its unit.
_UNITS = {"conversations": "axis_conversations", "incoming": "axis_messages", "outgoing": "axis_messages"}

Counts = dict[tuple[int, int], int]


def show(view: PageContext) -> None:
    """Draw the page."""
    counts = {"conversations": _began(view), **_written(view)}
    if not any(counts.values()):
        st.info(view.translate("empty_period"), icon=":material/info:")
        return
    for what, title in _UNITS.items():
        with st.container(border=True):
            st.subheader(view.translate(f"heatmap_{what}"), anchor=False)
            if what not in counts:
                st.caption(view.translate("hours_not_kept"))
            elif not counts[what]:
                st.caption(view.translate("empty_hours"))
            else:
                st.caption(_busiest(view, counts[what], view.translate(title).lower()))
                st.altair_chart(charts.heatmap(view, counts[what], _WEEKDAYS, view.translate(title)))
    with st.expander(view.translate("as_table")):
        cells = sorted(set().union(*counts.values()), key=lambda cell: (_WEEKDAYS.index(cell[0]), cell[1]))
        table = [
            {
                "weekday": view.translate(f"weekday_{weekday}"),
                "hour": hour,
                **{what: counts[what].get((weekday, hour), 0) if what in counts else None for what in _UNITS},
            }
            for weekday, hour in cells
        ]
        grid(view, table, _COLUMNS, "when")


def _began(view: PageContext) -> Counts:
    return {divmod(key, 24): row["conversations"] for key, row in view.keyed("created", "hour").items()}


def _written(view: PageContext) -> dict[str, Counts]:
    """Return the messages; nothing where they are not kept by what is chosen."""
    if view.filters.statuses or view.filters.labels:
        return {}
    rows = view.rows("message_hours")
    return {
        what: {(row["day_of_week"], row["hour"]): row[what] for row in rows if row[what]}
        for what in ("incoming", "outgoing")
    }


def _busiest(view: PageContext, counts: Counts, unit: str) -> str:
    (weekday, hour), count = max(counts.items(), key=lambda cell: cell[1])
    return view.translate(
        "busiest",
        weekday=view.translate(f"weekday_{weekday}"),
        hour=f"{hour:02}",
        until=f"{(hour + 1) % 24:02}",
        count=view.number(count),
        unit=unit,
        zone=view.settings.reporting_timezone.key,
    )
