"""What tables of groups, such as agents and inboxes, share: the lists behind cells and bars, and the chosen measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from chatwoot_assets.dashboard import target_shares
from chatwoot_assets.dashboard.groupings import LABELS, Grouping, Key
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.dashboard.live_counts import list_of_count
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import CellList, Column

# The column of what is open as of the last load.
OPEN_NOW = "open_now"

# What is counted in each column of the table, or what its times are of.
COLUMN_LISTS = {
    "name": ListFilters(),
    "starts_on": ListFilters(),
    "conversations": ListFilters(),
    "resolved": ListFilters(subject="resolutions"),
    "reopened": ListFilters(subject="reopenings"),
    "replies": ListFilters(subject="replies"),
    "first_response_median": ListFilters(subject="first_responses", sort="longest"),
    "response_median": ListFilters(subject="replies", sort="longest"),
    "response_p90": ListFilters(subject="replies", sort="longest"),
    "response_p95": ListFilters(subject="replies", sort="longest"),
    "incoming": ListFilters(subject="incoming"),
    "outgoing": ListFilters(subject="outgoing"),
    "rated": ListFilters(subject="ratings"),
    "score": ListFilters(subject="ratings", ratings=(4, 5)),
    "episodes_resolved": ListFilters(subject="resolved_episodes"),
    "resolution_median": ListFilters(subject="resolved_episodes", at_least=0, sort="longest"),
    "resolution_p90": ListFilters(subject="resolved_episodes", at_least=0, sort="longest"),
    **target_shares.LISTS,
}


def _list_of_open(page: PageContext, grouping: Grouping, row: Row) -> dict[str, str] | None:
    key = row.get("key")
    if key is None:
        return list_of_count(page, "open")
    if grouping == LABELS:
        listed = list_of_count(page, "open")
        return None if listed is None else listed | of_label(ListFilters(), key).to_url()
    return list_of_count(page, "open", **{grouping.filter_name: select_group(page, grouping, key)})


def of_label(conditions: ListFilters, label: Key) -> ListFilters:
    """Return the conditions of a row of the table by label; "" for conversations without a label."""
    return replace(conditions, with_label=str(label), without_label=not label)


def select_group(page: PageContext, grouping: Grouping, key: Key) -> tuple[Key, ...]:
    """Return the values of the filter bar's list that select a group, except a label: see `of_label`."""
    if grouping.attribute is None:
        return (key,)
    name = "{}.{}=".format(*grouping.attribute)
    return (*(text for text in page.filters.attributes if not text.startswith(name)), f"{name}{key}")


def list_of_cell(page: PageContext, grouping: Grouping, lists: Mapping[str, ListFilters] = COLUMN_LISTS) -> CellList:
    """Return the function that gives the list of a cell of a table of groups, or of a bar.

    Args:
        page: The context of the page.
        grouping: What the rows are grouped by.
        lists: What is counted in each column.
    """

    def find(row: Row, column: str) -> dict[str, str] | None:
        if column == OPEN_NOW:
            return _list_of_open(page, grouping, row) if row[column] else None
        conditions = lists.get(column)
        if conditions is None or row[column] is None or row[column] == 0:
            return None
        key = row.get("key")  # the row of the total has none
        if key is None:
            return page.list_parameters(conditions)
        if grouping == LABELS:
            return page.list_parameters(of_label(conditions, key))
        if row.get("who") and row["conversations"] is None and column == "name":
            return None
        if row.get("who") and column in ("name", "conversations", "resolved"):
            conditions = replace(conditions, nobody=row["who"])
        return page.list_parameters(conditions, filters={grouping.filter_name: select_group(page, grouping, key)})

    return find


def name_columns(page: PageContext, grouping: Grouping, width: int) -> list[Column]:
    """Return the columns that say which group a row is of: its name, and its account where there are several.

    Args:
        page: The context of the page.
        grouping: What the rows are grouped by.
        width: The width of the names in pixels.
    """
    accounts = [Column("account", "text", 90)] if grouping.has_account and page.has_several_accounts else []
    return [Column("name", "text", width), *accounts]


def choose_measure(page: PageContext, measures: tuple[str, ...], key: str) -> str:
    """Draw the widget that chooses one of the columns of a table of groups, and return the chosen one.

    Args:
        page: The context of the page.
        measures: The columns; the first one is chosen until the viewer chooses.
        key: The widget's key.
    """
    chosen: str | None = st.segmented_control(
        page.translate("measure"),
        measures,
        format_func=lambda measure: page.translate(f"column_{measure}"),
        key=key,
        default=measures[0],
        label_visibility="collapsed",
        required=True,
    )
    return chosen or measures[0]
