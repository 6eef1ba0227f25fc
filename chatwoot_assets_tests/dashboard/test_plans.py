"""The plans of the dashboard's queries: a range of an index, never the wide rows that hold messages."""

from __future__ import annotations

import datetime
import re
from typing import Any

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.warehouse.campaign_columns import CAMPAIGN_DELIVERIES, CAMPAIGNS
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS, DAILY_SUMMARY, MESSAGES
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets_tests.conftest import Postgres

UNFILTERED: dict[str, Any] = {
    "first_day": datetime.date(2025, 1, 1), "last_day": datetime.date(2025, 12, 31), "accounts": [], "inboxes": [],
    "teams": [], "agents": [], "labels": [], "statuses": [], "grain": "week", "business_hours": True,
    "daily_table": "daily_by_team", "group_column": "team_id", **ListFilters().query_parameters(), "rows_per_page": 25,
    "rows_before": 0, "until": "", "attributes": "[]", "attribute_source": "", "attribute_key": "",
    "campaign": -1, "deliveries": "all", "error_code": "",
}  # fmt: skip
AGGREGATE_FILTERS = {"accounts": [1], "inboxes": [1, 2], "teams": [3], "agents": [0, 4]}
TROCA = '[{"source": "conversation", "key": "motivo", "accepted": ["troca"]}]'
CONVERSATION_FILTERS = {**AGGREGATE_FILTERS, "labels": ["vip"], "statuses": ["open"]}
# The indexes from which each query reads its range of days.
RANGES = {
    "new_conversations": ["conversation_facts_(date|unresolved|agent)_idx"],
    "response_times": ["response_intervals_ended_idx"],
    "resolutions": ["resolutions_reopened_idx", "resolutions_resolved_idx"],
    "hourly_messages": ["hourly_messages_message_idx"],
    "daily_sums": ["daily_by_team_event_idx"],
    "target_shares": ["targets_ended_idx"],
    "calls": ["calls_called_idx"],
    "satisfaction": ["conversation_facts_(date|unresolved|agent)_idx"],
    "bots": ["conversation_facts_(date|unresolved|agent)_idx"],
    "captain": ["conversation_facts_(captain|date|unresolved|agent)_idx"],
    "comparison": [
        "conversation_facts_(date|unresolved|agent)_idx", "response_intervals_ended_idx", "resolutions_resolved_idx",
    ],
}  # fmt: skip


# A value for each column type in the row with number n, one row per day. Integers identify the few inboxes and agents.
VALUES = {
    "date": "date '2016-01-01' + n",
    "datemultirange": "datemultirange(daterange(date '2016-01-01' + n, date '2016-01-03' + n))",
    "timestamptz": "timestamptz '2016-01-01' + n * interval '1 day'",
    "text": "'x'", "text[]": "'{x}'", "boolean": "n % 50 = 0", "smallint": "n % 24", "integer": "n % 5", "bigint": "n",
    "double precision": "n", "jsonb": "'[]'",
}  # fmt: skip
DAYS = 3_650


@pytest.fixture(scope="module")
def url(postgres: Postgres) -> str:
    """The local tables with one row per day for ten years, and statistics for the planner."""
    return fill(postgres.new_database())


def fill(url: str) -> str:
    """Fill an empty warehouse with one row per day for ten years, and return its URL."""
    migrate(Warehouse(url=url))
    with psycopg.connect(url, autocommit=True) as connection:
        summarized = {"conversas_analytics": CONVERSAS_ANALYTICS, "messages": MESSAGES, "daily_summary": DAILY_SUMMARY}
        campaigns = {"campaigns": CAMPAIGNS, "campaign_deliveries": CAMPAIGN_DELIVERIES}
        for table, columns in {**summarized, **campaigns, **TABLES}.items():
            values = sql.SQL(", ").join(sql.SQL(VALUES[column.type]) for column in columns.values())
            fill = sql.SQL("INSERT INTO {} SELECT {} FROM generate_series(1, {}) AS n")
            connection.execute(fill.format(sql.Identifier(table), values, DAYS))
        connection.execute("VACUUM ANALYZE")
    return url


def _plan(url: str, name: str, **values: object) -> str:
    return _explain(
        url, compose(sql_path("dashboard", f"{name}.sql"), **{**UNFILTERED, "dimension": "agent", **values})
    )


