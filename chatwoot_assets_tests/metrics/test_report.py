"""Chatwoot's own report and the daily backlog in SQL, compared with a count of raw rows."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql

from chatwoot_assets.metrics.backlog_changes import PARTS
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics.backlog import compute_changes
from chatwoot_assets_tests.metrics.report_tables import (
    Connection,
    Filters,
    create_tables,
    fetch_report,
    fill_report_tables,
    insert,
)
from chatwoot_assets_tests.metrics.rows import Row
from chatwoot_assets_tests.metrics.scenario_strategies import scenarios
from chatwoot_assets_tests.metrics.scenarios import NOON, Scenario, make_frame, make_scenario

# The event and the column that Chatwoot averages, by the report's column.
_AVERAGES = {
    "avg_first_response_time": ("first_response", "value"),
    "avg_first_response_business_time": ("first_response", "value_in_business_hours"),
    "avg_resolution_time": ("conversation_resolved", "value"),
    "avg_resolution_business_time": ("conversation_resolved", "value_in_business_hours"),
    "reply_time": ("reply_time", "value"),
    "reply_business_time": ("reply_time", "value_in_business_hours"),
}
_DAYS = [datetime.date(2018, 10, 27) + number * datetime.timedelta(days=1) for number in range(12)]
_PERIODS = st.tuples(st.sampled_from(_DAYS), st.sampled_from(_DAYS)).map(sorted)
_FILTERS = st.one_of(
    st.just({}),
    *(
        st.fixed_dictionaries({name: st.lists(st.sampled_from(ids), max_size=2, unique=True)})
        for name, ids in {"accounts": [1, 2], "inboxes": [10, 11], "teams": [0, 3, 4], "agents": [0, 5, 6, 9]}.items()
    ),
    st.fixed_dictionaries({"labels": st.lists(st.sampled_from(["vip", "troca"]), min_size=1, max_size=1)}),
)
# The dimensions of the report, each with the filter that selects one of its groups.
_DIMENSIONS = {"account": "accounts", "inbox": "inboxes", "team": "teams", "agent": "agents", "label": "labels"}
_MESSAGE_COUNTS = ("incoming_messages_count", "outgoing_messages_count")
# Messages of a label are not counted by these.
_NOT_BY_LABEL = ("inboxes", "teams", "agents")
_KEYS = ("starts_on", "group_id", "group_name")


@pytest.fixture(scope="module")
def connection(postgres: Postgres) -> Iterator[Connection]:
    with create_tables(postgres.new_database()) as connection:
        yield connection


def _load(connection: Connection, scenario: Scenario) -> None:
    """Replace all rows by those computed from a scenario."""
    batch, waits = scenario.to_batch()
    fill_report_tables(connection, batch, waits, make_frame("episodes", scenario.episodes))
    connection.execute("TRUNCATE backlog_changes")
    insert(connection, "backlog_changes", compute_changes(batch, waits))


def _report(connection: Connection, period: Sequence[datetime.date], filters: Filters) -> Row:
    (row,) = fetch_report(connection, period, filters, "all")
    assert [row.pop(key) for key in _KEYS] == [None] * 3
    return row


def _recount(scenario: Scenario, period: Sequence[datetime.date], filters: Filters) -> Row:
    """Count the report from raw rows, by the rules of Chatwoot's code."""
    conversations = {row["id"]: row for row in scenario.conversations}

    def is_counted(row: Row, conversation: Row, agent: int | None) -> bool:
        created_at = row["created_at"]
        ids = {
            "accounts": row["account_id"], "inboxes": row["inbox_id"], "teams": conversation["team_id"] or 0,
            "agents": agent or 0,
        }  # fmt: skip
        is_in_period = created_at is not None and period[0] <= scenario.date(created_at) <= period[1]
        labels = filters.get("labels")
        has_label = not labels or not set(labels).isdisjoint(conversation["labels"])
        matches = all(not filters.get(name) or id_ in filters[name] for name, id_ in ids.items())
        return is_in_period and has_label and matches

    created = [row for row in scenario.conversations if is_counted(row, row, row["assignee_id"])]
    messages = [
        row["message_type"]
        for row in scenario.messages
        if row["conversation_id"] in conversations
        and is_counted(
            {**conversations[row["conversation_id"]], "created_at": row["created_at"]},
            conversations[row["conversation_id"]],
            row["sender_id"] if row["sender_type"] == "User" else None,
        )
    ]
    events = [
        row
        for row in scenario.events
        if row["conversation_id"] in conversations
        and is_counted(row, conversations[row["conversation_id"]], row["user_id"])
    ]
    handed_off = {row["conversation_id"] for row in events if row["name"] == "conversation_bot_handoff"}
    bot_resolutions = [row for row in events if row["name"] == "conversation_bot_resolved"]
    return {
        "conversations_count": len(created),
        "incoming_messages_count": messages.count("incoming"),
        "outgoing_messages_count": messages.count("outgoing"),
        **{column: _average(events, name, value) for column, (name, value) in _AVERAGES.items()},
        "resolutions_count": sum(row["name"] == "conversation_resolved" for row in events),
        "bot_resolutions_count": sum(row["conversation_id"] not in handed_off for row in bot_resolutions),
        "bot_handoffs_count": len(handed_off),
    }


