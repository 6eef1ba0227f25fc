"""What the pages on agents, teams, channels and labels have in common: what happened, by one of these, compared and
listed.

Counts are dated by what happened, as on the overview; percentiles are of the waits themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from chatwoot_assets.dashboard import charts, formats
from chatwoot_assets.dashboard.axes import unit_of
from chatwoot_assets.dashboard.page_context import PageContext, share
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import Column, grid

_BARS = 25
# What can be compared, each a key of a group's row, and those among them that are durations.
_MEASURES = ("conversations", "resolved", "responses", "median_reply", "ninetieth_reply", "score")
_DURATIONS = ("median_reply", "ninetieth_reply")
# Of these what all have together is a number to compare one's with.
_RATIOS = (*_DURATIONS, "score")

COLUMNS = [
    Column("conversations", "count", 74),
    Column("resolved", "count", 82),
    Column("reopened", "count", 80),
    Column("responses", "count", 80),
    Column("median_first_response", "duration", 96),
    Column("median_reply", "duration", 94),
    Column("ninetieth_reply", "duration", 94),
    Column("incoming", "count", 80),
    Column("outgoing", "count", 78),
    Column("rated", "count", 74),
    Column("score", "share", 78),
]


Key = int | str  # an id, or a label


@dataclass(frozen=True)
class Grouping:
    """What conversations are grouped by.

    Attributes:
        name: the list of filters that holds it, such as agents.
        dimension: the queries' word for it.
        daily_table: the table of daily sums that is by it.
        group_column: that table's column.
        adds_up: whether a conversation is in one group only.
    """

    name: str
    dimension: str
    daily_table: str
    group_column: str
    adds_up: bool = True

    def label(self, view: PageContext, key: Key) -> str:
        """Return what a key of the queries' rows is called."""
        return view.choices.label(self.name, key) if isinstance(key, int) else key or view.translate("no_label")


AGENTS = Grouping("agents", "agent", "daily_by_agent", "agent_id")
TEAMS = Grouping("teams", "team", "daily_by_team", "team_id")
INBOXES = Grouping("inboxes", "inbox", "daily_by_inbox", "inbox_id")
LABELS = Grouping("labels", "label", "daily_by_label", "label", adds_up=False)

# The queries that count by what conversations are grouped by.
_PARTS = ("created", "waits", "closings")
_NO_SUMS = {"incoming": 0, "outgoing": 0, "offered": 0, "answered": 0}


def show(view: PageContext, grouping: Grouping, more: list[Column] | None = None) -> None:
    """Draw the groups: compared, then as a table with all of them together above.

    Args:
        view: the view.
        grouping: what to group by.
        more: columns of the table besides; `channel` is an inbox's.
    """
    groups, whole = grouped(view, grouping)
    if not groups:
        st.info(view.translate("empty_period"), icon=":material/info:")
        return
    _compare(view, [row for row in groups if row["key"]], whole, grouping.name)
    columns = [Column("label", "text", 132), *(more or []), *COLUMNS]
    with st.container(border=True):
        st.subheader(view.translate(f"filter_{grouping.name}"), anchor=False)
        st.caption(view.translate("total_adds_up" if grouping.adds_up else "total_counts_once"))
        if not _has_messages(view, grouping):
            st.caption(view.translate("messages_not_kept"))
        grid(view, [{**whole, "label": view.translate("total")}, *groups], columns, grouping.name)


def grouped(view: PageContext, grouping: Grouping) -> tuple[list[Row], Row]:
    """Return the groups in which something happened, the largest first, and all of them together, each thing once.

    An agent that is chosen stands for what that agent did, in whoever's conversation; so for the groups of other
    things, which are of the conversations that are chosen.
    """
    chosen = view.filters.agents if grouping == AGENTS else ()
    asked = view.without("agents") if grouping == AGENTS else view
    parts = [asked.keyed(name, grouping.dimension) for name in _PARTS]
    messages = daily_sums(asked, grouping)
    keys = set().union(*parts)
    if chosen:
        keys &= set(chosen)
    groups = [
        {
            **_numbers([part.get(key, {}) for part in parts], messages.get(key)),
            "key": key,
            "label": grouping.label(view, key),
            "channel": view.choices.channels.get(key) if grouping == INBOXES else None,
        }
        for key in keys
    ]
    whole = _numbers([asked.whole(name) for name in _PARTS], messages.get("all"))
    order = sorted(groups, key=lambda row: (-row["conversations"], -row["responses"], row["label"]))
    return order, {**whole, "channel": None}


