"""Runs give the same results when a release of Dagster lacks a private name, with one warning in the log."""

import ast
import importlib
import logging
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import dagster as dg
import pytest
from dagster_postgres import PostgresEventLogStorage

import chatwoot_assets
from chatwoot_assets import dagster_internals
from chatwoot_assets_tests import dagster_private
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import QUIET, range_tags

ASSETS = (dg.AssetKey("letters"), dg.AssetKey("replies"))
DAYS = ("2025-03-01", "2025-03-02", "2025-03-03")
OTHER = dg.AssetKey("parcels")
CHECK = dg.AssetCheckKey(ASSETS[0], "is_legible")

_METADATA = "dagster._core.execution.context.metadata_logging"
MODULE_NAMES = [
    (_METADATA, "AssetMetadataHandle"),
    (_METADATA, "OutputMetadataAccumulator"),
    ("dagster._core.events", "DagsterEventBatchMetadata"),
    ("dagster._core.storage.event_log", "SqlEventLogStorageTable"),
    ("dagster_shared.record", "replace"),
]
ATTRIBUTES: list[tuple[type, str]] = [
    (dagster_private.StepExecutionContext, "_metadata_accumulator"),
    (dg.AssetExecutionContext, "get_step_execution_context"),
    (dg.OpExecutionContext, "_events"),
    (PostgresEventLogStorage, "index_transaction"),
    (PostgresEventLogStorage, "_event_to_row"),
    (PostgresEventLogStorage, "_store_asset_event_tags"),
    (PostgresEventLogStorage, "_store_asset_event"),
    (dg.EventLogEntry, "_replace"),
    (dg.DagsterEvent, "_replace"),
]


def _is_looked_up_by_us() -> bool:
    return bool(sys._getframe(2).f_globals["__name__"] == dagster_internals.__name__)


class Renamed:
    """An attribute that only Dagster's own code finds, as if a release had renamed it everywhere."""

    def __init__(self, owner: type, name: str) -> None:
        self.name = name
        self.original = getattr(owner, name, None)

    def __get__(self, instance: object, owner: type | None = None) -> object:
        if _is_looked_up_by_us():
            raise AttributeError(self.name)
        if instance is None:
            return self.original
        if self.original is None:
            return vars(instance)[self.name]
        return self.original.__get__(instance, owner)

    def __set__(self, instance: object, value: object) -> None:
        vars(instance)[self.name] = value


def _module_without(name: str) -> type[ModuleType]:
    """Return the class of a module in which only Dagster's own code finds a name."""

    class Module(ModuleType):
        def __getattribute__(self, attribute: str) -> object:
            if attribute == name and _is_looked_up_by_us():
                raise AttributeError(name)
            return super().__getattribute__(attribute)

    return Module


