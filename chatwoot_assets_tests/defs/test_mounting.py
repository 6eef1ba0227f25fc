"""A user's own repository mounts the definitions beside its own, under a prefix and with its own executor."""

import datetime
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import replace

import dagster as dg
import pytest

from chatwoot_assets import definitions
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.jobs import CHECK_FRESHNESS, DEPLOY_VIEWS, RECONCILE
from chatwoot_assets.defs.partitions import DAILY_ASSETS
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS, refresh_config
from chatwoot_assets.partitions import all_days, today
from chatwoot_assets.settings import Settings
from chatwoot_assets_tests.project import QUIET, Project

PREFIX = ("support", "helpdesk")
# Two or three partitions: the sensor compares all of them.
DAY = today(zoneinfo.ZoneInfo("America/Sao_Paulo")) - datetime.timedelta(days=1)
JOBS = (REFRESH_DAYS, DEPLOY_VIEWS, CHECK_FRESHNESS, RECONCILE)


@dg.executor(name="of_the_user", requirements=dg.multiple_process_executor_requirements())
def users_executor(_context: dg.InitExecutorContext) -> dg.Executor:
    raise NotImplementedError


@dg.asset
def invoices() -> None:
    """An asset of the user's repository."""


@dg.asset(deps=[dg.AssetKey([*PREFIX, "conversas_analytics"])])
def service_level() -> None:
    """An asset of the user's repository that reads one of the project's."""


def _mounted(settings: Settings, **resources: object) -> dg.Definitions:
    """Return the project's definitions merged with those of a user who has an executor and resources."""
    job = dg.define_asset_job("monthly", selection=[invoices])
    own = dg.Definitions(
        assets=[invoices, service_level],
        jobs=[job],
        resources={"io_manager": dg.mem_io_manager},
        executor=users_executor,
    )
    return dg.Definitions.merge(own, build_defs(settings, key_prefix=PREFIX, resources=resources))


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as opened:
        yield opened


@pytest.fixture
def filled(project: Project) -> Project:
    """A source with a conversation on the day."""
    with project.writing() as writer:
        writer.conversation(f"{DAY} 12:00", id=1)
        writer.message(1, f"{DAY} 12:01", "oi", id=1)
    return replace(project, settings=replace(project.settings, partitions_start_date=DAY))


def _run(
    project: Project, instance: dg.DagsterInstance, job: str, config: Mapping[str, object] | None = None
) -> dg.ExecuteInProcessResult:
    resolved = _mounted(project.settings, **project.resources).resolve_job_def(job)
    run_config = {**QUIET, **(config or {})}
    return resolved.execute_in_process(instance=instance, run_config=run_config, raise_on_error=False)


def _refresh(project: Project, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    """Refresh the day."""
    return _run(project, instance, REFRESH_DAYS, refresh_config([project.day(DAY)]))


def test_the_jobs_run_in_process_and_the_users_assets_with_his_executor(project: Project) -> None:
    mounted = _mounted(project.settings)
    dg.Definitions.validate_loadable(mounted)
    assert {mounted.resolve_job_def(name).executor_def.name for name in JOBS} == {"in_process"}
    assert mounted.resolve_job_def("monthly").executor_def is users_executor
    # What the UI runs when somebody materializes from the asset graph.
    assert mounted.resolve_implicit_global_asset_job_def().executor_def is users_executor


def test_the_jobs_run_with_an_executor_that_is_passed(project: Project) -> None:
    defs = build_defs(project.settings, executor=users_executor)
    assert {defs.resolve_job_def(name).executor_def for name in JOBS} == {users_executor}


def test_the_projects_own_definitions_run_everything_in_process() -> None:
    repository = definitions.defs.get_repository_def()
    assert {job.executor_def.name for job in repository.get_all_jobs()} == {"in_process"}


def test_every_key_of_the_project_has_the_prefix(project: Project) -> None:
    mounted, plain = _mounted(project.settings), build_defs(project.settings)
    own = {invoices.key, service_level.key}
    prefixed = {dg.AssetKey([*PREFIX, *key.path]) for key in plain.resolve_asset_graph().get_all_asset_keys()}
    graph = mounted.resolve_asset_graph()
    assert graph.get_all_asset_keys() == prefixed | own
    for key in prefixed:
        assert graph.get(key).parent_keys <= prefixed
    assert {key.asset_key for key in graph.asset_check_keys} <= prefixed
    assert len(graph.asset_check_keys) == len(plain.resolve_asset_graph().asset_check_keys)


@pytest.mark.parametrize("prefix", ["support", ["support"], ("support",)], ids=["text", "list", "tuple"])
def test_a_prefix_is_a_text_or_a_sequence(project: Project, prefix: str) -> None:
    keys = build_defs(project.settings, key_prefix=prefix).resolve_asset_graph().get_all_asset_keys()
    assert {key.path[0] for key in keys} == {"support"}
    assert dg.AssetKey(["support", "daily_summary"]) in keys


def test_a_day_is_loaded_and_checked_under_the_prefix(filled: Project, instance: dg.DagsterInstance) -> None:
    result = _refresh(filled, instance)
    assert result.success
    assert set(filled.conversations()) == {1}
    assert len(filled.daily_summary()) == 1
    for name in DAILY_ASSETS:
        (record,) = instance.fetch_materializations(dg.AssetKey([*PREFIX, name]), limit=10).records
        assert record.asset_materialization is not None
        assert record.partition_key == str(DAY)
        assert "dagster/partition_row_count" in record.asset_materialization.metadata
    checks = result.get_asset_check_evaluations()
    assert {check.asset_key.path[:-1] == list(PREFIX) for check in checks} == {True}
    assert {check.check_name for check in checks if not check.passed} == set()
    assert len(checks) == 13


def test_the_sensor_requests_changed_days_until_they_are_loaded(filled: Project, instance: dg.DagsterInstance) -> None:
    assert _requests(filled, instance)
    assert _run(filled, instance, REFRESH_DAYS, refresh_config(all_days(filled.settings))).success
    assert _requests(filled, instance) == []


def _requests(project: Project, instance: dg.DagsterInstance) -> list[dg.RunRequest]:
    sensor = _mounted(project.settings).resolve_sensor_def("changed_days_sensor")
    with dg.build_sensor_context(instance=instance, resources=project.resources) as context:
        result = sensor(context)
    assert isinstance(result, dg.SensorResult)
    return list(result.run_requests or [])


def test_the_failed_partitions_under_the_prefix_are_reported(filled: Project, instance: dg.DagsterInstance) -> None:
    gone = replace(filled, source_url=filled.source_url.replace("?", "_not_there?"))
    assert not _refresh(gone, instance).success
    checks = _run(filled, instance, CHECK_FRESHNESS).get_asset_check_evaluations()
    (failed,) = [check for check in checks if check.check_name == "no_partition_left_failed"]
    assert failed.metadata["which_days"].value == str(DAY)


def test_the_views_are_deployed_under_the_prefix(filled: Project, instance: dg.DagsterInstance) -> None:
    assert _run(filled, instance, DEPLOY_VIEWS).success
    assert instance.get_latest_materialization_event(dg.AssetKey([*PREFIX, "vw_csat_base"])) is not None
