"""The query plans of the SQL checks: their cost must not grow faster than the tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from psycopg import sql

from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets_tests.conftest import Postgres


@pytest.fixture(scope="module")
def warehouse(postgres: Postgres) -> Warehouse:
    database = Warehouse(url=postgres.new_database())
    migrate(database)
    return database


@pytest.mark.parametrize("path", sorted(sql_path("warehouse", "checks").glob("*.sql")), ids=lambda path: path.stem)
def test_no_check_scans_a_list_for_each_row(warehouse: Warehouse, path: Path) -> None:
    """A subplan took minutes for a year when its ids no longer fitted into a hash in memory."""
    with warehouse.connect() as connection:
        plan = connection.execute(sql.SQL("EXPLAIN ") + compose(path, days="{2025-03-10,2025-03-11}")).fetchall()
    assert plan
    assert not [line for (line,) in plan if "SubPlan" in line]
