"""One day is read by index: the plans of every view and of every query of the extract.

A planner scans tiny tables, so that the large sample matters; on the small one, only the messages are looked at.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.extract.dataset import FingerprintGroup
from chatwoot_assets.extract.queries import contacts, conversation_totals, day_totals, rows_of
from chatwoot_assets.partitions import days
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.sample.database import SampleSize, create_sample
from chatwoot_assets.source.create import create_views
from chatwoot_assets.source.views import VIEWS
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.plans import Node, explain, plan_nodes

SCHEMA = "plans"
STARTS_AT = datetime.datetime(2025, 3, 18, 3)  # noqa: DTZ001 (Chatwoot stores UTC without a zone)
ENDS_AT = STARTS_AT + datetime.timedelta(days=1)

DAY_COLUMN = dict.fromkeys(
    ("vw_conversations_own", "vw_conversations_joined", "vw_conversations_base", "vw_conversations_analytics"),
    "created_at",
)
# Views that are read by ids, or whole because they are small.
BY_ID = {
    "vw_account_names",
    "vw_allowed_attributes",
    "vw_attribute_definitions",
    "vw_captain_outcomes",
    "vw_inbox_bots",
    "vw_dialogflow_inboxes",
    "vw_captain_inboxes",
    "vw_campaigns",
    "vw_campaign_deliveries",
    "vw_imported_conversations",
    "vw_accounts",
    "vw_contacts",
    "vw_inboxes",
    "vw_messages_own",
    "vw_reporting_events_own",
    "vw_teams",
    "vw_users",
}
BY_DAY = [view.name for view in VIEWS if view.name not in BY_ID]
READ_MESSAGES = {
    "vw_messages_marked",
    "vw_messages_base",
    "vw_messages_compiled",
    "vw_message_stats",
    "vw_conversations_analytics",
}
READ_RATINGS = {"vw_csat_base", "vw_conversations_analytics"}
# Views on small tables: a session without our limits reads these completely instead of looking up a day.
FOR_THE_EXTRACT = {"vw_conversation_labels", "vw_csat_responses"}
# Chatwoot has no index on conversations.created_at: only that table may be scanned.
LARGE_TABLES = {"messages", "csat_survey_responses", "reporting_events", "taggings"}

# Small tables, from which the map of allowed attributes is made.
ATTRIBUTE_TABLES = {"accounts", "custom_attribute_definitions"}
# Whether and when an import wrote a conversation.
LOOKED_UP = ["data_import_mappings"] * 2


def _create_views(url: str) -> None:
    with psycopg.connect(url) as connection:
        create_views(connection, ViewOptions(SCHEMA, "America/Sao_Paulo"))


@pytest.fixture(scope="module")
def small(sample_url: str) -> Iterator[str]:
    _create_views(sample_url)
    yield sample_url
    with psycopg.connect(sample_url) as connection:
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(SCHEMA)))


@pytest.fixture(scope="module")
def large(postgres: Postgres) -> str:
    """A sample of 20,000 conversations in the first quarter of 2025."""
    url = postgres.new_database()
    create_sample(url, SampleSize(20_000, 90, datetime.date(2025, 3, 31)))
    _create_views(url)
    return url


def _view_query(name: str) -> sql.Composed:
    column = sql.Identifier(DAY_COLUMN.get(name, "conversation_created_at"))
    return sql.SQL("SELECT * FROM {} WHERE {} >= {} AND {} < {}").format(
        sql.Identifier(SCHEMA, name), column, sql.Literal(STARTS_AT), column, sql.Literal(ENDS_AT)
    )


def _extract_query(name: str, ends_at: datetime.datetime = ENDS_AT) -> sql.Composed:
    path = sql_path("extract", f"{name}.sql")
    return compose(path, views_schema=SCHEMA, starts_at=STARTS_AT, ends_at=ends_at)


def _plan(url: str, query: sql.Composed) -> list[Node]:
    """Return all nodes of the plan of a session without limits."""
    with psycopg.connect(url) as connection:
        return list(plan_nodes(explain(connection, query)))


def _extract_plan(url: str, query: sql.Composed) -> list[Node]:
    """Return all nodes of the plan of a session with our limits."""
    with ChatwootDatabase(url=url).transaction() as connection:
        return list(plan_nodes(explain(connection, query)))


def _read_tables(nodes: list[Node], *, once: bool) -> list[str]:
    """Return the tables that are read once before the query's rows, or those that are read for these."""
    return sorted(node["Relation Name"] for node in nodes if "Relation Name" in node and node["Is Once"] == once)


