"""A warehouse without rows for the tests of loading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from chatwoot_assets.postgres import Warehouse
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
        connection.execute("TRUNCATE conversas_analytics, messages, daily_summary, partition_state")
        yield connection