@pytest.fixture
def instance(postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """An instance with the project's dagster.yaml."""
    monkeypatch.setenv("DAGSTER_POSTGRES_URL", postgres.new_database())
    monkeypatch.setenv("DAGSTER_EVENT_BATCH_SIZE", "200")
    shutil.copy(Path(__file__).parents[1] / "dagster.yaml", tmp_path)
    with dg.DagsterInstance.from_config(str(tmp_path)) as opened:
        yield opened


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    dagster_internals._warn_once.cache_clear()
    with caplog.at_level(logging.WARNING, logger=dagster_internals.__name__):
        yield caplog
    dagster_internals._warn_once.cache_clear()


def _job() -> dg.JobDefinition:
    @dg.multi_asset(
        specs=[dg.AssetSpec(key) for key in ASSETS],
        partitions_def=dg.DailyPartitionsDefinition(DAYS[0]),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def mail(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        numbers = {(key, day): {"rows": number} for number, day in enumerate(DAYS) for key in ASSETS}
        dagster_internals.add_partition_metadata(context, numbers)
        others = [dg.AssetMaterialization(OTHER, partition=day) for day in DAYS]
        dagster_internals.log_materializations(context.op_execution_context, others)
        assert context.instance.get_materialized_partitions(OTHER) == set(DAYS)  # not only when the step ends
        yield from (dg.MaterializeResult(asset_key=key, metadata={"of_run": 7}) for key in ASSETS)

    @dg.asset_check(asset=ASSETS[0], name=CHECK.name)
    def is_legible() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=True)

    job = dg.define_asset_job("post", selection="*")
    return dg.Definitions(assets=[mail], asset_checks=[is_legible], jobs=[job]).resolve_job_def("post")


def _assert_run_is_recorded(instance: dg.DagsterInstance) -> None:
    """Run the job, and assert that the instance knows every day of it with its metadata."""
    result = _job().execute_in_process(instance=instance, tags=range_tags(DAYS[0], DAYS[-1]), run_config=QUIET)
    of_run = instance.get_records_for_run(result.run_id).records
    types = [record.event_log_entry.dagster_event_type for record in of_run]
    assert types.count(dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED) == len(ASSETS) * len(DAYS)
    assert types.count(dg.DagsterEventType.ASSET_MATERIALIZATION) == (len(ASSETS) + 1) * len(DAYS)
    assert sum(event.is_step_materialization for event in result.all_events) == (len(ASSETS) + 1) * len(DAYS)
    for key in ASSETS:
        assert instance.get_materialized_partitions(key) == set(DAYS)
        records = instance.fetch_materializations(key, limit=10).records
        values = {
            record.partition_key: {name: value.value for name, value in record.asset_materialization.metadata.items()}
            for record in records
            if record.asset_materialization
        }
        assert values == {day: {"rows": number, "of_run": 7} for number, day in enumerate(DAYS)}
    history = instance.event_log_storage.get_asset_check_execution_history(CHECK, limit=10)
    assert "SUCCEEDED" in [record.status.value for record in history]


def test_no_warning_is_logged_with_this_release(
    instance: dg.DagsterInstance, warnings: pytest.LogCaptureFixture
) -> None:
    _assert_run_is_recorded(instance)
    assert warnings.messages == []


@pytest.mark.parametrize(("module", "name"), MODULE_NAMES)
def test_a_run_needs_no_private_name_of_a_module(
    module: str,
    name: str,
    instance: dg.DagsterInstance,
    warnings: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.import_module(module), "__class__", _module_without(name))
    _assert_run_is_recorded(instance)
    _assert_warned_once(warnings, name)


def _reported_days() -> list[str | None]:
    """Run a step that reports all days while it works; return the days of the events."""

    @dg.multi_asset(
        specs=[dg.AssetSpec(ASSETS[0])],
        partitions_def=dg.DailyPartitionsDefinition(DAYS[0]),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def mail(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        if result := dagster_internals.result_of_reported_days(ASSETS[0]):
            events = [dg.AssetMaterialization(ASSETS[0], partition=day) for day in DAYS]
            dagster_internals.log_materializations(context.op_execution_context, events)
        yield result or dg.MaterializeResult(asset_key=ASSETS[0])

    @dg.asset_check(asset=ASSETS[0])
    def is_legible() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=True)

    definitions = dg.Definitions(assets=[mail], asset_checks=[is_legible])
    job = definitions.resolve_implicit_global_asset_job_def()
    result = job.execute_in_process(tags=range_tags(DAYS[0], DAYS[-1]), run_config=QUIET)
    assert len(result.get_asset_check_evaluations()) == 1
    return [event.partition for event in result.all_events if event.is_step_materialization]


def test_days_that_a_step_reported_are_not_added_to_its_result(warnings: pytest.LogCaptureFixture) -> None:
    assert _reported_days() == list(DAYS)
    assert warnings.messages == []


def test_days_are_reported_once_without_the_private_name(
    warnings: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "SYSTEM_METADATA_KEY_SOURCE_ASSET_OBSERVATION"
    module = importlib.import_module("dagster._core.execution.plan.execute_step")
    monkeypatch.setattr(module, "__class__", _module_without(name))
    assert _reported_days() == list(DAYS)
    _assert_warned_once(warnings, name)


@pytest.mark.parametrize(("owner", "name"), ATTRIBUTES)
def test_a_run_needs_no_private_attribute(
    owner: type,
    name: str,
    instance: dg.DagsterInstance,
    warnings: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(owner, name, Renamed(owner, name), raising=False)
    _assert_run_is_recorded(instance)
    _assert_warned_once(warnings, name)


def _assert_warned_once(warnings: pytest.LogCaptureFixture, name: str) -> None:
    (message,) = warnings.messages
    assert "lacks a private name" in message
    assert name in message


def _imports(path: Path) -> set[str]:
    """Return the modules that a file imports from, other than for annotations only."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return names


def _modules_importing(*prefixes: str) -> set[str]:
    """Return the product's modules that import a module with one of the prefixes."""
    root = Path(chatwoot_assets.__file__).parent
    return {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(name == prefix or name.startswith(f"{prefix}.") for name in _imports(path) for prefix in prefixes)
    }


def test_only_one_module_imports_private_names_of_dagster() -> None:
    private = {"dagster_shared", "dagster_postgres.event_log", *(f"dagster.{name}" for name in ("_core", "_serdes"))}
    assert _modules_importing(*private) == {"dagster_internals.py"}


def test_only_defs_and_commands_import_dagster() -> None:
    importing = _modules_importing("dagster", "dagster_postgres", "dagster_shared")
    below = {path for path in importing if not path.startswith(("defs/", "commands/"))}
    assert below == {"dagster_internals.py", "definitions.py"}
