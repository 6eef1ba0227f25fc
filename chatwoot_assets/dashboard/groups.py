"""What the pages on agents, teams, inboxes and labels share: numbers by one of these, compared and listed.

Events count on the day they happened, as on the overview. Percentiles are computed from single response times.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from chatwoot_assets.dashboard import charts, formats, target_shares
from chatwoot_assets.dashboard.axes import choose_duration_unit, show_chart
from chatwoot_assets.dashboard.group_lists import OPEN_NOW, choose_measure, list_of_cell, name_columns
from chatwoot_assets.dashboard.groupings import AGENTS, INBOXES, Grouping, Key
from chatwoot_assets.dashboard.nobody import split_nobody
from chatwoot_assets.dashboard.page_context import PageContext, format_list_url, ratio
from chatwoot_assets.dashboard.queries import Row, read_ahead
from chatwoot_assets.dashboard.tables import Column, show_table
from chatwoot_assets.dashboard.target_shares import target_columns, target_numbers
from chatwoot_assets.dashboard.trends import show_trend

_MAX_BARS = 25
# The measures that can be compared, all of them keys of a group's row. Those with a reference have a value for all
# groups together to which the value of one group can be compared.
_DURATIONS = ("response_median", "response_p90", "resolution_median", "resolution_p90")
_MEASURES = ("conversations", "resolved", "replies", *_DURATIONS, "score")
_WITH_REFERENCE = (*_DURATIONS, "score")

_COLUMNS = [
    Column("conversations", "count", 68),
    Column("resolved", "count", 82),
    Column("reopened", "count", 80),
    Column(OPEN_NOW, "count", 106),
    Column("replies", "count", 80),
    Column("first_response_median", "duration", 92),
    Column("response_median", "duration", 98),
    Column("response_p90", "duration", 94),
    Column("resolution_median", "duration", 98),
    Column("resolution_p90", "duration", 100),
    Column("incoming", "count", 80),
    Column("outgoing", "count", 78),
    Column("rated", "count", 76),
    Column("score", "share", 82),
]

# The queries that have a dimension, in the order in which _group_numbers takes their rows.
QUERIES = ("new_conversations", "response_times", "resolutions", "satisfaction")
_NO_SUMS = {"incoming": 0, "outgoing": 0}


def show_groups(page: PageContext, grouping: Grouping, extra_columns: list[Column] | None = None) -> None:
    """Draw a comparison of the groups, and a table of them with their total in the first row.

    Args:
        page: The context of the page.
        grouping: What to group by.
        extra_columns: Columns that only this grouping has, such as an inbox's `channel`.
    """
    groups, total = fetch_groups(page, grouping)
    if any(row["is_active"] for row in groups):
        _show_comparison(page, grouping, [row for row in groups if row["key"]], total)
    else:
        st.info(page.translate("empty_period"), icon=":material/info:")
    if not groups:
        return
    shown = [column for column in _COLUMNS if grouping.attribute is None or column.key not in _NO_SUMS]
    names = name_columns(page, grouping, 132)
    columns = [*names, *(extra_columns or []), *shown, *target_columns(total)]
    with st.container(border=True):
        heading = page.translate(f"filter_{grouping.filter_name}")
        st.subheader(heading, anchor=False, help=page.translate("help_table"))
        st.caption(page.translate("total_is_sum" if grouping.is_disjoint else "total_counts_once"))
        if not _has_daily_sums(page, grouping) and grouping.attribute is None:
            st.caption(page.translate("messages_not_split" if page.sees_all_teams else "messages_not_of_teams"))
        st.caption(page.translate("open_now_caption"))
        if grouping == AGENTS:
            groups = split_nobody(page, groups)
            st.caption(page.translate("nobody_split"))
        rows = [{**total, "name": page.translate("total")}, *groups]
        show_table(page, rows, columns, grouping.filter_name, list_of_cell(page, grouping))
        show_trend(page, grouping, [row for row in groups if "who" not in row])


def fetch_groups(page: PageContext, grouping: Grouping) -> tuple[list[Row], Row]:
    """Return the groups in which something happened or is open, the largest first, and the row of all of them together.

    What agents did counts for the agent who did it, also in the filter, and all else for the agent assigned now.
    """
    dimension, parameters = grouping.dimension, grouping.parameters
    queries = (*QUERIES, "episode_resolutions")
    reads: list[Callable[[], object]] = [partial(page.rows_by, dimension, query, **parameters) for query in queries]
    if grouping == AGENTS:
        reads.append(partial(page.rows, "nobody"))
    with read_ahead(*reads, *(partial(page.total, query) for query in queries)):
        return _fetch_groups(page, grouping)


def _fetch_groups(page: PageContext, grouping: Grouping) -> tuple[list[Row], Row]:
    dimension, parameters = grouping.dimension, grouping.parameters
    parts = [page.rows_by(dimension, query, **parameters) for query in QUERIES]
    sums = daily_sums(page, grouping)
    episodes = page.rows_by(dimension, "episode_resolutions", **parameters)
    targets = page.rows_by(dimension, target_shares.QUERY, **parameters)
    # As of the last load, whenever they began.
    live = page.rows_by(dimension, "live", **parameters)
    open_now = {key: row["open"] for key, row in live.items() if row["open"]}
    active = set().union(*parts, targets, episodes)
    groups = [
        {
            **_group_numbers([part.get(key, {}) for part in parts], sums.get(key)),
            **target_numbers(targets.get(key, {})),
            **resolution_numbers(episodes.get(key, {})),
            OPEN_NOW: open_now.get(key, 0),
            "key": key,
            "is_active": key in active,
            "name": grouping.name(page, key),
            "channel": _channel_of(page, key) if grouping == INBOXES else None,
            "account": grouping.account(page, key),
        }
        for key in active | open_now.keys()
    ]
    total = _group_numbers([page.total(query) for query in QUERIES], sums.get("all"))
    total |= resolution_numbers(page.total("episode_resolutions"))
    # Not the sum: a conversation may have several labels.
    total[OPEN_NOW] = sum(row["open"] for row in page.rows("live", dimension="all"))
    groups.sort(key=lambda row: (-row["conversations"], -row["replies"], -row[OPEN_NOW], row["name"]))
    return groups, {**total, **target_numbers(page.total(target_shares.QUERY)), "channel": None, "account": None}


def _channel_of(page: PageContext, inbox_id: int) -> str | None:
    """Return the name of an inbox's channel; None if it is unknown."""
    channel = page.options.channels.get(inbox_id)
    return page.channel_name(channel) if channel else None


