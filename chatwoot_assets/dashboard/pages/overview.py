"""The overview: how much there was, how fast it was answered, what became of it, and the backlog."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Literal

import streamlit as st

from chatwoot_assets.dashboard import charts, formats, time_series
from chatwoot_assets.dashboard.axes import show_chart
from chatwoot_assets.dashboard.cards import Card, Change, point_change, relative_change, show_cards, show_change_caption
from chatwoot_assets.dashboard.filters import PREVIOUS
from chatwoot_assets.dashboard.group_lists import COLUMN_LISTS
from chatwoot_assets.dashboard.groups import QUERIES, resolution_numbers
from chatwoot_assets.dashboard.list_filters import CONVERSATIONS, ListFilters
from chatwoot_assets.dashboard.live_counts import list_of_backlog
from chatwoot_assets.dashboard.page_context import PageContext, ratio
from chatwoot_assets.dashboard.queries import Row, read_ahead
from chatwoot_assets.dashboard.slas import show_slas
from chatwoot_assets.dashboard.tables import CellList, Column, show_table
from chatwoot_assets.dashboard.target_shares import target_cards

_COLUMNS = [
    Column("starts_on", "date"),
    Column("conversations", "count"),
    Column("resolved", "count"),
    Column("reopened", "count"),
    Column("first_response_median", "duration"),
    Column("replies", "count"),
    Column("response_median", "duration"),
    Column("response_p90", "duration"),
    Column("response_p95", "duration"),
    Column("resolution_median", "duration"),
    Column("resolution_p90", "duration"),
    Column("rated", "count"),
    Column("score", "share"),
]
# The two charts of response times, each with the position of its percentile in the rows' lists. They have a scale each:
# the p90 is often fifty times the median.
_PERCENTILES = {"median": 0, "p90": 1}
# The filters by which the backlog can be split.
_BACKLOG_FILTERS = ("accounts", "inboxes", "teams", "agents")


def show(page: PageContext) -> None:
    """Draw the page."""
    with _read_ahead(page):
        _show(page)


def _show(page: PageContext) -> None:
    current, previous = summarize(page), summarize(page, previous=True)
    over_time = _numbers_over_time(page)
    backlog = _fetch_backlog(page)
    cards = [*_build_cards(page, current, previous, over_time, backlog), *target_cards(page)]
    show_cards(page, cards)
    show_change_caption(page)
    if not page.filters.has_only(*_BACKLOG_FILTERS):
        st.caption(page.translate("open_not_split"))
    if page.filters.business_hours:
        timed, replies = page.format_number(current["timed_replies"]), page.format_number(current["replies"])
        st.caption(page.translate("business_hours_caption", timed=timed, replies=replies))
    if not any(row["conversations"] or row["resolved"] or row["replies"] for row in over_time):
        st.info(page.translate("empty_period"), icon=":material/info:")
        return
    _show_episodes(page)
    _show_volume(page, over_time)
    _show_response_times(page, over_time)
    _show_backlog(page, backlog)
    with st.expander(page.translate("show_table")):
        rows = _with_resolution_times(page, over_time)
        show_table(page, rows, _COLUMNS, "overview", _list_of_cell(page))
    show_slas(page)


def _read_ahead(page: PageContext) -> AbstractContextManager[None]:
    """Read what the page shows, from its top to its end, while the block draws it."""
    return read_ahead(
        *(partial(page.total, query) for query in QUERIES),
        *(partial(page.total, query, previous=True) for query in QUERIES),
        *(partial(page.rows_by, "time", query) for query in QUERIES),
        partial(_fetch_backlog, page),
        partial(page.rows, "episode_statistics"),
        partial(page.previous_rows, "episode_statistics"),
        partial(page.rows, "new_conversations", dimension="status"),
        partial(page.rows_by, "time", "episode_resolutions"),
        partial(page.rows, "slas"),
    )


def _list_of_cell(page: PageContext) -> CellList:
    """Return the function that gives the list of a cell of the table over time."""

    def find(row: Row, column: str) -> dict[str, str] | None:
        conditions = COLUMN_LISTS.get(column)
        if conditions is None or not row[column]:
            return None
        return page.list_parameters(conditions, period=page.days_from(row["starts_on"]))

    return find


def summarize(page: PageContext, *, previous: bool = False) -> Row:
    """Return the numbers of the whole period, or of the compared one; None if that is not fully loaded."""
    if previous and not page.is_comparable:
        return dict.fromkeys(_numbers({}, {}, {}, {}))
    return _numbers(*(page.total(query, previous=previous) for query in QUERIES))


def _numbers(new: Row, response_times: Row, resolutions: Row, ratings: Row) -> Row:
    """Return the numbers in one row of each of QUERIES; any of the rows may be {}."""
    rated = ratings.get("rated", 0)
    percentiles = response_times.get("percentiles") or [None] * 3
    return {
        "conversations": new.get("conversations", 0),
        "resolved": resolutions.get("resolved", 0),
        "reopened": resolutions.get("reopened", 0),
        "first_response_median": (response_times.get("first_response_percentiles") or [None])[0],
        "replies": response_times.get("replies", 0),
        "timed_replies": response_times.get("timed_replies", 0),
        "response_median": percentiles[0],
        "response_p90": percentiles[1],
        "response_p95": percentiles[2],
        "rated": rated,
        "score": ratio(ratings.get("satisfied"), rated),
    }


def _numbers_over_time(page: PageContext) -> list[Row]:
    """Return a row for each day, week or month up to today. It is empty if none of its days is loaded."""
    parts = [page.rows_by("time", query) for query in QUERIES]
    unknown = dict.fromkeys(_numbers({}, {}, {}, {}))
    rows = []
    for start, is_loaded in page.loaded_starts.items():
        numbers = unknown
        if is_loaded:
            numbers = _numbers(*(part.get(start, {}) for part in parts))
        response_times = parts[1].get(start, {}) if is_loaded else {}
        lists = {key: response_times.get(key) for key in ("percentiles", "first_response_percentiles")}
        rows.append({**numbers, **lists, "starts_on": start})
    return rows


def _with_resolution_times(page: PageContext, over_time: list[Row]) -> list[Row]:
    """Return the rows over time with how long resolved episodes took."""
    episodes = page.rows_by("time", "episode_resolutions")
    loaded = {start: episodes.get(start, {}) for start, is_loaded in page.loaded_starts.items() if is_loaded}
    return [{**row, **resolution_numbers(loaded.get(row["starts_on"], {}))} for row in over_time]


def _fetch_backlog(page: PageContext) -> list[Row]:
    """Return the backlog at the end of each day, starting with the day before the period.

    Returns nothing if the backlog cannot be split by the filters.
    """
    if not page.filters.has_only(*_BACKLOG_FILTERS):
        return []
    return [row for row in page.rows("backlog") if row["backlog_date"] <= page.today]


def _last_known(backlog: list[Row]) -> Row:
    """Return the backlog at the end of the last loaded day of the period, or {} if none is loaded."""
    return next((row for row in reversed(backlog[1:]) if row["open"] is not None), {})


def _backlog_before(page: PageContext, backlog: list[Row]) -> Row:
    """Return the backlog at the end of the compared period, or {} if it is not known."""
    if not backlog or not page.is_comparable:
        return {}
    return backlog[0] if page.filters.comparison == PREVIOUS else _last_known(page.previous_rows("backlog"))


def _build_cards(
    page: PageContext, current: Row, previous: Row, over_time: list[Row], backlog: list[Row]
) -> list[Card]:
    def trend(key: str) -> list[float | None]:
        return [row[key] for row in over_time]

    def change(key: str) -> Change | None:
        return relative_change(current[key], previous[key], page.language)

    last = _last_known(backlog)
    before = _backlog_before(page, backlog).get("open")
    first_response, response = "first_response_median", "response_median"

    def listed(subject: str, **conditions: Any) -> dict[str, str] | None:  # noqa: ANN401  # a field of ListFilters
        return page.list_parameters(ListFilters(subject=subject, **conditions))

    return [
        Card("card_conversations", page.format_number(current["conversations"]), change("conversations"), "neither",
             trend("conversations"), listed(CONVERSATIONS)),
        Card("card_resolved", page.format_number(current["resolved"]), change("resolved"), "neither",
             trend("resolved"), listed("resolutions")),
        Card("card_reopened", page.format_number(current["reopened"]), change("reopened"), "less", trend("reopened"),
             listed("reopenings")),
        Card("card_open", page.format_number(last.get("open")),
             relative_change(last.get("open"), before, page.language), "less",
             [row["open"] for row in backlog[1:]], list_of_backlog(page, last, "open")),
        Card("card_first_response", formats.format_duration(current[first_response]), change(first_response), "less",
             trend(first_response), listed("first_responses", sort="longest")),
        Card("card_response", formats.format_duration(current[response]), change(response), "less", trend(response),
             listed("replies", sort="longest")),
        Card("card_score", page.format_percent(current["score"]),
             point_change(current["score"], previous["score"], page.language), "more", trend("score"),
             listed("ratings", ratings=(4, 5))),
        Card("card_rated", page.format_number(current["rated"]), change("rated"), "neither", trend("rated"),
             listed("ratings")),
    ]  # fmt: skip


def _show_episodes(page: PageContext) -> None:
    """Draw the stretches of service, which in endless conversations are what people count."""
    (current,) = page.rows("episode_statistics")
    (previous,) = page.previous_rows("episode_statistics") or [{}]
    with st.container(border=True):
        st.subheader(page.translate("episodes"), anchor=False, help=page.translate("help_episodes"))
        show_cards(page, _build_episode_cards(page, current, previous))


def _build_episode_cards(page: PageContext, current: Row, previous: Row) -> list[Card]:
    def listed(subject: str, **conditions: Any) -> dict[str, str] | None:  # noqa: ANN401  # a field of ListFilters
        return page.list_parameters(ListFilters(subject=subject, **conditions))

    def count(label: str, key: str, subject: str) -> Card:
        change = relative_change(current[key], previous.get(key), page.language)
        return Card(label, page.format_number(current[key]), change, conversations=listed(subject))

    def duration(label: str, key: str, position: int, subject: str) -> Card:
        now, before = ((row.get(key) or [None] * 3)[position] for row in (current, previous))
        change = relative_change(now, before, page.language)
        link = listed(subject, at_least=0, sort="longest")
        return Card(label, formats.format_duration(now), change, "less", conversations=link)

    def share(label: str, key: str, better: Literal["more", "less"], subject: str) -> Card:
        now, before = (ratio(row.get(key), row.get("observed_episodes")) for row in (current, previous))
        change = point_change(now, before, page.language)
        return Card(label, page.format_percent(now), change, better, conversations=listed(subject))

    return [
        count("card_episodes_started", "episodes_started", "episodes"),
        count("card_unique_contacts", "unique_contacts", "contacts"),
        count("card_episodes_resolved", "episodes_resolved", "resolved_episodes"),
        duration("card_episode_first_response", "first_response_percentiles", 0, "episodes"),
        duration("card_resolution_median", "resolution_percentiles", 0, "resolved_episodes"),
        duration("card_resolution_p90", "resolution_percentiles", 1, "resolved_episodes"),
        share("card_repeated", "repeated_within_7_days", "less", "repeated"),
        share("card_first_contact", "resolved_at_first_contact", "more", "first_contact"),
    ]


def _show_volume(page: PageContext, over_time: list[Row]) -> None:
    left, right = st.columns([2, 1])
    with left.container(border=True):
        heading = page.translate(f"volume_by_{page.period.grain}")
        st.subheader(heading, anchor=False, help=page.translate("help_volume"))
        show_chart(time_series.volume(page, over_time))
    with right.container(border=True):
        st.subheader(page.translate("by_status"), anchor=False, help=page.translate("help_by_status"))
        statuses = page.rows("new_conversations", dimension="status")
        if statuses:
            show_chart(charts.status_bars(page, statuses))
        else:
            st.caption(page.translate("empty_period"))


def _show_response_times(page: PageContext, over_time: list[Row]) -> None:
    rows = [row for row in over_time if row["percentiles"]]
    for column, (percentile, position) in zip(st.columns(2), _PERCENTILES.items(), strict=True):
        with column.container(border=True):
            heading = page.translate(f"response_time_{percentile}")
            st.subheader(heading, anchor=False, help=page.translate("help_response_time"))
            if rows:
                show_chart(time_series.response_times(page, rows, position))
            else:
                st.caption(page.translate("empty_response_times"))


def _show_backlog(page: PageContext, rows: list[Row]) -> None:
    with st.container(border=True):
        st.subheader(page.translate("backlog"), anchor=False, help=page.translate("help_backlog"))
        last = _last_known(rows)
        if not last:
            st.caption(page.translate("backlog_not_split" if not rows else "empty_period"))
            return
        counts = {
            key: page.format_number(last[key]) for key in ("open", "unassigned", "unattended", "pending", "snoozed")
        }
        st.caption(page.translate("backlog_now", date=page.format_date(last["backlog_date"]), **counts))
        show_chart(time_series.backlog(page, rows[1:]))
        st.caption(_left_out(page))


def _left_out(page: PageContext) -> str:
    """Say which conversations are missing from the backlog: those of days that are not loaded."""
    first, last = min(page.status.days), max(page.status.days)
    holes = (last - first).days + 1 - len(page.status.days)
    sentences = [page.translate("backlog_left_out", date=page.format_date(first))]
    if holes:
        sentences.append(
            page.translate("backlog_hole" if holes == 1 else "backlog_holes", count=page.format_number(holes))
        )
    return " ".join(sentences)
