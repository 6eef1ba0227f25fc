"""The tables of the metrics: their rows, whether they add up, and how many days were computed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import dagster as dg
from psycopg import sql

from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.target_rules import parse_targets
from chatwoot_assets_tests.project import Project, written_days


def read_tables(project: Project) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of every table, in a fixed order."""
    rows = {}
    with project.target() as connection:
        for table in TABLES:
            query = sql.SQL("SELECT t.* FROM {} AS t ORDER BY t::text").format(sql.Identifier(table))
            rows[table] = connection.execute(query).fetchall()
    return rows


def check_metrics(project: Project) -> dict[str, int]:
    """Check all loaded days, and return the failing ones with their number of failing rows."""
    with project.target() as connection:
        days = [date.isoformat() for (date,) in connection.execute("SELECT conversation_date FROM partition_state")]
        assert days
        path = sql_path("warehouse", "checks", "metrics_add_up.sql")
        return dict(connection.execute(compose(path, days="{" + ",".join(days) + "}")).fetchall())


def with_targets(project: Project) -> Project:
    targets = parse_targets('{"first_response": "2m", "resolution": "1h"}')
    return replace(project, settings=replace(project.settings, targets=targets))


def count_computed(result: dg.ExecuteInProcessResult) -> int:
    return len(written_days(result, "conversation_facts"))