def _average(events: list[Row], name: str, column: str) -> object:
    values = [row[column] for row in events if row["name"] == name and row[column] is not None]
    return pytest.approx(sum(values) / len(values)) if values else None


@given(scenario=scenarios(), requests=st.lists(st.tuples(_PERIODS, _FILTERS), min_size=1, max_size=5))
@examples(150)
def test_report_equals_a_count_of_the_raw_rows(
    connection: Connection, scenario: Scenario, requests: list[tuple[list[datetime.date], Filters]]
) -> None:
    _load(connection, scenario)
    for period, filters in requests:
        assert _report(connection, period, filters) == _recount(scenario, period, filters)


@given(scenario=scenarios(), period=_PERIODS, filters=_FILTERS, dimension=st.sampled_from(sorted(_DIMENSIONS)))
@examples(150)
def test_group_equals_the_report_of_its_filter_alone(
    connection: Connection, scenario: Scenario, period: list[datetime.date], filters: Filters, dimension: str
) -> None:
    _load(connection, scenario)
    key = "group_name" if dimension == "label" else "group_id"
    name = _DIMENSIONS[dimension]
    nothing = _recount(make_scenario([]), period, {})
    shown = {row[key]: row for row in fetch_report(connection, period, filters, dimension)}
    groups = set(shown) | _groups(scenario, name)
    for group in groups - {None}:
        if filters.get(name) and group not in filters[name]:
            assert group not in shown
            continue
        expected = _recount(scenario, period, {**filters, name: [group]})
        row = shown.get(group)
        actual = {column: row[column] for column in nothing} if row else nothing
        is_split = dimension in ("inbox", "team", "agent") or any(filters.get(name) for name in _NOT_BY_LABEL)
        if is_split and (dimension == "label" or "labels" in filters):
            assert not row or [row[column] for column in _MESSAGE_COUNTS] == [None] * 2
            expected |= {column: actual[column] for column in _MESSAGE_COUNTS}
        assert actual == expected, (dimension, group)


def _groups(scenario: Scenario, filter_name: str) -> set[Any]:
    rows = scenario.conversations
    return {
        "accounts": {row["account_id"] for row in rows},
        "inboxes": {row["inbox_id"] for row in rows},
        "teams": {row["team_id"] or 0 for row in rows},
        "agents": {row["assignee_id"] or 0 for row in rows},
        "labels": {label for row in rows for label in row["labels"]},
    }[filter_name]


@given(scenario=scenarios(), period=_PERIODS, filters=_FILTERS)
@examples(80)
def test_day_of_a_series_equals_the_report_of_that_day(
    connection: Connection, scenario: Scenario, period: list[datetime.date], filters: Filters
) -> None:
    _load(connection, scenario)
    series = {row["starts_on"]: row for row in fetch_report(connection, period, filters, "time")}
    whole = _report(connection, period, filters)
    for number in range((period[1] - period[0]).days + 1):
        date = period[0] + datetime.timedelta(days=number)
        expected = _recount(scenario, [date, date], filters)
        row = series.pop(date, None)
        actual = {column: row[column] for column in expected} if row else _recount(make_scenario([]), [date, date], {})
        # Chatwoot leaves out what was handed over on any day of the range.
        del expected["bot_resolutions_count"]
        whole["bot_resolutions_count"] -= actual.pop("bot_resolutions_count")
        assert actual == expected, date
    assert not series
    assert whole["bot_resolutions_count"] == 0


