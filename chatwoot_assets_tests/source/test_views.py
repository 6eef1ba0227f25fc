"""The views, created, replaced and dropped by Python; their columns, and what they may read."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row

from chatwoot_assets.errors import SourceError
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.source.create import create_views, drop_views
from chatwoot_assets.source.releases import VIEW_COLUMNS, VIEW_NEEDS, optional_columns, table_columns_query
from chatwoot_assets.source.tables import REQUIRED_COLUMNS, check_tables
from chatwoot_assets.source.views import VIEWS
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets_tests.adversarial import insert_adversarial_rows
from chatwoot_assets_tests.comparison import differences
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.oracle import expected_conversations
from chatwoot_assets_tests.project import create_chatwoot
from chatwoot_assets_tests.source.view_catalog import as_utc, columns, definitions, dependencies
from chatwoot_assets_tests.source.view_contract import CONTRACT

ZONE = "America/Sao_Paulo"
CHATWOOT_4_0_0 = Path(__file__).parent.parent / "data" / "chatwoot-4.0.0"

# The views that have few rows among the adversarial ones.
FEWEST_ROWS = {
    "vw_conversation_labels": 3, "vw_accounts": 1, "vw_teams": 0, "vw_account_names": 0, "vw_inbox_bots": -1,
    "vw_dialogflow_inboxes": -1, "vw_captain_inboxes": -1,
    "vw_campaigns": -1, "vw_campaign_deliveries": -1,
    "vw_conversation_slas": -1, "vw_calls": -1, "vw_imported_conversations": -1,
    "vw_captain_outcomes": -1,
    "vw_attribute_definitions": 10, "vw_allowed_attributes": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def chatwoot_url(postgres: Postgres) -> str:
    """A Chatwoot without rows, for tests that use a schema of their own."""
    url = postgres.new_database()
    create_chatwoot(url)
    return url


@pytest.fixture
def chatwoot(chatwoot_url: str) -> ChatwootDatabase:
    return ChatwootDatabase(url=chatwoot_url)


def _create(url: str, schema: str, *names: str) -> dict[str, str]:
    with psycopg.connect(url) as connection:
        create_views(connection, ViewOptions(schema, ZONE), *names)
        return definitions(connection, schema)


def test_all_views_are_created_with_their_schema_and_dropped_again(chatwoot_url: str) -> None:
    assert set(_create(chatwoot_url, "all_of_them")) == set(CONTRACT)
    with psycopg.connect(chatwoot_url) as connection:
        assert drop_views(connection, "all_of_them") == len(VIEWS)
        assert definitions(connection, "all_of_them") == {}
        assert drop_views(connection, "all_of_them") == 0


def test_view_of_an_earlier_version_is_dropped_with_the_others(chatwoot_url: str) -> None:
    _create(chatwoot_url, "former")
    with psycopg.connect(chatwoot_url) as connection:
        connection.execute("CREATE VIEW former.vw_conversation_context AS SELECT id FROM public.conversations")
        assert drop_views(connection, "former") == len(VIEWS) + 1
        assert definitions(connection, "former") == {}


def test_each_view_has_the_columns_of_the_contract_in_its_order(chatwoot_url: str) -> None:
    _create(chatwoot_url, "of_contract")
    with psycopg.connect(chatwoot_url) as connection:
        actual = {name: ", ".join(columns(connection, "of_contract", name)) for name in CONTRACT}
    assert actual == CONTRACT


def test_creating_the_views_twice_changes_nothing(chatwoot_url: str) -> None:
    query = (
        "SELECT c.relname, c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'twice'"
    )
    once = _create(chatwoot_url, "twice")
    with psycopg.connect(chatwoot_url) as connection:
        oids = connection.execute(query).fetchall()
    assert _create(chatwoot_url, "twice") == once
    with psycopg.connect(chatwoot_url) as connection:
        assert connection.execute(query).fetchall() == oids


OLDER = {
    "a column of another type": "SELECT id::text AS conversation_id, created_at AS conversation_created_at",
    "a column that is gone": "SELECT id AS conversation_id, created_at AS conversation_created_at, 1 AS rating,"
    " ''::text AS feedback_message, created_at AS rated_at, 1 AS csat_responses, 'old' AS gone",
    "a column of another name": "SELECT id AS conversa",
    "fewer columns": "SELECT id::bigint AS conversation_id, created_at AS conversation_created_at",
}


@pytest.mark.parametrize("older", OLDER.values(), ids=OLDER.keys())
@pytest.mark.parametrize("names", [(), ("vw_csat_base",)], ids=["all", "only that one"])
def test_outdated_view_and_its_dependents_are_replaced(chatwoot_url: str, older: str, names: tuple[str, ...]) -> None:
    current = _create(chatwoot_url, "replaced")
    with psycopg.connect(chatwoot_url) as connection:
        connection.execute("DROP VIEW replaced.vw_csat_base CASCADE")
        connection.execute(f"CREATE VIEW replaced.vw_csat_base AS {older} FROM public.conversations".encode())
        connection.execute(
            "CREATE VIEW replaced.vw_conversations_analytics AS SELECT 1 AS older FROM replaced.vw_csat_base"
        )
    _create(chatwoot_url, "replaced", *names)
    assert _create(chatwoot_url, "replaced") == current


def test_view_with_foreign_dependents_is_never_dropped(
    chatwoot: ChatwootDatabase,
) -> None:
    with chatwoot.transaction() as connection:
        connection.execute("CREATE SCHEMA others; CREATE VIEW others.vw_csat_base AS SELECT 1 AS older")
        connection.execute("CREATE VIEW public.mine AS SELECT * FROM others.vw_csat_base")
    with pytest.raises(SourceError, match="depend") as raised, chatwoot.transaction() as connection:
        create_views(connection, ViewOptions("others", ZONE))
    assert "\n" not in str(raised.value)
    assert not raised.value.transient
    with chatwoot.transaction() as connection:
        assert set(definitions(connection, "others")) == {"vw_csat_base"}
        connection.execute("DROP VIEW public.mine")


def test_view_without_the_views_it_reads_is_refused(chatwoot: ChatwootDatabase) -> None:
    with pytest.raises(SourceError, match="chatwoot-assets views create"), chatwoot.transaction() as connection:
        create_views(connection, ViewOptions("alone", ZONE), "vw_message_stats")
    with chatwoot.transaction() as connection:
        assert definitions(connection, "alone") == {}


def test_no_view_reads_more_of_users_than_id_and_name(chatwoot_url: str) -> None:
    _create(chatwoot_url, "secrets")
    with psycopg.connect(chatwoot_url) as connection:
        assert dependencies(connection, "secrets")["users"] == {"id", "name"}


def test_views_read_exactly_the_required_columns_of_chatwoot(chatwoot_url: str) -> None:
    _create(chatwoot_url, "required")
    with psycopg.connect(chatwoot_url) as connection:
        check_tables(connection)
        existing = connection.execute(table_columns_query()).fetchall()
        read = {table: names - {"xmin"} for table, names in dependencies(connection, "required").items()}
    # Every table has xmin; csat_survey_responses.id decides between responses of one instant.
    declared: dict[str, set[str]] = defaultdict(set)
    for needs in (REQUIRED_COLUMNS, *VIEW_NEEDS.values()):
        for table, names in needs.items():
            declared[table] |= set(names)
    for view, needs in VIEW_COLUMNS.items():
        declared[next(iter(needs))] |= set(optional_columns(view, existing))
    assert read == declared


def test_optional_view_reads_its_tables_once_they_are_there(chatwoot_url: str) -> None:
    with psycopg.connect(chatwoot_url) as connection:
        connection.execute("ALTER TABLE agent_bot_inboxes RENAME TO elsewhere")
        created = create_views(connection, ViewOptions("optional", ZONE))
        assert created == [view.name for view in VIEWS]
        assert dependencies(connection, "optional", "vw_inbox_bots") == {}
        connection.execute("ALTER TABLE elsewhere RENAME TO agent_bot_inboxes")
        assert create_views(connection, ViewOptions("optional", ZONE), "vw_inbox_bots") == ["vw_inbox_bots"]
        assert set(dependencies(connection, "optional", "vw_inbox_bots")) == {"agent_bot_inboxes", "inboxes"}
        connection.rollback()


def test_the_declared_lineage_is_what_the_views_depend_on(chatwoot_url: str) -> None:
    _create(chatwoot_url, "lineage")
    with psycopg.connect(chatwoot_url) as connection:
        for view in VIEWS:
            read = set(dependencies(connection, "lineage", view.name))
            assert read == {*view.tables, *view.views}, view.name


@pytest.mark.parametrize("schema", ['Odd "schema"', "with space; --", "ação", "%s {} :x"])
def test_schema_with_an_odd_name_works(chatwoot_url: str, schema: str) -> None:
    assert set(_create(chatwoot_url, schema)) == set(CONTRACT)
    with psycopg.connect(chatwoot_url) as connection:
        view = sql.Identifier(schema, "vw_conversations_analytics")
        assert connection.execute(sql.SQL("SELECT * FROM {}").format(view)).fetchall() == []
        assert drop_views(connection, schema) == len(VIEWS)


@pytest.fixture(scope="module")
def chatwoot_4_0_0(postgres: Postgres) -> str:
    """Chatwoot 4.0.0's tables with the adversarial rows, and the views on them."""
    url = postgres.new_database()
    with psycopg.connect(url) as connection:
        for name in ("tables.sql", "indexes.sql"):
            connection.execute((CHATWOOT_4_0_0 / name).read_bytes())
        insert_adversarial_rows(connection)
        check_tables(connection)
        create_views(connection, ViewOptions("chatwoot_analytics", ZONE))
    return url


def test_views_are_right_on_chatwoot_4_0_0_with_adversarial_rows(chatwoot_4_0_0: str) -> None:
    with psycopg.connect(chatwoot_4_0_0, options="-c timezone=UTC") as connection:
        expected = expected_conversations(connection, ZONE)
        with connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(
                "SELECT * FROM chatwoot_analytics.vw_conversations_analytics WHERE id = ANY(%s)", [list(expected)]
            ).fetchall()
    assert len(expected) > 150
    assert differences(expected, {row["id"]: as_utc(row) for row in rows}) == []


@pytest.mark.parametrize("name", CONTRACT)
def test_every_row_of_every_view_can_be_read_on_chatwoot_4_0_0(chatwoot_4_0_0: str, name: str) -> None:
    with psycopg.connect(chatwoot_4_0_0) as connection:
        # As text: a row counts even if Python cannot hold its values, such as an infinite created_at.
        query = sql.SQL("SELECT v::text FROM {} AS v").format(sql.Identifier("chatwoot_analytics", name))
        assert len(connection.execute(query).fetchall()) > FEWEST_ROWS.get(name, 20)
