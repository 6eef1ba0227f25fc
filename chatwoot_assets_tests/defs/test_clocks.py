"""This machine's clock was ahead, and is set right: days of the future disappear, and sensors and schedules go on."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from chatwoot_assets import partitions
from chatwoot_assets.change_detection.scan import scan_for_changes
from chatwoot_assets.defs.daily_assets import build_refresher
from chatwoot_assets.partitions import ONE_DAY, today
from chatwoot_assets.refresh.days import Stages
from chatwoot_assets.warehouse.source_comparison import read_sync_status
from chatwoot_assets_tests.dagster_private import (
    InstigatorState,
    InstigatorStatus,
    InstigatorType,
    RemoteSensor,
    RepositoryHandle,
    SensorInstigatorData,
    SensorSnap,
    TickData,
    TickStatus,
    instigator_origin,
    is_under_min_interval,
)
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.soak.automation import compare_everything


def _loaded(project: Project) -> set[datetime.date]:
    with project.target() as connection:
        return {date for (date,) in connection.execute("SELECT conversation_date FROM partition_state")}


def _load(project: Project, dates: list[datetime.date]) -> None:
    refresher = build_refresher(project.settings, project.resources["chatwoot"], project.resources["warehouse"])
    for _ in refresher.refresh(list(map(project.day, dates)), Stages.EXTRACT | Stages.LOAD, "run", lambda _: None):
        pass


def _scan(project: Project) -> list[datetime.date]:
    resources = project.resources
    changes = scan_for_changes(project.settings, resources["chatwoot"], resources["warehouse"], recent=3)
    return [day.date for day in changes.days]


def test_days_of_the_future_are_not_requested_and_disappear(recent: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    present = today(recent.settings.reporting_timezone)
    with monkeypatch.context() as patch:
        patch.setattr(partitions, "today", lambda _: present + 5 * ONE_DAY)
        assert _scan(recent) == []
        assert all(last <= present for _, last in compare_everything(recent))
        # Somebody loads them nevertheless.
        _load(recent, [present + number * ONE_DAY for number in range(1, 6)])
        assert len(_loaded(recent) - {present}) == 25
        assert _scan(recent) == []
        assert max(_loaded(recent)) == present
    assert _scan(recent) == []
    with recent.target() as connection:
        assert not read_sync_status(connection).differing


def test_conversation_of_the_future_stays_loaded(recent: Project) -> None:
    present = today(recent.settings.reporting_timezone)
    with recent.writing() as writer:
        writer.conversation(f"{present + 2 * ONE_DAY} 12:00", id=9_000)
    _load(recent, [present + 2 * ONE_DAY])
    _scan(recent)
    assert max(_loaded(recent)) == present + 2 * ONE_DAY


def test_days_are_compared_if_only_the_databases_clock_is_behind(recent: Project) -> None:
    """A message of today shows that today has begun, whatever the clock of Chatwoot's database says."""
    present = today(recent.settings.reporting_timezone)
    days = [recent.day(present + number * ONE_DAY) for number in range(-2, 2)]
    behind = datetime.datetime.now(datetime.timezone.utc) - 2 * ONE_DAY
    assert partitions.begun_days(days, behind)[-1].date <= present - ONE_DAY
    assert partitions.begun_days(days, behind - 100 * ONE_DAY) == days[:1]
    assert partitions.begun_days(days, behind + 2 * ONE_DAY)[-1].date == present


@pytest.fixture
def instance(dagster_url: str, tmp_path: Path) -> Iterator[dg.DagsterInstance]:  # noqa: ARG001 - it stores there
    """An instance with the project's dagster.yaml."""
    with dg.DagsterInstance.from_config(str(tmp_path)) as opened:
        yield opened


@pytest.mark.parametrize(("ahead", "waits"), [(86_400, False), (30, True), (-10, True), (-100, False)])
def test_sensor_goes_on_after_the_clock_stepped_back(instance: dg.DagsterInstance, ahead: float, waits: bool) -> None:
    origin = instigator_origin("changed_days_sensor")
    at = time.time() + ahead
    data = SensorInstigatorData(at, min_interval=60, cursor="kept", last_tick_start_timestamp=at)
    state = InstigatorState(origin, InstigatorType.SENSOR, InstigatorStatus.RUNNING, data)
    instance.add_instigator_state(state)
    instance.create_tick(
        TickData(origin.get_id(), "changed_days_sensor", InstigatorType.SENSOR, TickStatus.SKIPPED, at,
                 selector_id=state.selector_id)
    )  # fmt: skip
    snap = SensorSnap("changed_days_sensor", min_interval=60, target_dict={})
    sensor = RemoteSensor(snap, RepositoryHandle.for_test())
    for read in (
        instance.get_instigator_state(origin.get_id(), state.selector_id),
        *instance.all_instigator_state(instigator_type=InstigatorType.SENSOR),
    ):
        assert read is not None
        assert is_under_min_interval(read, sensor) is waits
        assert isinstance(read.instigator_data, SensorInstigatorData)
        assert read.instigator_data.cursor == "kept"
    assert bool(instance.get_ticks(origin.get_id(), state.selector_id)) is (ahead < 60)
