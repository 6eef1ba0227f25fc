"""At which hours of which weekdays conversations begin."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard import charts
from chatwoot_assets.dashboard.grids import Column, grid
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.view import View

_WEEKDAYS = [1, 2, 3, 4, 5, 6, 0]  # Sunday is 0; a week begins on Monday
_COLUMNS = [Column("weekday", "text"), Column("hour", "count"), Column("conversations", "count")]


def show(view: View) -> None:
    """Draw the page."""
    rows = view.rows("hours")
    if not rows:
        st.info(view.say("empty_period"), icon=":material/info:")
        return
    with st.container(border=True):
        st.subheader(view.say("heatmap"), anchor=False)
        st.caption(_busiest(view, rows))
        st.altair_chart(charts.heatmap(view, rows, _WEEKDAYS))
    with st.expander(view.say("as_table")):
        table = [
            {
                "weekday": view.say(f"weekday_{row['day_of_week']}"),
                "hour": row["conversation_hour"],
                "conversations": row["conversations"],
            }
            for row in sorted(rows, key=lambda row: (_WEEKDAYS.index(row["day_of_week"]), row["conversation_hour"]))
        ]
        grid(view, table, _COLUMNS, "when")


def _busiest(view: View, rows: list[Row]) -> str:
    row = max(rows, key=lambda row: row["conversations"])
    hour = row["conversation_hour"]
    return view.say(
        "busiest",
        weekday=view.say(f"weekday_{row['day_of_week']}"),
        hour=f"{hour:02}",
        until=f"{(hour + 1) % 24:02}",
        count=view.number(row["conversations"]),
        zone=view.settings.reporting_timezone.key,
    )
