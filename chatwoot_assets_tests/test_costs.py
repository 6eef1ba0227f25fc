"""What one day's refresh costs, without a clock: statements, rows, plans, bytes.

Everything is counted during a refresh as users run it, on a sample of 20,000 conversations. A deliberate increase
changes the figure here, where a reviewer sees it.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.partitions import day
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.sample.database import SampleSize, create_sample
from chatwoot_assets.source.adbc_connection import LimitedAdbc
from chatwoot_assets.source.releases import OPTIONAL_COLUMNS
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets.source.views import VIEWS
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.frames import read_rows
from chatwoot_assets_tests.plans import explain, plan_nodes
from chatwoot_assets_tests.project import Project

DATE = datetime.date(2025, 3, 18)

# The queries, each with a word that only it contains: those of the extract, then those of the check after it.
QUERIES = {
    "SELECT now()": "the instant of the snapshot",
    "AS reporting_timezone": "the time zone of the views",
    "obj_description": "the versions of the views",
    "pg_get_viewdef": "what the views mask",
    'FROM "chatwoot_analytics".vw_conversations_own': "the day's conversations",
    "vw_conversation_labels": "their labels",
    "vw_conversation_slas": "their SLAs",
    "vw_calls": "their calls",
    "vw_contacts": "their contacts",
    "vw_inboxes": "their other names",
    "vw_reporting_events_own": "their events",
    "vw_messages_own": "their messages",
    "vw_csat_responses": "their ratings",
    "vw_account_names": "the names of accounts",
    "vw_inbox_bots": "the bots of inboxes",
    "before_first": "the conversations that no partition holds",
    "reltoastrelid": "the size of long texts",
}
SENT_ONCE = set(QUERIES.values()) - {"the instant of the snapshot"}
SESSIONS = 2
SETTING_STATEMENTS_PER_SESSION = 6
# These tables are so small that no index is cheaper; conversations have no index on created_at.
SMALL_TABLES = {
    "conversations",
    "users",
    "inboxes",
    "integrations_hooks",
    "accounts",
    "teams",
    "tags",
    "working_hours",
    "account_users",
    "agent_bot_inboxes",
    "captain_inboxes",
    "custom_attribute_definitions",
    "data_import_mappings",
    "sla_policies",
}
# The search for the day's conversations, and for conversations outside all partitions.
LOOKS_THROUGH_CONVERSATIONS = 2
# It is 58 with these texts, which repeat: 26 for the messages, and 32 for all that belongs to their conversations.
BYTES_PER_MESSAGE = 59


@dataclass
class Refresh:
    """What one day's refresh sent to the source and received."""

    project: Project
    statements: list[str] = field(default_factory=list)
    results: list[tuple[str, pl.DataFrame]] = field(default_factory=list)

    def rows_of(self, name: str) -> pl.DataFrame:
        (frame,) = (frame for query, frame in self.results if _query_name(query) == name)
        return frame


def _query_name(statement: str) -> str:
    return next((name for word, name in QUERIES.items() if word in statement), statement)