def _scanned(nodes: list[Node]) -> set[str]:
    return {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}


def _assert_by_index(nodes: list[Node], table: str) -> None:
    """Check that a table is read, and only by an index condition on its conversation_id."""
    reads = [node for node in nodes if node.get("Relation Name") == table]
    assert reads, f"{table} is not in the plan"
    for node in reads:
        condition = node.get("Index Cond") or node.get("Recheck Cond") or ""
        assert "conversation_id = " in condition, node


@pytest.mark.parametrize("name", [name for name in BY_DAY if name not in FOR_THE_EXTRACT])
def test_one_day_of_a_view_scans_neither_messages_nor_ratings(large: str, name: str) -> None:
    nodes = _plan(large, _view_query(name))
    assert not _scanned(nodes) & LARGE_TABLES


@pytest.mark.parametrize("name", sorted(READ_MESSAGES))
def test_one_day_of_a_view_reaches_messages_by_their_conversation(large: str, name: str) -> None:
    _assert_by_index(_plan(large, _view_query(name)), "messages")


@pytest.mark.parametrize("name", sorted(READ_RATINGS))
def test_one_day_of_a_view_reaches_ratings_by_their_conversation(large: str, name: str) -> None:
    _assert_by_index(_plan(large, _view_query(name)), "csat_survey_responses")


def test_only_views_that_need_messages_or_ratings_read_them(large: str) -> None:
    for name in BY_DAY:
        read = {node.get("Relation Name") for node in _plan(large, _view_query(name))}
        assert ("messages" in read) == (name in READ_MESSAGES), name
        assert ("csat_survey_responses" in read) == (name in {*READ_RATINGS, "vw_csat_responses"}), name


@pytest.mark.parametrize("name", ["conversations", "labels", "messages", "csat", "events"])
def test_one_day_of_an_extract_scans_neither_messages_nor_ratings(large: str, name: str) -> None:
    nodes = _extract_plan(large, _extract_query(name))
    assert not _scanned(nodes) & LARGE_TABLES


@pytest.mark.parametrize(
    ("group", "table"),
    [
        (FingerprintGroup.MESSAGES, "messages"),
        (FingerprintGroup.EVENTS, "reporting_events"),
        (FingerprintGroup.CSAT, "csat_survey_responses"),
        (FingerprintGroup.LABELS, "taggings"),
    ],
)
def test_rows_of_given_conversations_are_read_by_index(large: str, group: FingerprintGroup, table: str) -> None:
    with psycopg.connect(large) as connection:
        ids = connection.execute(
            "SELECT id FROM conversations WHERE created_at >= %s AND created_at < %s", [STARTS_AT, ENDS_AT]
        ).fetchall()
    one_day = days([STARTS_AT.date().isoformat()], zoneinfo.ZoneInfo("America/Sao_Paulo"))
    for some in (ids, ids[:1]):
        known = [id_ for (id_,) in some]
        for query in (rows_of(group, SCHEMA, known), conversation_totals([group], SCHEMA, one_day, known)):
            nodes = _extract_plan(large, query)
            assert not _scanned(nodes) & {*LARGE_TABLES, "conversations"}
            assert table in {node.get("Relation Name") for node in nodes}


def test_rows_that_are_loaded_are_read_without_a_join(large: str) -> None:
    for group, table in ((FingerprintGroup.MESSAGES, "messages"), (FingerprintGroup.EVENTS, "reporting_events")):
        nodes = _extract_plan(large, rows_of(group, SCHEMA, [1, 2, 3]))
        assert [node["Relation Name"] for node in nodes if "Relation Name" in node] == [table]