def _numbers(parts: list[Row], messages: Row | None) -> Row:
    """Return a group's numbers: its row of each of the queries, {} where there is none, and its messages."""
    created, waits, closings = parts
    replies = waits.get("percentiles") or [None] * 3
    return {
        "conversations": created.get("conversations", 0),
        "resolved": closings.get("resolved", 0),
        "reopened": closings.get("reopened", 0),
        "responses": waits.get("responses", 0),
        "median_first_response": (waits.get("first_percentiles") or [None])[0],
        "median_reply": replies[0],
        "ninetieth_reply": replies[1],
        "incoming": messages["incoming"] if messages else None,
        "outgoing": messages["outgoing"] if messages else None,
        "rated": created.get("rated", 0),
        "score": share(created.get("satisfied"), created.get("rated")),
    }


def _has_messages(view: PageContext, grouping: Grouping) -> bool:
    """Whether messages are kept by what is chosen: in daily sums, by account and the groups themselves only."""
    return view.filters.has_only("accounts", grouping.name)


def daily_sums(view: PageContext, grouping: Grouping) -> dict[Key, Row]:
    """Return the messages and surveys of each group, and of "all"; nothing where they are not kept by what is chosen.

    Of several labels together they are not kept either: a conversation may have two.
    """
    if not _has_messages(view, grouping):
        return {}
    rows = view.rows("daily_sums", daily_table=grouping.daily_table, group_column=grouping.group_column)
    found = {row["key"]: row for row in rows}
    chosen = getattr(view.filters, grouping.name)
    if not grouping.adds_up:
        every = found.pop("", _NO_SUMS)  # every conversation once, with or without labels
        whole = every if not chosen else found.get(chosen[0], _NO_SUMS) if len(chosen) == 1 else None
        return {**found, "all": whole} if whole else found
    counted = [row for key, row in found.items() if not chosen or key in chosen]
    return {**found, "all": {key: sum(row[key] for row in counted) for key in _NO_SUMS}}


def daily_whole(view: PageContext) -> Row | None:
    """Return the messages and surveys of all that is chosen; None where they are not kept by that."""
    for grouping in (INBOXES, TEAMS, AGENTS, LABELS):
        if _has_messages(view, grouping):
            return daily_sums(view, grouping).get("all")
    return None


def _compare(view: PageContext, groups: list[Row], whole: Row, name: str) -> None:
    """Draw the groups beside each other by a measure of the viewer's choice."""
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader(view.translate("comparison"), anchor=False, width="content")
            measure = st.segmented_control(
                view.translate("column_measure"),
                _MEASURES,
                format_func=lambda one: view.translate(f"column_{one}"),
                key=f"{name}_measure",
                default=_MEASURES[0],
                label_visibility="collapsed",
                required=True,
            )
        _draw_bars(view, groups, whole, measure or _MEASURES[0])


def _draw_bars(view: PageContext, groups: list[Row], whole: Row, measure: str) -> None:
    groups = sorted((row for row in groups if row[measure]), key=lambda row: -row[measure])
    if not groups:
        st.caption(view.translate("empty_measure"))
        return
    unit, divisor = unit_of(groups[0][measure])
    factor = 1 / divisor if measure in _DURATIONS else 100 if measure == "score" else 1
    title = view.translate(f"axis_{measure}" if measure in _RATIOS else "axis_count", unit=view.translate(unit))
    values = [(row["label"], row[measure] * factor, _written(view, measure, row[measure])) for row in groups[:_BARS]]
    reference = whole[measure] if measure in _RATIOS else None
    st.altair_chart(charts.bars(view, values, title, None if reference is None else reference * factor))
    if reference is not None:
        st.caption(view.translate("comparison_line", value=_written(view, measure, reference)))
    if len(groups) > _BARS:
        st.caption(view.translate("comparison_cut", count=view.number(_BARS)))


def _written(view: PageContext, measure: str, value: float) -> str:
    if measure in _DURATIONS:
        return formats.duration(value)
    return view.percent(value) if measure == "score" else view.number(value)
