"""What each statement reads does not grow with the history, or as is said here.

Every statement that is sent to Chatwoot is explained on two samples with equally many conversations per day, one of
which has ten times as many days. The pages are counted that each reads, for the same day and for one block of ids.
"""

from __future__ import annotations

import datetime
import zoneinfo

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.extract.dataset import FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import VERSION_QUERIES, group_by_query
from chatwoot_assets.extract.queries import (
    IDS_PER_BLOCK,
    ROWS_OF_CONVERSATIONS,
    block_totals,
    block_versions,
    contacts,
    conversation_starts,
    conversation_totals,
    day_sizes,
    day_totals,
    found_conversations,
    latest_message,
    long_texts,
    name_tables,
    names,
    next_ids,
    rows_of,
    text_sizes,
    written_since,
)
from chatwoot_assets.partitions import Day, day
from chatwoot_assets.postgres import ChatwootDatabase, scan_settings
from chatwoot_assets.sample.database import SampleSize, create_sample
from chatwoot_assets.source.create import create_views
from chatwoot_assets.source.deployment import timezone_query
from chatwoot_assets.source.releases import table_columns_query
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.plans import Node, explain, plan_nodes

SCHEMA = "growth"
ZONE = zoneinfo.ZoneInfo("America/Sao_Paulo")
LAST_DATE = datetime.date(2025, 3, 31)
DAY = day(datetime.date(2025, 3, 27), ZONE)
CONVERSATIONS_PER_DAY = 200
DAYS, GROWTH = 10, 10

# No index of Chatwoot's has conversations.created_at: a search for a day's conversations that does not know among which
# ids they are reads all conversations, but nothing else.
SEARCHES = {
    "the conversations of a day",
    "ids and times of a day's conversations",
    "numbers of conversations per day",
    "conversations outside all partitions",
}
# These tables have a few rows.
SMALL_TABLES = {
    "account_users",
    "accounts",
    "agent_bot_inboxes",
    "captain_inboxes",
    "agent_bots",
    "campaigns",
    "custom_attribute_definitions",
    "data_import_mappings",
    "inboxes",
    "integrations_hooks",
    "sla_policies",
    "tags",
    "teams",
    "users",
    "working_hours",
}
# In the short history, misses of SLAs fit on three pages, which an index would not read faster.
SMALL_IN_SHORT_HISTORY = {"campaign_recipients", "sla_events"}
# An index of a longer table may have one more level, and here only those of ratings and labels have fewer than two.
ONE_MORE_LEVEL, TWO_LEVELS_FOR_ONE = 1.5, 2
SHALLOW_INDEXES = tuple(
    group.key
    for group in (FingerprintGroup.CSAT, FingerprintGroup.LABELS, FingerprintGroup.SLAS, FingerprintGroup.CALLS)
)
# The pages that one row and one message's conversation take at most: three of an index and one of the table, each.
PAGES_PER_NEW_MESSAGE = 8
NEW_MESSAGES = 100

Statements = dict[str, sql.Composed]


class History:
    """A sample, and the pages that each statement reads in it."""

    def __init__(self, url: str, days: int) -> None:
        create_sample(url, SampleSize(CONVERSATIONS_PER_DAY * days, days, LAST_DATE))
        with psycopg.connect(url) as connection:
            create_views(connection, ViewOptions(SCHEMA, ZONE.key))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        self.days = [day(LAST_DATE - datetime.timedelta(number), ZONE) for number in reversed(range(days))]
        with ChatwootDatabase(url=url).transaction() as connection:
            self.ids = [id_ for id_, _ in connection.execute(conversation_starts(SCHEMA, [DAY])).fetchall()]
            newest_message = connection.execute(latest_message(SCHEMA)).fetchall()[0][0]
            self.statements = _statements(self.days, self.ids, newest_message)
            self.plans = {name: _explain(connection, name, query) for name, query in self.statements.items()}
            (self.pages_of_conversations,) = connection.execute(
                "SELECT pg_relation_size('conversations') / 8192"
            ).fetchone() or (0,)

    def pages(self, name: str) -> int:
        plan = self.plans[name]
        return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def _explain(connection: psycopg.Connection, name: str, query: sql.Composed) -> Node:
    for statement in scan_settings(by_page=name.startswith("versions of") and "names" not in name):
        connection.execute(statement.encode())
    return explain(connection, query, "ANALYZE, BUFFERS, TIMING OFF, ")


