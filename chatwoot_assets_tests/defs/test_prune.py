"""What pruning removes from Dagster's storage, and that the instance says the same afterwards."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import psycopg
import pytest

from chatwoot_assets.defs import prune as module
from chatwoot_assets.defs.prune import PRUNE, Pruned, prune, reason_not_to_prune
from chatwoot_assets.defs.prune_job import build_prune_job
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS
from chatwoot_assets.defs.schedules import build_schedules
from chatwoot_assets.errors import UserError
from chatwoot_assets.settings import Settings
from chatwoot_assets_tests.dagster_private import BulkActionStatus, FreshnessState, PartitionBackfill
from chatwoot_assets_tests.defs.runs_of_a_desk import DAILY, UTC, Desk, open_desk
from chatwoot_assets_tests.project import QUIET

NOW = datetime.datetime(2025, 6, 1, 12, tzinfo=UTC)
DAYS = DAILY.get_partition_keys()[:12]


def days_ago(days: float) -> datetime.datetime:
    return NOW - datetime.timedelta(days=days)


@pytest.fixture
def desk(dagster_url: str, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(dagster_url, str(tmp_path), assets=2, checks=2) as opened:
        yield opened


def _prune(desk: Desk, keep_days: int = 2) -> Pruned:
    return prune(desk.instance, desk.own, keep_days, now=NOW)


def test_a_refresh_goes_once_newer_ones_have_all_its_days(desk: Desk) -> None:
    superseded = desk.refresh(days_ago(5), DAYS[:3])
    desk.refresh(days_ago(4), DAYS[:2])
    latest_of_one_day = desk.refresh(days_ago(3), DAYS[1:4])
    recent = [desk.refresh(days_ago(1), DAYS[:1]), desk.refresh(days_ago(0), DAYS[:1])]
    pruned = _prune(desk)
    assert desk.run_ids() == {latest_of_one_day, *recent}
    assert superseded not in desk.run_ids()
    assert (pruned.refreshes, pruned.others, pruned.events) == (2, 0, 0)


def test_of_many_refreshes_only_the_newest_stay(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REFRESHES_KEPT", 3)
    minutes = 1 / 24 / 60
    holder = desk.refresh(days_ago(10 * minutes), DAYS[:2])
    runs = [desk.refresh(days_ago(number * minutes), DAYS[:1]) for number in range(5, 0, -1)]
    pruned = _prune(desk)
    assert desk.run_ids() == {holder, *runs[-3:]}
    assert (pruned.refreshes, pruned.events) == (2, len(desk.assets))


def test_what_is_superseded_in_a_run_that_stays_goes(desk: Desk) -> None:
    kept = desk.refresh(days_ago(5), DAYS[:3])
    desk.refresh(days_ago(1), DAYS[:2])
    assert _prune(desk).events == 2 * len(desk.assets)
    records = desk.instance.get_records_for_run(kept, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION).records
    assert {record.partition_key for record in records} == {DAYS[2]}
    assert desk.instance.get_materialized_partitions(desk.assets[0]) == set(DAYS[:3])


def test_a_run_of_assets_goes_once_the_same_days_are_planned_again(desk: Desk) -> None:
    desk.materialize(days_ago(5), DAYS[0], DAYS[3])
    newer = desk.materialize(days_ago(3), DAYS[0], DAYS[3])
    assert _prune(desk).refreshes == 1
    assert desk.run_ids() == {newer}


def test_failed_runs_and_runs_of_checks_stay_for_thirty_days(desk: Desk) -> None:
    ages = (40, 31, 29, 3)
    failed = [desk.refresh(days_ago(age), DAYS[:1], fails=True) for age in ages]
    checks = [desk.check(days_ago(age)) for age in ages]
    latest = desk.refresh(days_ago(1), DAYS[:1])
    assert _prune(desk).others == 4
    assert desk.run_ids() == {*failed[2:], *checks[2:], latest}


def test_the_run_whose_failure_a_partition_shows_stays(desk: Desk) -> None:
    failed = desk.materialize(days_ago(90), DAYS[0], DAYS[1], fails=True)
    _prune(desk)
    assert desk.run_ids() == {failed}
    desk.materialize(days_ago(1), DAYS[0], DAYS[1])
    assert _prune(desk).others == 1


def test_the_run_of_a_checks_latest_evaluation_stays(desk: Desk) -> None:
    done = desk.check(days_ago(90))
    planned = desk.check(days_ago(80), fails=True)
    _prune(desk)
    assert desk.run_ids() == {done, planned}
    newer = desk.check(days_ago(70))
    assert _prune(desk).others == 2
    assert desk.run_ids() == {newer}
    history = desk.instance.event_log_storage.get_asset_check_execution_history(desk.check_keys[0], limit=10)
    assert [record.run_id for record in history] == [newer]


@pytest.mark.parametrize("status", [status for status in dg.DagsterRunStatus if status not in module._FINISHED])
def test_an_unfinished_run_stays(status: dg.DagsterRunStatus, desk: Desk) -> None:
    run = desk.instance.create_run_for_job(_job())
    desk.set_status(run.run_id, status)
    desk.backdate(run.run_id, days_ago(90))
    assert _prune(desk) == Pruned()
    assert desk.run_ids() == {run.run_id}


def _job(name: str = REFRESH_DAYS) -> dg.JobDefinition:
    @dg.job(name=name)
    def job() -> None: ...

    return job


def test_runs_of_other_projects_stay(desk: Desk) -> None:
    report = dg.AssetKey("report")
    other = desk.instance.create_run_for_job(_job("report"), status=dg.DagsterRunStatus.SUCCESS)
    runs = [_run_of_assets(desk, *keys) for keys in ([report], [report, desk.assets[0]], [desk.assets[0]])]
    for run in (other, *runs):
        desk.backdate(run.run_id, days_ago(90))
    newer = _run_of_assets(desk, report, *desk.assets)
    desk.backdate(newer.run_id, days_ago(1))
    assert _prune(desk).refreshes == 1
    assert desk.run_ids() == {other.run_id, runs[0].run_id, runs[1].run_id, newer.run_id}


def _run_of_assets(desk: Desk, *keys: dg.AssetKey) -> dg.DagsterRun:
    """Leave a run of assets that were selected in the UI."""

    def asset() -> None: ...

    assets = [dg.asset(key=key)(asset) for key in (*desk.assets, dg.AssetKey("report"))]
    job = dg.define_asset_job("__ASSET_JOB", selection=list(keys))
    resolved = dg.Definitions(assets=assets, jobs=[job]).resolve_job_def("__ASSET_JOB")
    return desk.instance.create_run_for_job(
        resolved, status=dg.DagsterRunStatus.SUCCESS, asset_selection=frozenset(keys)
    )


def test_a_run_stays_while_the_run_that_repeats_it_does(desk: Desk) -> None:
    first = desk.refresh(days_ago(60), DAYS[:1], fails=True)
    tags = {"dagster/root_run_id": first, "dagster/parent_run_id": first}
    again = desk.refresh(days_ago(59), DAYS[:1], tags=tags)
    _prune(desk)
    assert desk.run_ids() == {first, again}
    assert desk.instance.get_run_group(again) is not None
    latest = desk.refresh(days_ago(1), DAYS[:1])
    _prune(desk)
    assert desk.run_ids() == {latest}


def test_a_backfill_goes_with_its_runs_once_it_is_finished(desk: Desk) -> None:
    backfill = PartitionBackfill(
        backfill_id="thirty",
        status=BulkActionStatus.REQUESTED,
        from_failure=False,
        tags={},
        backfill_timestamp=days_ago(60).timestamp(),
        asset_selection=list(desk.assets),
        partition_names=DAYS[:1],
    )
    desk.instance.add_backfill(backfill)
    run_id = desk.refresh(days_ago(60), DAYS[:1], tags={"dagster/backfill": "thirty"})
    latest = desk.refresh(days_ago(1), DAYS[:1])
    assert _prune(desk) == Pruned()
    assert desk.run_ids() == {run_id, latest}
    completed = backfill.with_status(BulkActionStatus.COMPLETED_SUCCESS)  # type: ignore[no-untyped-call]  # Dagster's
    desk.instance.update_backfill(completed)
    assert _prune(desk) == Pruned(refreshes=1, backfills=1)
    assert desk.run_ids() == {latest}
    assert not desk.instance.get_backfill("thirty")


def test_old_changes_of_freshness_go_except_the_latest(desk: Desk) -> None:
    for age in (50, 40, 35):
        desk.change_freshness(days_ago(age), FreshnessState.FAIL)
    said = desk.statements()
    assert _prune(desk).freshness_changes == 2
    assert desk.statements() == said
    desk.change_freshness(days_ago(3), FreshnessState.PASS)
    assert _prune(desk).freshness_changes == 1


def test_the_output_of_a_removed_run_goes_too(desk: Desk, tmp_path: Path) -> None:
    superseded = desk.refresh(days_ago(5), DAYS[:1])
    output = tmp_path / "storage" / superseded / "compute_logs"
    output.mkdir(parents=True, exist_ok=True)
    desk.refresh(days_ago(1), DAYS[:1])
    _prune(desk)
    assert not output.parent.exists()


def test_nothing_of_a_removed_run_stays_in_any_table(desk: Desk) -> None:
    superseded = desk.refresh(days_ago(5), DAYS[:2], tags={"team": "support"})
    desk.refresh(days_ago(1), DAYS[:2])
    _prune(desk)
    with psycopg.connect(desk.url) as connection:
        for table in ("runs", "run_tags", "event_logs", "asset_check_executions", "concurrency_slots"):
            query = psycopg.sql.SQL("SELECT count(*) FROM {} WHERE run_id = %s").format(psycopg.sql.Identifier(table))
            assert connection.execute(query, [superseded]).fetchone() == (0,), table
        orphans = "SELECT count(*) FROM asset_event_tags WHERE event_id NOT IN (SELECT id FROM event_logs)"
        assert connection.execute(orphans).fetchone() == (0,)


def test_zero_days_keep_every_run(desk: Desk) -> None:
    runs = {desk.refresh(days_ago(90), DAYS[:1]) for _ in range(2)}
    with pytest.raises(UserError, match="KEEP_RUNS_DAYS is 0"):
        _prune(desk, keep_days=0)
    assert desk.run_ids() == runs


def test_other_storage_is_refused_in_one_line(desk: Desk) -> None:
    with dg.instance_for_test() as instance:
        reason = reason_not_to_prune(instance, 2)
        assert reason is not None
        assert "this instance's storage is SqliteEventLogStorage" in reason
        with pytest.raises(UserError, match=reason):
            prune(instance, desk.own, 2)


def _random_run(desk: Desk, chance: random.Random, ended: datetime.datetime, earlier: list[str]) -> str:
    """Leave one run of a random kind, which may repeat an earlier one."""
    kind, fails = chance.random(), chance.random() < 0.25
    start = chance.randrange(len(DAYS))
    if kind < 0.2:
        last = min(start + chance.randrange(4), len(DAYS) - 1)
        return desk.materialize(ended, DAYS[start], DAYS[last], fails=fails)
    if kind < 0.35:
        return desk.check(ended, fails=fails)
    if kind < 0.4:
        return desk.instance.create_run_for_job(_job(), status=dg.DagsterRunStatus.STARTED).run_id
    if kind < 0.5:
        desk.change_freshness(ended, chance.choice(list(FreshnessState)))
    days = chance.sample(DAYS, chance.randrange(5))
    tags = {}
    if earlier and kind > 0.85:
        tags = {"dagster/root_run_id": earlier[0], "dagster/parent_run_id": chance.choice(earlier)}
    return desk.refresh(ended, days, checks=chance.random() < 0.7, fails=fails, tags=tags)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_pruning_changes_nothing_that_the_instance_says(seed: int, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RUNS_PER_BATCH", 7)
    chance = random.Random(seed)  # noqa: S311 - a test that repeats
    runs: list[str] = []
    for age in sorted((chance.uniform(0, 70) for _ in range(60)), reverse=True):
        runs.append(_random_run(desk, chance, days_ago(age), runs))
        if chance.random() < 0.1:
            desk.statements()  # the UI is looked at now and then, and what it shows is cached
    said = desk.statements()
    before = desk.run_ids()
    pruned = _prune(desk)
    assert pruned.refreshes + pruned.others == len(before - desk.run_ids()) > 10
    assert desk.statements() == said
    assert _prune(desk) == Pruned()
    assert desk.statements() == said


def _settings(**values: str) -> Settings:
    return Settings.from_values({"CHATWOOT_ASSETS_HOME": "/srv/home", **values})


def test_the_job_prunes_the_instance_of_its_run(desk: Desk) -> None:
    superseded = desk.refresh(days_ago(5), DAYS[:1])
    desk.refresh(days_ago(4), DAYS[:1])
    job = build_prune_job(_settings(), desk.own, dg.in_process_executor)
    assert job.execute_in_process(instance=desk.instance, run_config=QUIET).success
    assert superseded not in desk.run_ids()


def test_the_schedule_requests_a_run_only_where_something_may_go(desk: Desk) -> None:
    def tick(instance: dg.DagsterInstance, **values: str) -> dg.ScheduleExecutionData:
        context = dg.build_schedule_context(instance=instance, scheduled_execution_time=NOW)
        (schedule,) = (each for each in build_schedules(_settings(**values)) if each.job_name == PRUNE)
        return schedule.evaluate_tick(context)

    assert len(tick(desk.instance).run_requests or []) == 1
    assert tick(desk.instance, KEEP_RUNS_DAYS="0").skip_message == "KEEP_RUNS_DAYS is 0, so every run is kept"
    with dg.instance_for_test() as sqlite:
        assert "SqliteEventLogStorage" in str(tick(sqlite).skip_message)