@pytest.fixture(scope="module")
def refresh(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Refresh:
    """A day of a sample of 20,000 conversations in the first quarter of 2025, refreshed once."""
    url = postgres.new_database()
    create_sample(url, SampleSize(20_000, 90, datetime.date(2025, 3, 31)))
    directory = tmp_path_factory.mktemp("costs")
    refreshed = Refresh(Project.create(url, postgres.new_database(), directory, empty=False))
    read = Snapshot.read

    def recorded(send: Callable[[LimitedAdbc, str], Any]) -> Callable[[LimitedAdbc, str], Any]:
        def recorded_send(connection: LimitedAdbc, statement: str) -> Any:  # noqa: ANN401 (rows, or nothing)
            refreshed.statements.append(statement)
            return send(connection, statement)

        return recorded_send

    def recorded_read(source: Snapshot, query: sql.Composable, *, whole_tables: bool = False) -> pl.DataFrame:
        frame = read(source, query, whole_tables=whole_tables)
        refreshed.results.append((query.as_string(), frame))
        return frame

    with pytest.MonkeyPatch.context() as patch:
        for name in ("execute", "read"):
            patch.setattr(LimitedAdbc, name, recorded(getattr(LimitedAdbc, name)))
        patch.setattr(Snapshot, "read", recorded_read)
        # Queries sent in any other way would not be counted.
        patch.setattr(ChatwootDatabase, "transaction", None)
        refreshed.project.load(DATE)
    return refreshed


def _explained(refresh: Refresh, *, analyze: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield all nodes of the plans of the queries, each with its query's name."""
    with refresh.project.resources["chatwoot"].transaction() as connection:
        for query, _ in refresh.results:
            recorded = sql.SQL(query)
            for node in plan_nodes(explain(connection, recorded, "ANALYZE, TIMING OFF, " if analyze else "")):
                yield _query_name(query), node


def _count(refresh: Refresh, query: str) -> int:
    """Return how many rows Chatwoot's own tables have; `of_day` is a condition on conversations c."""
    one = day(DATE, refresh.project.settings.reporting_timezone)
    of_day = sql.SQL("c.created_at >= {} AND c.created_at < {}").format(sql.Literal(one.start), sql.Literal(one.end))
    with psycopg.connect(refresh.project.source_url) as connection:
        row = connection.execute(sql.SQL(query).format(of_day=of_day)).fetchone()
    assert row is not None
    return int(row[0])


def _messages(refresh: Refresh) -> int:
    return _count(
        refresh, "SELECT count(*) FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE {of_day}"
    )


def test_each_query_is_sent_once_and_no_other(refresh: Refresh) -> None:
    sent = Counter(_query_name(query) for query, _ in refresh.results)
    expected = Counter({**dict.fromkeys(SENT_ONCE, 1), "the instant of the snapshot": SESSIONS})
    assert sent == expected, f"sent more: {sent - expected}; sent less: {expected - sent}"


def test_only_session_settings_are_sent_besides_queries(refresh: Refresh) -> None:
    queries = {query for query, _ in refresh.results}
    rest = Counter(statement for statement in refresh.statements if statement not in queries)
    settings = ("SET LOCAL ", "SET TRANSACTION ", "SELECT set_config(")
    unexpected = [statement for statement in rest if not statement.startswith(settings)]
    assert unexpected == [], f"neither a query nor a setting: {unexpected}"
    assert set(rest.values()) == {SESSIONS}, f"sessions, or settings made again: {rest}"
    assert len(rest) == SETTING_STATEMENTS_PER_SESSION, f"settings: {sorted(rest)}"


def test_only_the_days_rows_are_transferred(refresh: Refresh) -> None:
    rows = {
        "the day's conversations": _count(refresh, "SELECT count(*) FROM conversations c WHERE {of_day}"),
        "their messages": _messages(refresh),
        "their contacts": _count(
            refresh,
            "SELECT count(DISTINCT ct.id) FROM contacts ct JOIN conversations c ON c.contact_id = ct.id WHERE {of_day}",
        ),
        "their other names": _count(
            refresh,
            "SELECT count(DISTINCT i.id) + count(DISTINCT u.id) + count(DISTINCT a.id) + count(DISTINCT t.id)"
            " FROM conversations c LEFT JOIN inboxes i ON i.id = c.inbox_id LEFT JOIN users u ON u.id = c.assignee_id"
            " LEFT JOIN accounts a ON a.id = c.account_id LEFT JOIN teams t ON t.id = c.team_id WHERE {of_day}",
        ),
        "their labels": _count(
            refresh,
            "SELECT count(*) FROM taggings g JOIN conversations c ON c.id = g.taggable_id"
            " WHERE g.taggable_type = 'Conversation' AND g.context = 'labels' AND {of_day}",
        ),
        "their SLAs": _count(
            refresh,
            "SELECT count(*) FROM applied_slas s JOIN conversations c ON c.id = s.conversation_id WHERE {of_day}",
        ),
        "their calls": _count(
            refresh,
            "SELECT count(*) FROM calls k JOIN conversations c ON c.id = k.conversation_id WHERE {of_day}",
        ),
        "their events": _count(
            refresh,
            "SELECT count(*) FROM reporting_events e JOIN conversations c ON c.id = e.conversation_id WHERE {of_day}",
        ),
        "the names of accounts": _count(
            refresh,
            "SELECT count(*) FROM (SELECT account_id, u.name FROM account_users JOIN users AS u ON u.id = user_id"
            " UNION SELECT account_id, name FROM teams) AS n WHERE name = lower(name)",
        ),
        "the bots of inboxes": _count(refresh, "SELECT count(*) FROM agent_bot_inboxes"),
        "their ratings": _count(
            refresh,
            "SELECT count(*) FROM csat_survey_responses r"
            " JOIN conversations c ON c.id = r.conversation_id WHERE {of_day}",
        ),
    }
    assert all(rows.values())
    travelled = {name: refresh.rows_of(name).height for name in rows}
    assert travelled == rows, "rows that travelled, and those of the day"
    others = sum(frame.height for query, frame in refresh.results if _query_name(query) not in rows)
    # The columns of optional tables, and the session in which they are read.
    assert others <= len(VIEWS) + 6 + len(OPTIONAL_COLUMNS) + 1, f"all other results together have {others} rows"


def test_no_statement_scans_a_large_table_except_conversations(refresh: Refresh) -> None:
    scans = [(name, node["Relation Name"]) for name, node in _explained(refresh) if node["Node Type"] == "Seq Scan"]
    large = [(name, table) for name, table in scans
             if table not in SMALL_TABLES and not table.startswith("pg_")]  # fmt: skip
    assert large == [], f"read as a whole: {large}"
    looks = [name for name, table in scans if table == "conversations"]
    assert len(looks) <= LOOKS_THROUGH_CONVERSATIONS, f"conversations are looked through for: {looks}"


def test_server_reads_no_message_of_another_day(refresh: Refresh) -> None:
    read = Counter[str]()
    for name, node in _explained(refresh, analyze=True):
        if node.get("Relation Name") == "messages":
            thrown_away = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
            read[name] += round((node["Actual Rows"] + thrown_away) * node["Actual Loops"])
    expected = _messages(refresh)
    assert set(read) == {"their messages"}, f"messages are read for: {dict(read)}"
    assert read["their messages"] == pytest.approx(expected, rel=0.01), (
        "messages read, and those of the day; each plan tells the rounded average of its loops"
    )


def test_message_takes_few_bytes_of_the_days_files(refresh: Refresh) -> None:
    sizes = {}
    for dataset in Dataset:
        frame, _ = read_rows(refresh.project.store, dataset, refresh.project.day(DATE))
        path = Path(refresh.project.store.path(dataset, refresh.project.day(DATE)))
        sizes[f"{dataset.value}, {frame.height} rows"] = path.stat().st_size
    per_message = sum(sizes.values()) / _messages(refresh)
    assert per_message <= BYTES_PER_MESSAGE, f"{per_message:.1f} bytes a message; of the files: {sizes}"
