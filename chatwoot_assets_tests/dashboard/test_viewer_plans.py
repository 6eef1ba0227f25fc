"""The plans of the dashboard's queries under row-level security, on both versions of PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.postgres_embedded.process import binaries
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.dashboard.test_plans import CONVERSATION_FILTERS, RANGES, UNFILTERED, fill
from chatwoot_assets_tests.dashboard.viewers import Restricted, restricted


@pytest.fixture(scope="module", params=["embedded", "debian"])
def warehouse(request: pytest.FixtureRequest, postgres: Postgres) -> Iterator[Restricted]:
    psql = binaries(postgres.server.directory) / "psql"
    if not psql.exists():
        pytest.skip("the embedded PostgreSQL has no psql")
    url = request.getfixturevalue("debian")() if request.param == "debian" else postgres.new_database()
    with restricted(fill(url), psql, "viewer_plans") as warehouse:
        yield warehouse


def _plan(warehouse: Restricted, name: str, seen: str, seen_teams: str = "all", /, **values: object) -> str:
    query = compose(sql_path("dashboard", f"{name}.sql"), **{**UNFILTERED, "dimension": "agent", **values})
    with psycopg.connect(warehouse.url) as connection:
        connection.execute("SELECT set_config('chatwoot_assets.accounts', %s, true)", [seen])
        connection.execute("SELECT set_config('chatwoot_assets.teams', %s, true)", [seen_teams])
        # The planner reads small tables sequentially; these stand for large ones.
        connection.execute("SET LOCAL enable_seqscan = off; SET LOCAL random_page_cost = 1.1")
        connection.execute("SET LOCAL enable_bitmapscan = off")
        return "\n".join(
            line for (line,) in connection.execute(sql.SQL("EXPLAIN (ANALYZE, VERBOSE, TIMING OFF) ") + query)
        )


@pytest.mark.parametrize(("accounts", "teams"), [("1,2", "all"), ("all", "all"), ("1,2", "1,3")])
@pytest.mark.parametrize("name", RANGES)
def test_viewer_reads_days_from_the_indexes_of_everybody(
    warehouse: Restricted, name: str, accounts: str, teams: str
) -> None:
    for values in ({}, CONVERSATION_FILTERS):
        plan = _plan(warehouse, name, accounts, teams, **values)
        assert [index for index in RANGES[name] if not re.search(f"using (public.)?{index} on", plan)] == [], plan
        # PostgreSQL 15 plans the branches for other groups, too.
        assert [line for line in plan.splitlines() if "Seq Scan on" in line and "never executed" not in line] == []


@pytest.mark.parametrize("name", [*RANGES, "conversations", "list_count"])
def test_policies_are_evaluated_once_per_statement(warehouse: Restricted, name: str) -> None:
    plan = _plan(warehouse, name, "1")
    # A row's condition compares with what an InitPlan returned once; a SubPlan would run for each row.
    conditions = [line for line in plan.splitlines() if "account_id = ANY" in line]
    assert conditions
    for line in conditions:
        assert re.search(r"InitPlan|\$\d", line), line
        assert "SubPlan" not in line
        assert "current_setting" not in line
