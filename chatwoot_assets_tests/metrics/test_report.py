"""Chatwoot's own report and the daily backlog in SQL, compared with a count of raw rows."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql
from psycopg.rows import dict_row

from chatwoot_assets.metrics.backlog_changes import PARTS, compute_backlog_changes
from chatwoot_assets.metrics.conversation_events import compute_conversation_events
from chatwoot_assets.metrics.hourly_messages import compute_hourly_messages
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics.scenarios import NOON, Row, Scenario, make_scenario, scenarios

Connection = psycopg.Connection[Any]

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
)


@pytest.fixture(scope="module")
def connection(postgres: Postgres) -> Iterator[Connection]:
    with psycopg.connect(postgres.new_database(), row_factory=dict_row, autocommit=True) as connection:
        for path in sorted(sql_path("warehouse", "migrations").glob("*.sql")):
            connection.execute(path.read_bytes())
        # The tests insert only the columns that the report uses.
        columns = connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'conversation_facts'::regclass AND attnum > 0"
            " AND attnotnull AND attname != 'conversation_id'"
        ).fetchall()
        for row in columns:
            drop = sql.SQL("ALTER TABLE conversation_facts ALTER {} DROP NOT NULL")
            connection.execute(drop.format(sql.Identifier(row["attname"])))
        yield connection


def _insert(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in frame.iter_rows():
            copy.write_row(row)


def _load(connection: Connection, scenario: Scenario) -> None:
    """Replace all rows by those computed from a scenario."""
    connection.execute("TRUNCATE conversation_facts, conversation_events, hourly_messages, backlog_changes")
    batch, waits = scenario.to_batch()
    names = ("account_id", "inbox_id", "assignee_id", "team_id", "conversation_date")
    _insert(connection, "conversation_facts", batch.conversations.select(pl.col("id").alias("conversation_id"), *names))
    _insert(
        connection, "conversation_events", compute_conversation_events(batch.conversations, batch.events, batch.zone)
    )
    _insert(connection, "hourly_messages", compute_hourly_messages(batch.conversations, batch.messages, batch.zone))
    _insert(connection, "backlog_changes", compute_backlog_changes(batch, waits))


def _report(connection: Connection, period: Sequence[datetime.date], filters: dict[str, list[int]]) -> Row:
    values = {"accounts": [], "inboxes": [], "teams": [], "agents": [], **filters}
    query = compose(sql_path("warehouse", "chatwoot_report.sql"), first_day=period[0], last_day=period[1], **values)
    row = connection.execute(query).fetchone()
    assert row is not None
    return dict(row)


def _recount(scenario: Scenario, period: Sequence[datetime.date], filters: dict[str, list[int]]) -> Row:
    """Count the report from raw rows, by the rules of Chatwoot's code."""
    conversations = {row["id"]: row for row in scenario.conversations}

    def is_counted(row: Row, conversation: Row, agent: int | None) -> bool:
        created_at = row["created_at"]
        ids = {
            "accounts": row["account_id"], "inboxes": row["inbox_id"], "teams": conversation["team_id"] or 0,
            "agents": agent or 0,
        }  # fmt: skip
        is_in_period = created_at is not None and period[0] <= scenario.date(created_at) <= period[1]
        return is_in_period and all(not values or ids[name] in values for name, values in filters.items())

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


def _average(events: list[Row], name: str, column: str) -> float | None:
    values = [row[column] for row in events if row["name"] == name and row[column] is not None]
    return pytest.approx(sum(values) / len(values)) if values else None


@given(scenario=scenarios(), requests=st.lists(st.tuples(_PERIODS, _FILTERS), min_size=1, max_size=5))
@examples(150)
def test_report_equals_a_count_of_the_raw_rows(
    connection: Connection, scenario: Scenario, requests: list[tuple[list[datetime.date], dict[str, list[int]]]]
) -> None:
    _load(connection, scenario)
    for period, filters in requests:
        assert _report(connection, period, filters) == _recount(scenario, period, filters)


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