def _explain(url: str, query: sql.Composable, *, bitmaps: str = "off") -> str:
    with psycopg.connect(url) as connection:
        # The planner reads small tables sequentially; these stand for large ones.
        connection.execute("SET enable_seqscan = off; SET random_page_cost = 1.1")
        connection.execute(sql.SQL("SET enable_bitmapscan = {}").format(bitmaps))
        return "\n".join(line for (line,) in connection.execute(sql.SQL("EXPLAIN ") + query).fetchall())


@pytest.mark.parametrize("name", RANGES)
def test_range_count_of_days_is_read_from_an_index(url: str, name: str) -> None:
    for values in ({}, {"dimension": "inbox_label"}, AGGREGATE_FILTERS, CONVERSATION_FILTERS):
        plan = _plan(url, name, **values)
        assert [index for index in RANGES[name] if not re.search(f"using {index} on", plan)] == [], plan
        assert "Seq Scan on" not in plan


@pytest.mark.parametrize(
    ("values", "index"),
    [
        ({}, "conversation_facts_date_idx"),
        ({"inboxes": [1], "labels": ["x"]}, "conversation_facts_date_idx"),
        ({"statuses": ["open", "snoozed"]}, "conversation_facts_unresolved_idx"),
        ({"agents": [99]}, "conversation_facts_agent_idx"),  # an agent with few conversations
        ({**ListFilters(needs_reply=True).query_parameters(), "inboxes": [1]}, "conversation_facts_waiting_idx"),
    ],
)
def test_page_of_conversations_is_read_from_an_index(url: str, values: dict[str, Any], index: str) -> None:
    plan = _plan(url, "conversations", **values)
    assert f"using {index} on" in plan, plan
    assert "Seq Scan on" not in plan


@pytest.mark.parametrize(
    ("part", "index"), [("open", "open"), ("unattended", "open"), ("pending", "pending"), ("snoozed", "snoozed")]
)
def test_backlog_of_a_day_is_counted_from_an_index(url: str, part: str, index: str) -> None:
    values = ListFilters(backlog=f"{part}.2025-03-31").query_parameters()
    query = compose(sql_path("dashboard", "list_count.sql"), **{**UNFILTERED, **values})
    plan = _explain(url, query, bitmaps="on")
    assert re.search(f"Index Scan (on|using) conversation_facts_{index}_days_idx", plan), plan
    assert "Seq Scan on conversation_facts" not in plan


@pytest.mark.parametrize("statuses", [[], ["open"], ["resolved"]])
def test_page_of_conversations_reads_only_rows_that_match_its_filters(url: str, statuses: list[str]) -> None:
    plan = _plan(url, "conversations", inboxes=[1], statuses=statuses)
    assert "Filter:" not in plan, plan


def test_summary_count_of_days_is_read_from_an_index_only(url: str) -> None:
    query = sql.SQL(
        "SELECT * FROM mvw_daily_summary WHERE conversation_date BETWEEN '2016-01-02' AND '2016-12-31'"
        " ORDER BY conversation_date, inbox_name, status"
    )
    plan = _explain(url, query)
    assert "Index Only Scan using daily_summary_view_idx" in plan, plan
    assert "Sort" not in plan


@pytest.mark.parametrize("filters", ["", "inbox_id = ANY('{3}')", "assignee_id = ANY('{4}') AND status = ANY('{x}')"])
def test_conversations_are_counted_without_their_rows(url: str, filters: str) -> None:
    count_of_days = (
        "SELECT count(*) FROM conversas_analytics WHERE conversation_date BETWEEN '2016-01-02' AND '2016-12-31'"
    )
    plan = _explain(url, sql.SQL(" AND ").join([sql.SQL(count_of_days), *([sql.SQL(filters)] if filters else [])]))
    index = "conversas_analytics_assignee_idx" if "assignee" in filters else "conversas_analytics_date_idx"
    assert f"Index Only Scan using {index}" in plan, plan


@pytest.mark.parametrize("name", ["response_times", "resolutions"])
@pytest.mark.parametrize("dimension", ["time", "inbox", "team", "agent", "all", "label"])
def test_events_are_filtered_without_joining_conversations(url: str, name: str, dimension: str) -> None:
    plan = _plan(url, name, dimension=dimension, **CONVERSATION_FILTERS)
    table = {"response_times": "response_intervals", "resolutions": "resolutions"}[name]
    assert set(re.findall(r" on (\w+)", plan)) - {"unnest"} == {table}, plan


