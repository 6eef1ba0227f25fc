"""The runs that sensor and schedule request, evaluated as the daemon does."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.refresh_config import OP
from chatwoot_assets_tests.dagster_private import InstanceRef
from chatwoot_assets_tests.project import Project

Range = tuple[datetime.date, datetime.date]


def create_instance(directory: Path) -> InstanceRef:
    """Create a Dagster instance in a new directory, which other processes can open too."""
    directory.mkdir()
    (directory / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    return InstanceRef.from_dir(str(directory))


def evaluate_sensor(
    project: Project, instance: dg.DagsterInstance, cursor: str | None
) -> tuple[list[Range], str | None]:
    """Evaluate `changed_days_sensor`; return the ranges that it requests, and its cursor."""
    sensor = build_defs(project.settings).resolve_sensor_def("changed_days_sensor")
    with dg.build_sensor_context(instance=instance, cursor=cursor, resources=project.resources) as context:
        result = sensor(context)
    assert isinstance(result, dg.SensorResult)
    return requested_ranges(result.run_requests or []), result.cursor


def evaluate_nightly_schedule(project: Project, reference: InstanceRef) -> list[Range]:
    """Evaluate `nightly_scan_schedule`; return the ranges that it requests."""
    schedule = build_defs(project.settings).resolve_schedule_def("nightly_scan_schedule")
    with dg.DagsterInstance.from_ref(reference) as instance:
        with dg.build_schedule_context(
            instance=instance,
            resources=project.resources,
            scheduled_execution_time=datetime.datetime.now(datetime.timezone.utc),
        ) as context:
            return requested_ranges(schedule.evaluate_tick(context).run_requests or [])


def requested_ranges(requests: Sequence[dg.RunRequest]) -> list[Range]:
    """Return the ranges of days that are requested."""
    entries = [entry for request in requests for entry in request.run_config["ops"][OP]["config"]["days"]]
    bounds = [(first, last or first) for first, _, last in (entry.partition("...") for entry in entries)]
    return [(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)) for first, last in bounds]