def _group_numbers(parts: list[Row], sums: Row | None) -> Row:
    """Return the numbers of a group.

    Args:
        parts: The group's row of each of QUERIES, or {} where it has none.
        sums: Its row of the daily sums, or None if they cannot be split by the filters.
    """
    new, response_times, resolutions, ratings = parts
    percentiles = response_times.get("percentiles") or [None] * 3
    return {
        "conversations": new.get("conversations", 0),
        "resolved": resolutions.get("resolved", 0),
        "reopened": resolutions.get("reopened", 0),
        "replies": response_times.get("replies", 0),
        "first_response_median": (response_times.get("first_response_percentiles") or [None])[0],
        "response_median": percentiles[0],
        "response_p90": percentiles[1],
        "incoming": sums["incoming"] if sums else None,
        "outgoing": sums["outgoing"] if sums else None,
        "rated": ratings.get("rated", 0),
        "score": ratio(ratings.get("satisfied"), ratings.get("rated")),
    }


def resolution_numbers(row: Row) -> Row:
    """Return how long resolved episodes took, from a row of the query, which may be {}."""
    percentiles = row.get("resolution_percentiles") or [None] * 2
    return {"resolution_median": percentiles[0], "resolution_p90": percentiles[1]}


def _has_daily_sums(page: PageContext, grouping: Grouping) -> bool:
    """Return whether the daily sums can be split by the filters: by account and the grouping itself only."""
    return grouping.attribute is None and page.filters.has_only("accounts", grouping.filter_name)


def daily_sums(page: PageContext, grouping: Grouping) -> dict[Key, Row]:
    """Return the messages of each group, and of all together under the key "all".

    Returns nothing if the daily sums cannot be split by the filters. They have no row for several labels together,
    because one conversation may have two of them; then there is no "all".
    """
    if not _has_daily_sums(page, grouping):
        return {}
    rows = page.rows("daily_sums", daily_table=grouping.daily_table, group_column=grouping.group_column)
    sums = {row["key"]: row for row in rows}
    selected = getattr(page.filters, grouping.filter_name)
    if not grouping.is_disjoint:
        # The row without a label counts every conversation once, whether it has labels or not.
        every = sums.pop("", _NO_SUMS)
        total = every if not selected else sums.get(selected[0], _NO_SUMS) if len(selected) == 1 else None
        return {**sums, "all": total} if total else sums
    added = [row for key, row in sums.items() if not selected or key in selected]
    return {**sums, "all": {key: sum(row[key] for row in added) for key in _NO_SUMS}}


def _show_comparison(page: PageContext, grouping: Grouping, groups: list[Row], total: Row) -> None:
    """Draw the groups side by side, by a measure that the viewer selects."""
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader(page.translate("comparison"), anchor=False, width="content")
            measure = choose_measure(page, _MEASURES, f"{grouping.filter_name}_measure")
        _draw_bars(page, grouping, groups, total, measure)


def _draw_bars(page: PageContext, grouping: Grouping, groups: list[Row], total: Row, measure: str) -> None:
    groups = sorted((row for row in groups if row[measure]), key=lambda row: -row[measure])
    if not groups:
        st.caption(page.translate("empty_measure"))
        return
    unit, divisor = choose_duration_unit(groups[0][measure])
    factor = 1 / divisor if measure in _DURATIONS else 100 if measure == "score" else 1
    title_key = f"axis_{measure}" if measure in _WITH_REFERENCE else "axis_count"
    title = page.translate(title_key, unit=page.translate(unit))
    find_list = list_of_cell(page, grouping)
    values = [
        charts.Bar(
            row["name"],
            row[measure] * factor,
            _format_measure(page, measure, row[measure]),
            format_list_url(find_list(row, measure)),
        )
        for row in groups[:_MAX_BARS]
    ]
    reference = total[measure] if measure in _WITH_REFERENCE else None
    show_chart(charts.bars(page, values, title, None if reference is None else reference * factor))
    if reference is not None:
        st.caption(page.translate("comparison_line", value=_format_measure(page, measure, reference)))
    if len(groups) > _MAX_BARS:
        st.caption(page.translate("comparison_cut", count=page.format_number(_MAX_BARS)))


def _format_measure(page: PageContext, measure: str, value: float) -> str:
    if measure in _DURATIONS:
        return formats.format_duration(value)
    return page.format_percent(value) if measure == "score" else page.format_number(value)
