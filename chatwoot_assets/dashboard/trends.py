"""The trend of one row of a table of groups, such as an agent's number over time. The URL names the row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from chatwoot_assets.dashboard import formats, lines
from chatwoot_assets.dashboard.axes import BLUE, choose_duration_unit, show_chart
from chatwoot_assets.dashboard.filters import LIST_PARAMETERS
from chatwoot_assets.dashboard.group_lists import COLUMN_LISTS, choose_measure, of_label, select_group
from chatwoot_assets.dashboard.groupings import LABELS, Grouping, Key
from chatwoot_assets.dashboard.layout import TREND
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.shortening import keep_apart

_MEASURES = ("conversations", "replies", "first_response_median")
_DURATION = "first_response_median"
_VISIBLE_CHARACTERS = 32  # of an option in the widget that chooses a row


def show_trend(page: PageContext, grouping: Grouping, groups: list[Row]) -> None:
    """Draw the widget that chooses a row, and the chart of the chosen one.

    Args:
        page: The context of the page.
        grouping: What the rows are grouped by.
        groups: The rows, without the total.
    """
    names = {row["key"]: row["name"] for row in groups}
    widget = f"trend_{grouping.filter_name}"
    chosen = _chosen(grouping, names)
    if st.session_state.get(widget) != chosen:
        st.session_state[widget] = chosen
    key = st.selectbox(
        page.translate("trend"),
        list(names),
        index=None,
        format_func=keep_apart(names, _VISIBLE_CHARACTERS).__getitem__,
        key=widget,
        placeholder=page.translate("trend_choose"),
        on_change=_write_url,
        args=(grouping, widget),
        width=300,
    )
    if key is None:
        return
    measure = choose_measure(page, _MEASURES, f"{widget}_measure")
    _show_chart(page, grouping, key, names[key], measure)


def _prefix(grouping: Grouping) -> str:
    # Such as agent. or attribute.contact.plano=
    attribute = "{}.{}=".format(*grouping.attribute) if grouping.attribute else ""
    return f"{LIST_PARAMETERS[grouping.filter_name]}.{attribute}"


def _chosen(grouping: Grouping, names: dict[Key, str]) -> Key | None:
    """Return the row that the URL names, or None if it names no row of this table."""
    text = st.query_params.get(TREND, "")
    return next((key for key in names if text == f"{_prefix(grouping)}{key}"), None)


def _write_url(grouping: Grouping, widget: str) -> None:
    key = st.session_state[widget]
    if key is None:
        st.query_params.pop(TREND, None)
    else:
        st.query_params[TREND] = f"{_prefix(grouping)}{key}"


def fetch_trend(page: PageContext, grouping: Grouping, key: Key, measure: str) -> list[Row]:
    """Return a number of a group for each day, week or month up to today; None where it is not known."""
    selected = _select(page, grouping, key)
    of_group: dict[str, object] = {}
    if grouping == LABELS:
        of_group = {"with_label": key, "without_label": not key}
    if measure == "conversations":
        counted = selected.rows_by("time", "new_conversations", **of_group)
    else:
        counted = selected.rows_by("time", "response_times", **of_group)

    def value(row: Row) -> float | None:
        if measure == _DURATION:
            percentiles = row.get("first_response_percentiles")
            return percentiles[0] if percentiles else None
        return int(row.get(measure, 0))

    return [
        {"starts_on": start, "value": value(counted.get(start, {})) if is_loaded else None}
        for start, is_loaded in page.loaded_starts.items()
    ]


def _select(page: PageContext, grouping: Grouping, key: Key) -> PageContext:
    """Return the context that selects what counts for a group."""
    if grouping == LABELS:
        return page
    values: dict[str, Any] = {grouping.filter_name: select_group(page, grouping, key)}
    return replace(page, filters=replace(page.filters, **values))


def _show_chart(page: PageContext, grouping: Grouping, key: Key, name: str, measure: str) -> None:
    rows = fetch_trend(page, grouping, key, measure)
    values = [row["value"] for row in rows if row["value"]]
    if not values:
        st.caption(page.translate("empty_measure"))
        return
    conditions = COLUMN_LISTS[measure]
    if grouping == LABELS:
        conditions = of_label(conditions, key)
    line = lines.Line("value", name, BLUE, conditions)
    selected = _select(page, grouping, key)
    if measure != _DURATION:
        show_chart(lines.lines(selected, rows, [line], page.translate("axis_count"), page.format_number))
        return
    unit, divisor = choose_duration_unit(max(values))
    title = page.translate("axis_first_response_median", unit=page.translate(unit))
    show_chart(lines.lines(selected, rows, [line], title, formats.format_duration, 1 / divisor))
