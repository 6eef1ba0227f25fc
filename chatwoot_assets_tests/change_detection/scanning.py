"""Evaluate the sensor that requests changed days, and change the source."""

from __future__ import annotations

import datetime

import dagster as dg

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.warehouse.source_comparison import RECENT, read_position
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.soak.automation import requested_ranges


def tick(project: Project, instance: dg.DagsterInstance) -> tuple[list[tuple[str, str]], dg.SensorResult]:
    """Evaluate the sensor, and return the ranges of days that it requests."""
    with dg.build_sensor_context(instance=instance, resources=project.resources) as context:
        result = build_defs(project.settings).resolve_sensor_def("changed_days_sensor")(context)
    assert isinstance(result, dg.SensorResult)
    return [(str(first), str(last)) for first, last in requested_ranges(result.run_requests or [])], result


def nth_date(project: Project, number: int) -> str:
    """Return the date of a partition by its number, from 1."""
    return str(project.settings.partitions_start_date + datetime.timedelta(days=number - 1))


def change(project: Project, *statements: str) -> None:
    """Execute statements on the source."""
    with project.source() as connection:
        for statement in statements:
            connection.execute(statement.encode())


def position(project: Project) -> dict[str, object]:
    """Return where the next scan goes on."""
    with project.target() as connection:
        return read_position(connection, RECENT)
