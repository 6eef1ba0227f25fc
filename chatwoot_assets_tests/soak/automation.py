"""The runs that the sensor requests, as the daemon evaluates it, and the full comparison."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from chatwoot_assets.change_detection.full_comparison import compare_all
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.refresh_config import OP
from chatwoot_assets.partitions import group_adjacent
from chatwoot_assets_tests.dagster_private import InstanceRef
from chatwoot_assets_tests.project import Project

Range = tuple[datetime.date, datetime.date]


def create_instance(directory: Path) -> InstanceRef:
    """Create a Dagster instance in a new directory, which other processes can open too."""
    directory.mkdir()
    (directory / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    return InstanceRef.from_dir(str(directory))


def evaluate_sensor(project: Project, instance: dg.DagsterInstance) -> list[Range]:
    """Evaluate `changed_days_sensor`; return the ranges that it requests."""
    sensor = build_defs(project.settings).resolve_sensor_def("changed_days_sensor")
    with dg.build_sensor_context(instance=instance, resources=project.resources) as context:
        result = sensor(context)
    assert isinstance(result, dg.SensorResult)
    return requested_ranges(result.run_requests or [])


def compare_everything(project: Project) -> list[Range]:
    """Run a full comparison; return the ranges of days that differ."""
    *_, last = compare_all(project.settings, project.resources["chatwoot"], project.resources["warehouse"])
    assert last.differing is not None
    return [(days[0].date, days[-1].date) for days in group_adjacent(last.differing)]


def requested_ranges(requests: Sequence[dg.RunRequest]) -> list[Range]:
    """Return the ranges of days that are requested."""
    entries = [entry for request in requests for entry in request.run_config["ops"][OP]["config"]["days"]]
    bounds = [(first, last or first) for first, _, last in (entry.partition("...") for entry in entries)]
    return [(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)) for first, last in bounds]