@pytest.mark.parametrize("name", ["response_times", "resolutions", "target_shares"])
@pytest.mark.parametrize("dimension", ["time", "inbox", "team", "agent", "all"])
def test_events_are_read_from_an_index_only_unless_labels_are_needed(url: str, name: str, dimension: str) -> None:
    plan = _plan(url, name, dimension=dimension, **AGGREGATE_FILTERS, statuses=["open"])
    assert set(re.findall(r"(\w+ \w+ Scan|Seq Scan) ", plan)) == {"Index Only Scan"}, plan


def test_episode_statistics_are_read_from_indexes_only(url: str) -> None:
    plan = _plan(url, "episode_statistics")
    # Which episodes of the contact followed is hashed, not looked up one by one.
    assert plan.count("Index Only Scan using episodes_started_idx on episodes") == 2, plan
    assert plan.count("Index Only Scan using episodes_resolved_idx on episodes") == 3, plan
    assert " on episodes" not in re.sub("Index Only Scan using .* on episodes", "", plan), plan


def test_what_followed_a_few_episodes_is_looked_up_by_contact(url: str) -> None:
    plan = _plan(url, "episode_statistics", **AGGREGATE_FILTERS, statuses=["open"])
    assert "Index Scan using episodes_contact_idx on episodes following" in plan, plan


@pytest.mark.parametrize("dimension", ["time", "all"])
@pytest.mark.parametrize("name", ["new_conversations", "response_times", "resolutions", "slas", "target_shares"])
def test_attributes_of_a_period_are_hashed_once(url: str, name: str, dimension: str) -> None:
    plan = _plan(url, name, dimension=dimension, attributes=TROCA, inboxes=[1])
    assert "hashed SubPlan" in plan, plan
    # The rows of the period's conversations in these inboxes, and of no others.
    hashed = plan[plan.index("conversas_analytics_date_idx on conversas_analytics") :]
    assert re.match(r".*\n\s+Index Cond: .*conversation_date >= .* AND \(inbox_id = ANY", hashed), plan


@pytest.mark.parametrize("name", ["conversations", "live", "longest_waits"])
def test_attributes_of_a_few_conversations_are_looked_up(url: str, name: str) -> None:
    plan = _plan(url, name, attributes=TROCA)
    assert "hashed SubPlan" not in plan, plan
    assert "conversas_analytics_pkey on conversas_analytics described" in plan, plan


def test_comments_are_found_by_their_indexes(url: str) -> None:
    plan = _plan(url, "comments", first_day=datetime.date(2025, 12, 1))
    for index in ("conversas_analytics_comments_idx", "ratings_notes_idx", "conversation_facts_rated_idx"):
        assert f"using {index} on" in plan, plan
    assert "Seq Scan on" not in plan, plan


def test_response_times_of_a_label_are_found_by_its_index(url: str) -> None:
    query = compose(
        sql_path("dashboard", "response_times.sql"), **{**UNFILTERED, "dimension": "time", "labels": ["vip"]}
    )
    assert "Scan on response_intervals_labels_idx" in _explain(url, query, bitmaps="on")


@pytest.mark.parametrize(
    "name", ["new_conversations", "response_times", "resolutions", "backlog", "hourly_messages", "daily_sums"]
)
def test_query_that_counts_reads_no_row_that_holds_messages(url: str, name: str) -> None:
    assert "conversas_analytics" not in _plan(url, name, **CONVERSATION_FILTERS)


def test_messages_of_a_conversation_are_read_from_an_index(url: str) -> None:
    assert "messages_conversation_idx" in _plan(
        url, "messages", conversation_id=1, rows_per_page=25, max_characters=2_000
    )


@pytest.mark.parametrize("name", ["campaigns", "campaign_errors", "campaign_deliveries", "campaign_deliveries_count"])
def test_deliveries_are_found_by_the_index_of_their_campaign(url: str, name: str) -> None:
    for values in ({}, {"inboxes": [1], "campaign": 7}):
        plan = _plan(url, name, **values)
        assert "using campaign_deliveries_campaign_idx on campaign_deliveries" in plan, plan
        assert "Seq Scan on campaign_deliveries" not in plan, plan


def test_contacts_of_a_page_of_deliveries_are_looked_up(url: str) -> None:
    plan = _plan(url, "campaign_contacts", delivery_ids=[1, 2, 3])
    for index in ("campaign_deliveries_pkey", "conversas_analytics_contact_idx"):
        assert f"using {index} on" in plan, plan
