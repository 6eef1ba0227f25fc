"""Two months written through Chatwoot's own write path, with its own answers at each midnight.

The rows in `data/simulated-months` are of plain and bot inboxes. Chatwoot says of each conversation at each midnight of
America/Sao_Paulo: its status, whether somebody is assigned, whether it is unattended. `reports.json.gz` has Chatwoot's
nine report numbers of three ranges by account, inbox, team and agent, in calendar and in business time.
"""

from __future__ import annotations

import datetime
import gzip
import json
import zoneinfo
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import psycopg
import pytest
from psycopg.rows import dict_row

from chatwoot_assets.conversations.transform import with_day
from chatwoot_assets.extract.account_context import read_account_context
from chatwoot_assets.extract.conversation_changes import add_conversation_fingerprints
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.rows import find_conversations, read_datasets
from chatwoot_assets.extract.schemas import conform
from chatwoot_assets.metrics.activity import NAMES
from chatwoot_assets.metrics.backlog_changes import PARTS
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.metrics.episodes import compute_episodes
from chatwoot_assets.metrics.resolutions import compute_resolutions
from chatwoot_assets.metrics.response_intervals import compute_response_intervals
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets_tests.metrics.backlog import compute_changes
from chatwoot_assets_tests.metrics.report_tables import (
    Connection,
    Filters,
    Row,
    create_tables,
    fetch_report,
    fill_report_tables,
    insert,
)
from chatwoot_assets_tests.project import Project

if TYPE_CHECKING:
    from chatwoot_assets_tests.conftest import Postgres

_DATA = Path(__file__).parents[1] / "data" / "simulated-months"
_ZONE = "America/Sao_Paulo"


# What Chatwoot's report has of a conversation's label, by its code.
_LABEL_REPORT = """
WITH labelled AS (
    SELECT c.id, c.created_at
    FROM conversations AS c
    JOIN taggings AS t ON t.taggable_id = c.id AND t.taggable_type = 'Conversation' AND t.context = 'labels'
    JOIN tags AS g ON g.id = t.tag_id
    WHERE g.name = %(label)s
), events AS (
    SELECT e.* FROM reporting_events AS e
    WHERE e.conversation_id IN (SELECT id FROM labelled) AND e.created_at >= %(start)s AND e.created_at < %(end)s
), written AS (
    SELECT m.message_type FROM messages AS m
    WHERE m.conversation_id IN (SELECT id FROM labelled) AND m.created_at >= %(start)s AND m.created_at < %(end)s
)
SELECT
    (SELECT count(*) FROM labelled WHERE created_at >= %(start)s AND created_at < %(end)s) AS conversations_count,
    (SELECT count(*) FROM written WHERE message_type = 0) AS incoming_messages_count,
    (SELECT count(*) FROM written WHERE message_type = 1) AS outgoing_messages_count,
    avg(value) FILTER (WHERE name = 'first_response') AS avg_first_response_time,
    avg(value) FILTER (WHERE name = 'conversation_resolved') AS avg_resolution_time,
    count(*) FILTER (WHERE name = 'conversation_resolved') AS resolutions_count,
    avg(value) FILTER (WHERE name = 'reply_time') AS reply_time,
    count(*) FILTER (
        WHERE name = 'conversation_bot_resolved'
        AND conversation_id NOT IN (SELECT conversation_id FROM events WHERE name = 'conversation_bot_handoff')
    ) AS bot_resolutions_count,
    count(DISTINCT conversation_id) FILTER (WHERE name = 'conversation_bot_handoff') AS bot_handoffs_count
FROM events
"""
# Chatwoot's bot report, its first responses by bucket and its heat map of resolutions, by its code.
_BOT_REPORT = """
WITH begun AS (
    SELECT c.id FROM conversations AS c
    JOIN agent_bot_inboxes AS b ON b.inbox_id = c.inbox_id AND b.status = 0
    WHERE c.created_at >= %(start)s AND c.created_at < %(end)s
), events AS (
    SELECT name, conversation_id FROM reporting_events WHERE created_at >= %(start)s AND created_at < %(end)s
)
SELECT
    (SELECT count(*) FROM begun) AS conversations,
    (
        SELECT count(*) FROM messages AS m JOIN begun ON begun.id = m.conversation_id
        WHERE m.message_type = 1 AND m.created_at >= %(start)s AND m.created_at < %(end)s
    ) AS messages,
    count(DISTINCT conversation_id) FILTER (
        WHERE name = 'conversation_bot_resolved'
        AND conversation_id NOT IN (SELECT conversation_id FROM events WHERE name = 'conversation_bot_handoff')
    ) AS resolved,
    count(DISTINCT conversation_id) FILTER (WHERE name = 'conversation_bot_handoff') AS handed_off
FROM events
"""
_BUCKETS = """
SELECT inbox_id AS group_id, width_bucket(value, ARRAY[0, 3600, 14400, 28800, 86400]::float8[]) AS bucket, count(*)
FROM reporting_events
WHERE name = 'first_response' AND created_at >= %(start)s AND created_at < %(end)s
GROUP BY 1, 2
"""
_HEAT_MAP = """
SELECT extract(DOW FROM at)::int AS day_of_week, extract(HOUR FROM at)::int AS hour, count(*)
FROM reporting_events, LATERAL (SELECT created_at AT TIME ZONE 'UTC' AT TIME ZONE 'America/Sao_Paulo') AS local (at)
WHERE name = 'conversation_resolved' AND created_at >= %(start)s AND created_at < %(end)s
GROUP BY 1, 2
"""
_OCTOBER = (datetime.date(2026, 10, 1), datetime.date(2026, 10, 31))
_BUSINESS_COLUMNS = {
    "avg_first_response_time": "avg_first_response_business_time",
    "avg_resolution_time": "avg_resolution_business_time",
    "reply_time": "reply_business_time",
}


