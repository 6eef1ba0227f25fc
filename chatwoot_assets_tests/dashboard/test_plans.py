"""What the dashboard counts over days is read from one index: no query reads the table's wide rows for it."""

from __future__ import annotations

import datetime
from typing import Any

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.analytics.schema import migrate
from chatwoot_assets.postgres import AnalyticsDatabase
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets_tests.conftest import Postgres

FILTERS: dict[str, Any] = {
    "first_day": datetime.date(2025, 1, 1),
    "last_day": datetime.date(2025, 12, 31),
    "accounts": [1],
    "inboxes": [1, 2],
    "teams": [3],
    "agents": [0, 4],
    "statuses": ["open", "resolved"],
}
QUERIES = [
    ("volume", {"grain": "day"}),
    ("first_response", {"grain": "week"}),
    ("ratings", {"grain": "month"}),
    ("hours", {}),
    ("groups", {"group_column": "assignee_id"}),
    ("groups", {"group_column": "inbox_id"}),
    ("groups", {"group_column": "team_id"}),
]


@pytest.fixture(scope="module")
def url(postgres: Postgres) -> str:
    """The local tables, empty and known to be; without the indexes that are there for one agent or one team."""
    url = postgres.new_database()
    migrate(AnalyticsDatabase(url=url))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP INDEX conversas_analytics_assignee_idx, conversas_analytics_team_idx")
        connection.execute("VACUUM ANALYZE conversas_analytics")
    return url


@pytest.mark.parametrize(("name", "values"), QUERIES, ids=[f"{name} {values}" for name, values in QUERIES])
def test_an_aggregate_over_days_is_read_from_the_index_alone(url: str, name: str, values: dict[str, Any]) -> None:
    query = compose(sql_path("dashboard", f"{name}.sql"), **FILTERS, **values)
    with psycopg.connect(url) as connection:
        # The table is empty; what a planner would choose of a large one is only this.
        connection.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        plan = "\n".join(line for (line,) in connection.execute(sql.SQL("EXPLAIN ") + query).fetchall())
    reads = [line.split(" on ")[0].strip() for line in plan.splitlines() if " on conversas_analytics" in line]
    assert reads
    assert all("Index Only Scan using conversas_analytics_dashboard_idx" in read for read in reads), plan
