"""Chatwoot's own report and the daily backlog, asked of a real PostgreSQL, beside a count of the raw rows."""

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
from chatwoot_assets_tests.metrics.scenarios import NOON, History, Row, histories, history

Connection = psycopg.Connection[Any]

# What Chatwoot takes the average of, by the names of the report's columns.
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
    with psycopg.connect(postgres.new_database(), row_factory=dict_row, autocommit=True) as opened:
        for path in sorted(sql_path("warehouse", "migrations").glob("*.sql")):
            opened.execute(path.read_bytes())
        # What the report does not ask need not be there.
        nullable = opened.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'conversation_facts'::regclass AND attnum > 0"
            " AND attnotnull AND attname != 'conversation_id'"
        ).fetchall()
        for row in nullable:
            drop = sql.SQL("ALTER TABLE conversation_facts ALTER {} DROP NOT NULL")
            opened.execute(drop.format(sql.Identifier(row["attname"])))
        yield opened


def _insert(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in frame.iter_rows():
            copy.write_row(row)


def _load(connection: Connection, story: History) -> None:
    """Replace everything by what is compiled of a history."""
    connection.execute("TRUNCATE conversation_facts, conversation_events, hourly_messages, backlog_changes")
    of, waits = story.extracted()
    names = ("account_id", "inbox_id", "assignee_id", "team_id", "conversation_date")
    _insert(connection, "conversation_facts", of.conversations.select(pl.col("id").alias("conversation_id"), *names))
    _insert(connection, "conversation_events", compute_conversation_events(of.conversations, of.events, of.zone))
    _insert(connection, "hourly_messages", compute_hourly_messages(of.conversations, of.messages, of.zone))
    _insert(connection, "backlog_changes", compute_backlog_changes(of, waits))


def _report(connection: Connection, period: Sequence[datetime.date], filters: dict[str, list[int]]) -> Row:
    values = {"accounts": [], "inboxes": [], "teams": [], "agents": [], **filters}
    query = compose(sql_path("warehouse", "chatwoot_report.sql"), first_day=period[0], last_day=period[1], **values)
    row = connection.execute(query).fetchone()
    assert row is not None
    return dict(row)


def _recount(story: History, period: Sequence[datetime.date], filters: dict[str, list[int]]) -> Row:
    """Return what Chatwoot's report says of raw rows, as its code reads."""
    whose = {row["id"]: row for row in story.conversations}

    def fits(row: Row, conversation: Row, agent: int | None) -> bool:
        at = row["created_at"]
        ids = {
            "accounts": row["account_id"], "inboxes": row["inbox_id"], "teams": conversation["team_id"] or 0,
            "agents": agent or 0,
        }  # fmt: skip
        is_in_period = at is not None and period[0] <= story.day(at) <= period[1]
        return is_in_period and all(not chosen or ids[name] in chosen for name, chosen in filters.items())

    conversations = [row for row in story.conversations if fits(row, row, row["assignee_id"])]
    messages = [
        row["message_type"]
        for row in story.messages
        if row["conversation_id"] in whose
        and fits(
            {**whose[row["conversation_id"]], "created_at": row["created_at"]},
            whose[row["conversation_id"]],
            row["sender_id"] if row["sender_type"] == "User" else None,
        )
    ]
    events = [
        row
        for row in story.events
        if row["conversation_id"] in whose and fits(row, whose[row["conversation_id"]], row["user_id"])
    ]
    handed_off = {row["conversation_id"] for row in events if row["name"] == "conversation_bot_handoff"}
    by_bot = [row for row in events if row["name"] == "conversation_bot_resolved"]
    return {
        "conversations_count": len(conversations),
        "incoming_messages_count": messages.count("incoming"),
        "outgoing_messages_count": messages.count("outgoing"),
        **{column: _average(events, name, value) for column, (name, value) in _AVERAGES.items()},
        "resolutions_count": sum(row["name"] == "conversation_resolved" for row in events),
        "bot_resolutions_count": sum(row["conversation_id"] not in handed_off for row in by_bot),
        "bot_handoffs_count": len(handed_off),
    }


def _average(events: list[Row], name: str, column: str) -> float | None:
    values = [row[column] for row in events if row["name"] == name and row[column] is not None]
    return pytest.approx(sum(values) / len(values)) if values else None


@given(story=histories(), asked=st.lists(st.tuples(_PERIODS, _FILTERS), min_size=1, max_size=5))
@examples(150)
def test_every_metric_of_chatwoots_report_equals_a_count_of_the_raw_rows(
    connection: Connection, story: History, asked: list[tuple[list[datetime.date], dict[str, list[int]]]]
) -> None:
    _load(connection, story)
    for period, filters in asked:
        assert _report(connection, period, filters) == _recount(story, period, filters)


def test_a_duplicated_event_counts_twice_in_the_report_and_zeros_are_averaged_as_in_chatwoot(
    connection: Connection,
) -> None:
    twice = {"conversation_id": 1, "value": 90.0, "value_in_business_hours": 30.0}
    never_open = {"conversation_id": 2, "value": 30.0, "value_in_business_hours": 0.0}
    _load(connection, history([{}, {}], events=[twice, twice, never_open]))
    report = _report(connection, [NOON.date(), NOON.date()], {})
    assert (report["resolutions_count"], report["avg_resolution_time"]) == (3, 70.0)
    assert report["avg_resolution_business_time"] == 20.0


def test_a_report_of_nothing_counts_0_and_has_no_averages(connection: Connection) -> None:
    _load(connection, history([]))
    report = _report(connection, [NOON.date(), NOON.date()], {})
    assert {name for name, value in report.items() if value is None} == set(_AVERAGES)
    assert {value for value in report.values() if value is not None} == {0}


@given(histories())
@examples(50)
def test_the_daily_backlog_is_dense_and_sums_all_changes_so_far(connection: Connection, story: History) -> None:
    _load(connection, story)
    last = datetime.date(2018, 11, 7)
    connection.execute("DELETE FROM partition_state")
    connection.execute("INSERT INTO partition_state VALUES (%s, 0, 0, 0, now(), now(), 'run')", (last,))
    changes = connection.execute("SELECT * FROM backlog_changes").fetchall()
    expected = []
    inboxes = sorted({(row["account_id"], row["inbox_id"]) for row in changes})
    for account, inbox in inboxes:
        own = [row for row in changes if (row["account_id"], row["inbox_id"]) == (account, inbox)]
        day = min(row["change_date"] for row in own)
        while day <= last:
            sums = {kind: sum(row[kind] for row in own if row["change_date"] <= day) for kind in PARTS}
            expected.append({"backlog_date": day, "account_id": account, "inbox_id": inbox, **sums})
            day += datetime.timedelta(days=1)
    found = connection.execute("SELECT * FROM daily_backlog ORDER BY account_id, inbox_id, backlog_date").fetchall()
    assert found == expected


def test_the_daily_backlog_is_the_same_in_every_sessions_zone(connection: Connection) -> None:
    _load(connection, history([{}]))
    connection.execute("DELETE FROM partition_state")
    connection.execute("INSERT INTO partition_state VALUES (%s, 0, 0, 0, now(), now(), 'run')", (NOON.date(),))
    found = []
    # The last is the one that the other tests have.
    for zone in ("America/Sao_Paulo", "Pacific/Kiritimati", "UTC"):
        connection.execute(sql.SQL("SET TIME ZONE {}").format(sql.Literal(zone)))
        found.append(connection.execute("SELECT backlog_date FROM daily_backlog").fetchall())
    assert found == [[{"backlog_date": NOON.date()}]] * 3