def test_contacts_are_looked_up_by_their_ids(large: str) -> None:
    nodes = _extract_plan(large, contacts(SCHEMA, list(range(1, 200))))
    assert [node["Node Type"] for node in nodes if node.get("Relation Name") == "contacts"] != ["Seq Scan"]


def test_an_extract_reaches_messages_and_ratings_by_their_conversation(large: str) -> None:
    _assert_by_index(_extract_plan(large, _extract_query("messages")), "messages")
    _assert_by_index(_extract_plan(large, _extract_query("csat")), "csat_survey_responses")


def test_week_of_messages_is_read_by_index(large: str) -> None:
    nodes = _extract_plan(large, _extract_query("messages", STARTS_AT + datetime.timedelta(days=7)))
    _assert_by_index(nodes, "messages")


@pytest.mark.parametrize("name", sorted(READ_MESSAGES))
def test_single_conversation_is_reached_by_index(large: str, name: str) -> None:
    key = "id" if name in DAY_COLUMN else "conversation_id"
    query = sql.SQL("SELECT * FROM {} WHERE {} = 1234").format(sql.Identifier(SCHEMA, name), sql.Identifier(key))
    _assert_by_index(_plan(large, query), "messages")


@pytest.mark.parametrize("name", sorted(READ_MESSAGES))
def test_even_a_small_table_of_messages_is_read_by_index(small: str, name: str) -> None:
    nodes = _plan(small, _view_query(name))
    assert "messages" not in _scanned(nodes)
    _assert_by_index(nodes, "messages")


def test_extract_reads_even_a_small_table_of_messages_by_index(small: str) -> None:
    nodes = _extract_plan(small, _extract_query("messages"))
    assert "messages" not in _scanned(nodes)
    _assert_by_index(nodes, "messages")


def test_conversations_own_columns_are_compared_without_a_join(large: str) -> None:
    march = days([f"2025-03-{number:02}" for number in range(1, 32)], zoneinfo.ZoneInfo("America/Sao_Paulo"))
    nodes = _extract_plan(large, day_totals([FingerprintGroup.CONVERSATIONS], SCHEMA, march))
    assert _read_tables(nodes, once=False) == [
        "conversation_outcomes",
        "conversation_participants",
        "conversations",
        *LOOKED_UP,
    ]
    assert set(_read_tables(nodes, once=True)) == ATTRIBUTE_TABLES


def test_comparing_conversations_and_names_reads_each_table_once(large: str) -> None:
    march = days([f"2025-03-{number:02}" for number in range(1, 32)], zoneinfo.ZoneInfo("America/Sao_Paulo"))
    nodes = _extract_plan(large, day_totals([FingerprintGroup.CONVERSATIONS, FingerprintGroup.NAMES], SCHEMA, march))
    looked_up = ["conversation_outcomes", "conversation_participants", "conversations", *LOOKED_UP]
    joined = ["accounts", "contacts", *looked_up, "inboxes", "teams", "users", "working_hours"]
    assert _read_tables(nodes, once=False) == joined
    assert set(_read_tables(nodes, once=True)) == ATTRIBUTE_TABLES


def test_what_an_import_wrote_is_looked_up_by_its_index(large: str) -> None:
    with psycopg.connect(large) as connection:
        connection.execute(
            "INSERT INTO data_import_mappings"
            " SELECT nextval('data_import_mappings_id_seq'), 1, 1, 'intercom', kind, n, kind, n, '{}', now(), now()"
            " FROM generate_series(1, 20000) AS n, (VALUES ('Message'), ('Conversation')) AS kinds (kind);"
            "ANALYZE data_import_mappings"
        )
        march = days([f"2025-03-{number:02}" for number in range(1, 32)], zoneinfo.ZoneInfo("America/Sao_Paulo"))
        for query in (_extract_query("conversations"), day_totals([FingerprintGroup.CONVERSATIONS], SCHEMA, march)):
            reads = [
                node for node in plan_nodes(explain(connection, query)) if node.get("Relation Name") == LOOKED_UP[0]
            ]
            assert reads
            for node in reads:
                assert "chatwoot_record_id = " in (node.get("Index Cond") or node.get("Recheck Cond") or ""), node
        connection.rollback()