def _statements(days: list[Day], ids: list[int], newest_message: int) -> Statements:
    """Return all statements, for one day, its conversations, or the block that the first of these is in."""
    block = ids[0] // IDS_PER_BLOCK
    chunk = (block * IDS_PER_BLOCK, (block + 1) * IDS_PER_BLOCK)
    ranges = [chunk, (chunk[1], chunk[1] + IDS_PER_BLOCK)]
    some_names = names(SCHEMA, {key: [1, 2, 3] for key in ("inbox_id", "assignee_id", "account_id", "team_id")})
    statements = {
        "the conversations of a day": found_conversations(SCHEMA, [DAY]),
        "some conversations of a day": found_conversations(SCHEMA, [DAY], ids[:3]),
        "ids and times of a day's conversations": conversation_starts(SCHEMA, [DAY]),
        "ids and times of a day's conversations in blocks": conversation_starts(SCHEMA, [DAY], ranges),
        "numbers of conversations per day": day_sizes(SCHEMA, [DAY]),
        "contacts": contacts(SCHEMA, list(range(1, 200))),
        "names": some_names,
        "sums of names": name_tables(SCHEMA),
        "the newest message": latest_message(SCHEMA),
        "sizes of texts": text_sizes(SCHEMA, ids),
        "the size of long texts": long_texts(),
        "new messages": written_since(SCHEMA, days, newest_message - NEW_MESSAGES),
        "next conversations by id": next_ids(SCHEMA, chunk[0], IDS_PER_BLOCK),
        "whole rows": compose(sql_path("extract", "whole_rows.sql"), views_schema=SCHEMA, ids=ids[:20]),
        "names of the accounts": compose(sql_path("extract", "account_names.sql"), views_schema=SCHEMA),
        "bots of inboxes": compose(sql_path("extract", "inbox_bots.sql"), views_schema=SCHEMA),
        "campaigns": compose(sql_path("extract", "campaigns.sql"), views_schema=SCHEMA),
        "versions of campaigns": compose(
            sql_path("extract", "campaign_versions.sql"), views_schema=SCHEMA, campaigns=[1, 2]
        ),
        "deliveries of a campaign": compose(
            sql_path("extract", "campaign_deliveries.sql"), views_schema=SCHEMA, campaign=1, after=0, rows=1_000
        ),
        "columns of optional tables": table_columns_query(),
        "readers of the views": compose(sql_path("source", "readers.sql"), views_schema=SCHEMA, names=["vw_users"]),
        "columns that the views' owner cannot read": compose(
            sql_path("source", "unreadable_columns.sql"), views_schema=SCHEMA, names=["vw_users"]
        ),
        "time zone of the views": timezone_query(SCHEMA),
        "mask of the views": compose(sql_path("source", "views_mask.sql"), views_schema=SCHEMA),
        "versions of the views": compose(sql_path("source", "deployed_views.sql"), views_schema=SCHEMA),
        "state of the server": compose(sql_path("source", "server_state.sql"), views_schema=SCHEMA),
        "identity of the server": compose(sql_path("source", "server_identity.sql")),
        "conversations outside all partitions": compose(
            sql_path("source", "out_of_range.sql"), views_schema=SCHEMA, starts_at=days[0].start, ends_at=days[-1].end
        ),
    }
    statements |= {f"rows of {group.key}": rows_of(group, SCHEMA, ids) for group in ROWS_OF_CONVERSATIONS}
    for groups in group_by_query(FingerprintGroup):
        name = " and ".join(group.key for group in groups)
        statements[f"sums of a day by id: {name}"] = day_totals(groups, SCHEMA, [DAY], ids)
        statements[f"sums of conversations: {name}"] = conversation_totals(groups, SCHEMA, [DAY], ids)
    for group in FingerprintGroup:
        statements[f"sums of a day in blocks: {group.key}"] = day_totals([group], SCHEMA, [DAY], None, ranges)
        statements[f"sums of blocks: {group.key}"] = block_totals([group], SCHEMA, days, [chunk])
    return statements | {f"versions of {group.key}": block_versions(group, SCHEMA, chunk) for group in VERSION_QUERIES}


@pytest.fixture(scope="module")
def short(postgres: Postgres) -> History:
    return History(postgres.new_database(), DAYS)


@pytest.fixture(scope="module")
def long(postgres: Postgres) -> History:
    return History(postgres.new_database(), DAYS * GROWTH)


def _tables_read_whole(history: History, name: str) -> set[str]:
    return {node["Relation Name"] for node in plan_nodes(history.plans[name]) if node["Node Type"] == "Seq Scan"}


def test_every_file_of_statements_is_explained(short: History) -> None:
    texts = [query.as_string() for query in short.statements.values()]
    for directory in ("extract", "source"):
        for path in sql_path(directory).glob("*.sql"):
            first_line = path.read_text(encoding="utf-8").partition("\n")[0]
            assert any(first_line in text for text in texts), path.name


def test_ten_times_the_history_takes_no_more_pages(short: History, long: History) -> None:
    for name in short.statements.keys() - SEARCHES - {"new messages"}:
        level = TWO_LEVELS_FOR_ONE if name.endswith(SHALLOW_INDEXES) else ONE_MORE_LEVEL
        assert long.pages(name) <= level * short.pages(name) + 50, name


def test_deliveries_are_found_by_their_campaign(long: History) -> None:
    scans = [node for node in plan_nodes(long.plans["deliveries of a campaign"]) if "Index Cond" in node]
    assert [node["Index Cond"] for node in scans] == ["(campaign_id = '1'::bigint)"]


def test_new_messages_take_a_few_pages_each(short: History, long: History) -> None:
    for history in (short, long):
        assert history.pages("new messages") <= PAGES_PER_NEW_MESSAGE * NEW_MESSAGES


def test_searching_a_day_reads_conversations_once(short: History, long: History) -> None:
    for history in (short, long):
        for name in SEARCHES:
            assert _tables_read_whole(history, name) - SMALL_TABLES == {"conversations"}, name
            # Each is looked up twice in the one page of those that an import wrote, and once among the engagements of
            # Captain and the participants: in two pages of the index and one of the table.
            lookups = 8 * len(history.ids) if name == "the conversations of a day" else 0
            assert history.pages(name) <= history.pages_of_conversations + lookups + 10, name


def test_no_statement_reads_a_growing_table_whole(short: History, long: History) -> None:
    for history, small in ((short, SMALL_TABLES | SMALL_IN_SHORT_HISTORY), (long, SMALL_TABLES)):
        for name in history.statements.keys() - SEARCHES:
            tables = {table for table in _tables_read_whole(history, name) if not table.startswith("pg_")}
            assert tables <= small, name


def test_messages_of_a_block_are_read_page_by_page(long: History) -> None:
    """Each page once: in the order of the index, 6,000 messages would take as many."""
    assert long.pages(f"versions of {FingerprintGroup.MESSAGES.key}") < 500