@pytest.fixture(scope="module")
def project(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Chatwoot's database with both months."""
    project = Project.create(postgres.new_database(), "", tmp_path_factory.mktemp("months"), timezone=_ZONE)
    with psycopg.connect(project.source_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(gzip.decompress((_DATA / "rows.sql.gz").read_bytes()))
    return project


@pytest.fixture(scope="module")
def batch(project: Project) -> ConversationBatch:
    """The extracted rows of both months; each conversation is an account of its own, to be counted alone."""
    days = [project.day(datetime.date(2026, 9, 30) + datetime.timedelta(days=number)) for number in range(64)]
    schema = project.settings.views_schema
    with snapshot(project.resources["chatwoot"]) as source:
        context = read_account_context(source, schema)
        found = find_conversations(source, schema, days)
        read = add_conversation_fingerprints(read_datasets(source, schema, found, 0))
    frames = {dataset: conform(dataset, frame) for dataset, (frame, _) in read.items()}
    conversations = pl.concat(
        with_day(
            frames[Dataset.CONVERSATIONS].filter(pl.col("created_at").is_between(day.start, day.end, "left")),
            day.date,
            datetime.datetime.now(datetime.timezone.utc),
        )
        for day in days
    ).with_columns(pl.col("id").alias("account_id"))
    names = pl.DataFrame(sorted(context.names), schema=NAMES, orient="row").drop("account_id")
    return ConversationBatch(
        conversations,
        frames[Dataset.MESSAGES],
        frames[Dataset.EVENTS],
        frames[Dataset.CSAT],
        _ZONE,
        active_bot_inboxes=context.bot_inboxes,
        names=conversations.select("account_id").join(names, how="cross").select(list(NAMES)),
    )


@pytest.fixture(scope="module")
def midnights() -> list[list[Any]]:
    rows: list[list[Any]] = json.loads(gzip.decompress((_DATA / "midnights.json.gz").read_bytes()))
    return rows


def test_every_conversation_day_of_two_months_equals_chatwoot(
    batch: ConversationBatch, midnights: list[list[Any]]
) -> None:
    changes = compute_changes(batch, compute_response_intervals(batch))
    dates = pl.DataFrame({"date": sorted({datetime.date.fromisoformat(row[0]) for row in midnights})})
    levels = (
        dates.join(changes, how="cross")
        .filter(pl.col("change_date") <= pl.col("date"))
        .group_by("date", "account_id")
        .agg(pl.col(PARTS).sum())
    )
    parts = {(str(row["date"]), row["account_id"]): row for row in levels.to_dicts()}
    nothing = dict.fromkeys(PARTS, 0)
    differing = []
    for date, conversation, status, assigned, unattended in midnights:
        expected = {**nothing, **({status: 1} if status in PARTS else {})}
        if status == "open":
            expected |= {"unassigned": int(not assigned), "unattended": int(unattended)}
        actual = parts.get((date, conversation), nothing)
        if {name: actual[name] for name in PARTS} != expected:
            differing.append((date, conversation, {name: actual[name] for name in PARTS}, expected))
    assert len(midnights) > 5_000
    assert not differing, (len(differing), differing[:5])


@pytest.fixture(scope="module")
def report(batch: ConversationBatch, postgres: Postgres) -> Iterator[Connection]:
    """A session on the tables from which Chatwoot's report is computed."""
    with create_tables(postgres.new_database()) as connection:
        waits = compute_response_intervals(batch)
        fill_report_tables(connection, batch, waits, compute_episodes(batch))
        insert(connection, "response_intervals", waits)
        insert(connection, "resolutions", compute_resolutions(batch))
        bots = pl.DataFrame(list(batch.active_bot_inboxes.items()), schema=["inbox_id", "bot_since"], orient="row")
        insert(connection, "inbox_bot", bots)
        yield connection


@pytest.mark.parametrize("dimension", ["all", "inbox", "team", "agent"])
def test_nine_report_numbers_of_each_group_equal_chatwoot(report: Connection, dimension: str) -> None:
    answers = json.loads(gzip.decompress((_DATA / "reports.json.gz").read_bytes()))
    compared = 0
    for answer in answers:
        if answer["by"] != ("account" if dimension == "all" else dimension):
            continue
        period = [datetime.date.fromisoformat(answer[name]) for name in ("first", "last")]
        rows = {row["group_id"]: row for row in fetch_report(report, period, {}, dimension)}
        row = rows.get(answer["id"], {})
        for name, value in answer["chatwoot"].items():
            column = _BUSINESS_COLUMNS.get(name, name) if answer["business"] else name
            # Chatwoot shows 0 where it has no average.
            assert (row.get(column) or 0) == pytest.approx(value or 0), (answer, name)
            compared += 1
    assert compared >= 54


def test_nine_report_numbers_of_each_label_equal_the_tables_of_chatwoot(project: Project, report: Connection) -> None:
    compared = 0
    with psycopg.connect(project.source_url, row_factory=dict_row) as source:
        labels = [row["name"] for row in source.execute("SELECT name FROM tags").fetchall()]
        for first, last in (("2026-10-01", "2026-10-31"), ("2026-11-01", "2026-11-23"), ("2026-10-05", "2026-10-11")):
            period = [datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)]
            rows = {row["group_name"]: row for row in fetch_report(report, period, {}, "label")}
            for label in labels:
                values = {"label": label, **_bounds(period)}
                expected = source.execute(_LABEL_REPORT, values).fetchone() or {}
                actual = rows.get(label, {})
                assert {name: actual.get(name) or 0 for name in expected} == {
                    name: pytest.approx(value or 0) for name, value in expected.items()
                }
                (alone,) = fetch_report(report, period, {"labels": [label]})
                assert {name: alone[name] or 0 for name in expected} == {
                    name: pytest.approx(value or 0) for name, value in expected.items()
                }
                compared += sum(bool(value) for value in expected.values())
    assert compared > 30


def _bounds(days: Sequence[datetime.date]) -> Row:
    """Return the first instant of the days and the one after them, as Chatwoot stores times."""
    zone = zoneinfo.ZoneInfo(_ZONE)
    instants = [
        datetime.datetime.combine(date, datetime.time(), zone).astimezone(datetime.timezone.utc).replace(tzinfo=None)
        for date in (days[0], days[1] + datetime.timedelta(days=1))
    ]
    return {"start": instants[0], "end": instants[1]}


def _fetch(report: Connection, name: str, **values: object) -> list[Row]:
    filters: Filters = {"accounts": [], "inboxes": [], "teams": [], "agents": [], "statuses": [], "labels": []}
    days = {"first_day": _OCTOBER[0], "last_day": _OCTOBER[1]}
    query = compose(sql_path("warehouse", f"chatwoot_{name}.sql"), **filters, attributes="[]", **days, **values)
    return report.execute(query).fetchall()


def test_bot_report_equals_the_tables_of_chatwoot(project: Project, report: Connection) -> None:
    with psycopg.connect(project.source_url, row_factory=dict_row) as source:
        expected = source.execute(_BOT_REPORT, _bounds(_OCTOBER)).fetchone()
    (row,) = _fetch(report, "bots", dimension="all")
    assert expected
    assert {name: row[name] for name in expected} == expected
    assert all(expected.values())
    by_inbox = _fetch(report, "bots", dimension="inbox")
    assert {name: sum(inbox[name] for inbox in by_inbox) for name in expected} == expected


def test_first_responses_by_bucket_equal_the_tables_of_chatwoot(project: Project, report: Connection) -> None:
    with psycopg.connect(project.source_url, row_factory=dict_row) as source:
        answers = source.execute(_BUCKETS, _bounds(_OCTOBER)).fetchall()
    limits = [0, 3600, 14400, 28800, 86400]
    expected = {(row["group_id"], limits[row["bucket"] - 1]): row["count"] for row in answers}
    rows = _fetch(report, "first_responses")
    assert {(row["group_id"], row["bucket"]): row["chatwoot"] for row in rows if row["chatwoot"]} == expected
    assert len({bucket for _, bucket in expected}) > 2
    assert sum(row["dashboard"] for row in rows) > 0


def test_heat_map_of_resolutions_equals_the_tables_of_chatwoot(project: Project, report: Connection) -> None:
    with psycopg.connect(project.source_url, row_factory=dict_row) as source:
        answers = source.execute(_HEAT_MAP, _bounds(_OCTOBER)).fetchall()
    expected = {(row["day_of_week"], row["hour"]): row["count"] for row in answers}
    rows = _fetch(report, "resolution_hours", timezone=_ZONE)
    assert {(row["day_of_week"], row["hour"]): row["chatwoot"] for row in rows if row["chatwoot"]} == expected
    resolved = report.execute(
        "SELECT count(*) AS n FROM resolutions WHERE resolved_date BETWEEN %s AND %s", _OCTOBER
    ).fetchone()
    assert resolved == {"n": sum(row["dashboard"] for row in rows)}