def test_messages_of_several_labels_in_one_row_are_unknown(connection: Connection) -> None:
    _load(connection, make_scenario([{"labels": ["vip", "bug"]}], messages=[{"conversation_id": 1}]))
    period = [NOON.date(), NOON.date()]
    both = _report(connection, period, {"labels": ["vip", "bug"]})
    assert (both["conversations_count"], both["incoming_messages_count"]) == (1, None)
    rows = fetch_report(connection, period, {"labels": ["vip", "bug"]}, "label")
    assert {row["group_name"]: row["incoming_messages_count"] for row in rows} == {"vip": 1, "bug": 1}
    one_of_an_inbox = _report(connection, period, {"labels": ["vip"], "inboxes": [10]})
    assert (one_of_an_inbox["conversations_count"], one_of_an_inbox["incoming_messages_count"]) == (1, None)


def test_report_counts_duplicated_events_and_averages_zeros(
    connection: Connection,
) -> None:
    repeated = {"conversation_id": 1, "value": 90.0, "value_in_business_hours": 30.0}
    never_open = {"conversation_id": 2, "value": 30.0, "value_in_business_hours": 0.0}
    _load(connection, make_scenario([{}, {}], events=[repeated, repeated, never_open]))
    report = _report(connection, [NOON.date(), NOON.date()], {})
    assert (report["resolutions_count"], report["avg_resolution_time"]) == (3, 70.0)
    assert report["avg_resolution_business_time"] == 20.0


def test_report_without_rows_counts_0_and_has_no_averages(connection: Connection) -> None:
    _load(connection, make_scenario([]))
    report = _report(connection, [NOON.date(), NOON.date()], {})
    assert {name for name, value in report.items() if value is None} == set(_AVERAGES)
    assert {value for value in report.values() if value is not None} == {0}
    period = [NOON.date(), NOON.date()]
    assert [fetch_report(connection, period, {}, dimension) for dimension in _DIMENSIONS] == [[]] * 5


@given(scenarios())
@examples(50)
def test_daily_backlog_has_every_day_and_sums_all_earlier_changes(connection: Connection, scenario: Scenario) -> None:
    _load(connection, scenario)
    last = datetime.date(2018, 11, 7)
    connection.execute("DELETE FROM partition_state")
    connection.execute("INSERT INTO partition_state VALUES (%s, 0, 0, 0, now(), now(), 'run')", (last,))
    changes = connection.execute("SELECT * FROM backlog_changes").fetchall()
    expected = []
    inboxes = sorted({(row["account_id"], row["inbox_id"]) for row in changes})
    for account, inbox in inboxes:
        inbox_changes = [row for row in changes if (row["account_id"], row["inbox_id"]) == (account, inbox)]
        day = min(row["change_date"] for row in inbox_changes)
        while day <= last:
            sums = {part: sum(row[part] for row in inbox_changes if row["change_date"] <= day) for part in PARTS}
            expected.append({"backlog_date": day, "account_id": account, "inbox_id": inbox, **sums})
            day += datetime.timedelta(days=1)
    backlog = connection.execute("SELECT * FROM daily_backlog ORDER BY account_id, inbox_id, backlog_date").fetchall()
    assert backlog == expected


def test_daily_backlog_does_not_depend_on_the_time_zone_of_the_session(connection: Connection) -> None:
    _load(connection, make_scenario([{}]))
    connection.execute("DELETE FROM partition_state")
    connection.execute("INSERT INTO partition_state VALUES (%s, 0, 0, 0, now(), now(), 'run')", (NOON.date(),))
    results = []
    # The last one is the zone that the other tests need.
    for zone in ("America/Sao_Paulo", "Pacific/Kiritimati", "UTC"):
        connection.execute(sql.SQL("SET TIME ZONE {}").format(sql.Literal(zone)))
        results.append(connection.execute("SELECT backlog_date FROM daily_backlog").fetchall())
    assert results == [[{"backlog_date": NOON.date()}]] * 3
