"""Runs: they report what they wrote and nothing else, retry transient errors, and record no personal data."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path
from typing import Any

import dagster as dg
import psycopg
import pytest

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs import refresh_job
from chatwoot_assets.defs.checks.quality import evaluate_quality_checks
from chatwoot_assets.defs.instance import open_instance
from chatwoot_assets.defs.jobs import DEPLOY_VIEWS
from chatwoot_assets.defs.materializations import latest_latency
from chatwoot_assets.defs.partitions import DAILY_ASSETS
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS, parse_days, refresh_config, run_dates
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.source.views import VIEWS
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import RECENT, record_comparison
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import QUIET, Project

DAY = datetime.date(2025, 3, 10)
LAST = DAY + datetime.timedelta(days=2)
NOON = "2025-03-10 12:00:00"
DAILY = DAILY_ASSETS


def test_a_range_of_days_is_one_run_that_materializes_each_asset_and_day(project: Project) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        result = project.load(DAY, LAST, instance=instance)
        assert [run.run_id for run in instance.get_runs()] == [result.run_id]
        materialized = Counter(
            (event.asset_key.to_user_string(), event.partition)
            for event in result.all_events
            if event.is_step_materialization and event.asset_key is not None
        )
    days = [(DAY + datetime.timedelta(days=n)).isoformat() for n in range(3)]
    assert materialized == Counter({(name, day): 1 for name in DAILY for day in days})


def _refresh(project: Project, dates: list[datetime.date], instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    """Refresh days that need not be consecutive."""
    job = build_defs(project.settings).resolve_job_def(REFRESH_DAYS)
    config = refresh_config([project.day(date) for date in dates])
    return job.execute_in_process(instance=instance, resources=project.resources, run_config={**QUIET, **config})


def test_days_that_are_not_consecutive_are_one_run(project: Project) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        _refresh(project, [DAY, LAST], instance)
        for name in DAILY:
            assert instance.get_materialized_partitions(dg.AssetKey(name)) == {str(DAY), str(LAST)}
        assert instance.get_runs_count() == 1


def test_days_of_a_run_that_was_killed_before_its_checks_are_checked_by_the_next(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[list[datetime.date]] = []

    def recording(*arguments: Any) -> list[dg.AssetCheckEvaluation]:  # noqa: ANN401 (handed on as they are)
        checked.append([day.date for day in arguments[3]])
        if len(checked) == 1:
            raise KeyboardInterrupt
        return evaluate_quality_checks(*arguments)

    monkeypatch.setattr(refresh_job, "evaluate_quality_checks", recording)
    with project.writing() as writer:
        writer.conversation(NOON)
    with dg.DagsterInstance.ephemeral() as instance:
        with pytest.raises(KeyboardInterrupt):
            _refresh(project, [DAY], instance)
        for date in (DAY, LAST, LAST):
            _refresh(project, [date], instance)
    assert checked == [[DAY], [DAY], [LAST]]


def test_days_that_are_equal_leave_no_event_of_an_asset_or_a_check(project: Project) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        project.load(DAY, LAST, instance=instance)
        with project.writing() as writer:
            writer.conversation(NOON)
        changed = project.load(DAY, LAST, instance=instance)
        assert {event.partition for event in changed.all_events if event.is_step_materialization} == {str(DAY)}
        equal = project.load(DAY, LAST, instance=instance)
    assert not [event for event in equal.all_events if event.is_step_materialization]
    assert list(equal.get_asset_check_evaluations()) == []


def test_a_run_of_one_day_has_at_most_fifty_events(project: Project) -> None:
    with project.writing() as writer:
        writer.conversation(NOON)
    with dg.DagsterInstance.ephemeral() as instance:
        result = project.load(DAY, instance=instance)
        entries = instance.all_logs(result.run_id)
        records = [
            instance.event_log_storage.get_asset_check_execution_history(key, limit=10)
            for key in build_defs(project.settings).resolve_asset_graph().asset_check_keys
        ]
    types = Counter(entry.dagster_event_type for entry in entries)
    assert types[dg.DagsterEventType.ASSET_MATERIALIZATION] == len(DAILY)
    assert types[dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED] == 0
    # A run of the daemon has five more: it is queued and launched, and its process starts and exits.
    assert len(entries) <= 45
    evaluated = [record for history in records for record in history]
    assert len(evaluated) == types[dg.DagsterEventType.ASSET_CHECK_EVALUATION] == 13
    assert {record.status.value for record in evaluated} == {"SUCCEEDED"}


def test_the_latency_since_a_difference_was_seen_is_recorded(project: Project) -> None:
    warehouse = project.resources["warehouse"]
    migrate(warehouse)
    seen = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=7)
    with warehouse.connect() as connection:
        record_comparison(connection, RECENT, seen, [project.day(DAY)], [project.day(DAY)])
    with dg.DagsterInstance.ephemeral() as instance:
        project.load(DAY, LAST, instance=instance)
        latest = latest_latency(instance)
        records = instance.fetch_materializations(dg.AssetKey("conversas_analytics"), limit=10).records
        metadata = {
            record.partition_key: record.asset_materialization.metadata
            for record in records
            if record.asset_materialization
        }
    assert float(str(metadata[str(DAY)]["latency_seconds"].value)) >= 420
    assert "latency_seconds" not in metadata[str(LAST)]
    assert latest is not None
    assert latest[0] == metadata[str(DAY)]["latency_seconds"].value


DAYS = {
    "a day": (["2025-03-10"], [10]),
    "a range": (["2025-03-10...2025-03-12"], [10, 11, 12]),
    "both, in any order and twice": (["2025-03-12", "2025-03-10...2025-03-10", "2025-03-12"], [10, 12]),
    "a range of nothing": (["2025-03-12...2025-03-10"], []),
}


@pytest.mark.parametrize(("entries", "numbers"), DAYS.values(), ids=DAYS.keys())
def test_the_configuration_lists_days_and_ranges(project: Project, entries: list[str], numbers: list[int]) -> None:
    expected = [project.day(datetime.date(2025, 3, number)) for number in numbers]
    assert parse_days(entries, project.settings) == expected
    config = refresh_config(expected)
    run = dg.DagsterRun(job_name=REFRESH_DAYS, run_config=config)
    assert run_dates(run) == {day.date for day in expected}


@pytest.mark.parametrize("entry", ["", "today", "2025-3-1", "2025-02-30", "2025-03-10...", "2017-12-31", "2999-01-01"])
def test_days_that_are_not_partitions_are_refused(project: Project, entry: str) -> None:
    with pytest.raises(SettingsError):
        parse_days([entry], project.settings)


def _deploy(project: Project, instance: dg.DagsterInstance) -> dict[str, tuple[str | None, str | None]]:
    """Deploy the views, and return the data version and the code version of each."""
    job = build_defs(project.settings).resolve_job_def(DEPLOY_VIEWS)
    job.execute_in_process(resources=project.resources, run_config=QUIET, instance=instance)
    versions = {}
    for view in VIEWS:
        event = instance.get_latest_materialization_event(dg.AssetKey(view.name))
        assert event is not None
        assert event.asset_materialization is not None
        tags = event.asset_materialization.tags or {}
        versions[view.name] = (tags.get("dagster/data_version"), tags.get("dagster/code_version"))
    return versions


def test_a_deployed_view_has_a_new_version_only_if_it_changed(project: Project) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        first = _deploy(project, instance)
        assert _deploy(project, instance) == first
        assert all(data == code for data, code in first.values())
        moved = _deploy(project.with_timezone("UTC"), instance)
    # A conversation's day depends on the zone, and so does the date of an attribute that is an instant.
    dated = {"vw_conversations_own", "vw_conversations_base", "vw_conversations_joined", "vw_contacts"}
    assert {name for name in first if first[name] != moved[name]} == dated


def test_a_run_and_its_events_are_kept_in_postgresql(
    project: Project, postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.new_database()
    checkout = Path(__file__).parent.parent.parent
    (tmp_path / "dagster.yaml").write_bytes((checkout / "dagster.yaml").read_bytes())
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.setenv("DAGSTER_POSTGRES_URL", url)
    monkeypatch.setenv("DAGSTER_EVENT_BATCH_SIZE", "200")
    with open_instance() as instance:
        result = project.load(DAY, LAST, instance=instance)
        run = instance.get_run_by_id(result.run_id)
        stored = [entry.dagster_event_type for entry in instance.all_logs(result.run_id)]
    assert run is not None
    assert run.status == dg.DagsterRunStatus.SUCCESS
    assert stored.count(dg.DagsterEventType.ASSET_MATERIALIZATION) == 3 * len(DAILY)
    with psycopg.connect(url) as connection:
        statement = "SELECT count(*) FROM event_logs WHERE run_id = %s"
        assert connection.execute(statement, [result.run_id]).fetchone() == (len(stored),)
    assert not list(tmp_path.rglob("*.db"))
