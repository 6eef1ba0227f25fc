"""A warehouse without rows for the tests of loading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.refresh.replace import TABLES
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets_tests.conftest import Postgres


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Warehouse:
    warehouse = Warehouse(url=postgres.new_database())
    migrate(warehouse)
    return warehouse


@pytest.fixture
def connection(database: Warehouse) -> Iterator[psycopg.Connection[Any]]:
    with database.connect() as connection:
        tables = sql.SQL(", ").join(map(sql.Identifier, (*TABLES, "daily_summary", "partition_state")))
        connection.execute(sql.SQL("TRUNCATE {}").format(tables))
        yield connection
