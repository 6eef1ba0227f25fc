"""The daily assets: what a selection refreshes and reports, and reading and loading at the same time."""

from __future__ import annotations

import datetime
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import dagster as dg
import polars as pl
import pytest

from chatwoot_assets import dagster_internals
from chatwoot_assets.commands.runs import reason
from chatwoot_assets.defs import retries
from chatwoot_assets.defs.daily_assets import build_daily_assets
from chatwoot_assets.defs.partitions import DAILY_ASSETS
from chatwoot_assets.errors import ExtractError, WarehouseError
from chatwoot_assets.extract import read
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.parquet_file import FileStamp
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day, days
from chatwoot_assets.progress import Progress
from chatwoot_assets.refresh import batches
from chatwoot_assets.refresh import days as refresh_days
from chatwoot_assets.refresh.load import load_days
from chatwoot_assets_tests.frames import read_rows
from chatwoot_assets_tests.project import QUIET, Project, range_tags, written_days
from chatwoot_assets_tests.refreshing import refresh_extracts
from chatwoot_assets_tests.waiting import HANG_SECONDS

FIRST, LAST = datetime.date(2025, 3, 10), datetime.date(2025, 3, 16)
KEYS = [(FIRST + datetime.timedelta(days=number)).isoformat() for number in range((LAST - FIRST).days + 1)]
EXTRACTS = [dataset.value for dataset in Dataset]
TABLE = "conversas_analytics"
LOST = "the connection to the analytics database was lost"


@pytest.fixture
def filled(project: Project) -> Project:
    """A source with two conversations on each day."""
    with project.writing() as writer:
        for number, key in enumerate(KEYS * 2, start=1):
            writer.conversation(f"{key} 12:00", id=number)
            writer.message(number, f"{key} 12:01", "oi", id=number)
    return project


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as opened:
        yield opened


def _materialize(project: Project, instance: dg.DagsterInstance, *selected: str) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [build_daily_assets(project.settings)],
        selection=list(selected),
        tags=range_tags(KEYS[0], KEYS[-1]),
        resources=project.resources,
        run_config=QUIET,
        instance=instance,
        raise_on_error=False,
    )


def _materialized(instance: dg.DagsterInstance, asset: str) -> set[str | None]:
    """Return the days for which the instance has a materialization."""
    records = instance.fetch_materializations(dg.AssetKey(asset), limit=1_000).records
    return {record.asset_materialization.partition for record in records if record.asset_materialization}


def _before_the_last_file(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Read and load one day at a time, and act before the file of the last day is written."""
    monkeypatch.setattr(read, "CONVERSATIONS_PER_BATCH", 2)
    monkeypatch.setattr(batches, "CONVERSATIONS_PER_BATCH", 1)
    write = ExtractStore.write

    def acting(store: ExtractStore, dataset: Dataset, day: Day, *arguments: object, **options: object) -> int:
        if (dataset, day.date) == (Dataset.CONVERSATIONS, LAST):
            act()
        return write(store, dataset, day, *arguments, **options)  # type: ignore[arg-type]  # passed on unchanged

    monkeypatch.setattr(ExtractStore, "write", acting)


def _first_day_is_there(project: Project) -> bool:
    """Wait until a reader of the local table sees the conversations of the first day."""
    deadline = time.monotonic() + HANG_SECONDS
    while time.monotonic() < deadline:
        if any(row["conversation_date"] == FIRST for row in project.conversations().values()):
            return True
        time.sleep(0.01)
    return False


def test_days_are_loaded_while_later_ones_are_read(filled: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.load(LAST)  # creates the tables
    seen: list[bool] = []
    _before_the_last_file(monkeypatch, lambda: seen.append(_first_day_is_there(filled)))
    filled.load(FIRST, LAST, force=True)
    assert seen == [True]
    assert len(filled.conversations()) == 2 * len(KEYS)


def test_loaded_days_stay_when_reading_fails_and_the_next_run_resumes(
    filled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.load(LAST)

    def fail() -> None:
        assert _first_day_is_there(filled)
        raise ExtractError("cannot write: no space left on device; free some, or set EXTRACTS_URL")

    threads = threading.active_count()
    with monkeypatch.context() as patch:
        _before_the_last_file(patch, fail)
        result = filled.load(FIRST, LAST, force=True, raise_on_error=False)
    assert reason(result).startswith("cannot write: no space left on device")
    assert threading.active_count() == threads
    assert _first_day_is_there(filled)
    # One of the seven days was read before, and at least one by the failed run.
    assert len(written_days(filled.load(FIRST, LAST), Dataset.MESSAGES.value)) <= len(KEYS) - 2
    assert len(filled.conversations()) == 2 * len(KEYS)


def test_files_are_complete_when_their_days_cannot_be_loaded(filled: Project, instance: dg.DagsterInstance) -> None:
    nowhere = replace(filled, target_url=filled.target_url.replace("?", "_not_there?"))
    result = _materialize(nowhere, instance, *EXTRACTS, TABLE)
    assert not result.success
    assert "not_there" in reason(result)
    assert "\n" not in reason(result)
    assert all(stamp is not None for key in KEYS for stamp in filled.store.stamps(filled.day(key)).values())
    stamps = [filled.store.stamps(filled.day(key)) for key in KEYS]
    assert written_days(_materialize(filled, instance, *EXTRACTS, TABLE), TABLE) == KEYS
    assert [filled.store.stamps(filled.day(key)) for key in KEYS] == stamps
    for name in DAILY_ASSETS:
        assert _materialized(instance, name) == set(KEYS)


def test_a_brief_loss_of_the_local_database_reads_nothing_twice(
    filled: Project, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "SECONDS_BETWEEN_TRIES", 0.01)
    tries = _lose_the_local_database(monkeypatch, times=2)
    writes = _count_written_files(monkeypatch)
    filled.load(FIRST, LAST, instance=instance)
    assert len(tries) == 3
    assert len(writes) == len(KEYS) * len(Dataset)
    assert len(filled.conversations()) == 2 * len(KEYS)
    for name in DAILY_ASSETS:
        assert _materialized(instance, name) == set(KEYS)


def test_a_lasting_loss_of_the_local_database_fails_in_one_line(
    filled: Project, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "SECONDS_BETWEEN_TRIES", 0.01)
    tries = _lose_the_local_database(monkeypatch, times=100)
    result = filled.load(FIRST, LAST, instance=instance, raise_on_error=False)
    assert len(tries) == 1 + retries.RETRIES
    assert reason(result) == LOST
    assert _materialized(instance, TABLE) == set()


def test_chatwoot_is_named_when_neither_database_answers(
    filled: Project, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lose_the_local_database(monkeypatch, times=100)
    gone = replace(filled, source_url=filled.source_url.replace("?", "_not_there?"))
    result = _materialize(gone, instance, *EXTRACTS, TABLE)
    assert "CHATWOOT_DATABASE_URL" in reason(result)


def _lose_the_local_database(monkeypatch: pytest.MonkeyPatch, *, times: int) -> list[int]:
    """Make the load fail the given number of times; return a list to which each try is added."""
    tries: list[int] = []

    def lost_at_first(*arguments: object, **options: object) -> object:
        tries.append(len(tries) + 1)
        if len(tries) <= times:
            raise WarehouseError(LOST, transient=True)
        return load_days(*arguments, **options)  # type: ignore[arg-type]  # passed on unchanged

    monkeypatch.setattr(refresh_days, "load_days", lost_at_first)
    return tries


def _count_written_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which the path of each written file is added."""
    written: list[str] = []
    write = ExtractStore.write

    def count(store: ExtractStore, dataset: Dataset, day: Day, *arguments: object, **options: object) -> int:
        written.append(store.path(dataset, day))
        return write(store, dataset, day, *arguments, **options)  # type: ignore[arg-type]  # passed on unchanged

    monkeypatch.setattr(ExtractStore, "write", count)
    return written


def test_extracts_alone_need_no_local_database(filled: Project, instance: dg.DagsterInstance) -> None:
    nowhere = replace(filled, target_url=filled.target_url.replace("?", "_not_there?"))
    assert _materialize(nowhere, instance, *EXTRACTS).success
    assert _materialized(instance, Dataset.MESSAGES.value) == set(KEYS)


def test_a_table_alone_brings_all_tables_up_to_date_without_chatwoot(
    filled: Project, instance: dg.DagsterInstance
) -> None:
    filled.load(FIRST, LAST)
    with filled.target() as connection:
        connection.execute("TRUNCATE conversas_analytics, partition_state")
    gone = replace(filled, source_url=filled.source_url.replace("?", "_not_there?"))
    result = _materialize(gone, instance, "hourly_messages")
    assert written_days(result, "hourly_messages") == KEYS
    assert written_days(result, TABLE) == KEYS
    assert len(filled.conversations()) == 2 * len(KEYS)


def test_all_four_files_are_reported_if_one_extract_is_selected(filled: Project, instance: dg.DagsterInstance) -> None:
    assert _materialize(filled, instance, Dataset.MESSAGES.value).success
    for dataset in Dataset:
        assert _materialized(instance, dataset.value) == set(KEYS)
    assert _materialized(instance, TABLE) == set()
    assert len({stamp and stamp.snapshot_at for stamp in filled.store.stamps(filled.day(FIRST)).values()}) == 1


def test_a_selected_asset_is_reported_once_per_day_even_if_it_is_equal(
    filled: Project, instance: dg.DagsterInstance
) -> None:
    filled.load(FIRST, LAST)
    with filled.source() as connection:
        connection.execute("UPDATE messages SET content = 'editada' WHERE id = 2")
    result = _materialize(filled, instance, *EXTRACTS, TABLE)
    assert written_days(result, TABLE) == written_days(result, "daily_summary") == [KEYS[1]]
    records = instance.fetch_materializations(dg.AssetKey(TABLE), limit=100).records
    assert sorted(str(record.partition_key) for record in records) == KEYS
    assert _materialized(instance, "daily_summary") == {KEYS[1]}


def _counts(instance: dg.DagsterInstance, asset: str) -> Counter[str | None]:
    """Return how often the instance has a materialization of each day."""
    records = instance.fetch_materializations(dg.AssetKey(asset), limit=1_000).records
    return Counter(record.partition_key for record in records)


def _loaded(project: Project) -> Counter[str | None]:
    return Counter({str(row["conversation_date"]): 1 for row in project.conversations().values()})


def test_a_run_that_stops_half_way_shows_the_days_that_it_committed(
    filled: Project, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.load(LAST)

    def fail() -> None:
        assert _first_day_is_there(filled)
        raise ExtractError("cannot write: no space left on device; free some, or set EXTRACTS_URL")

    with filled.source() as connection:
        connection.execute("UPDATE messages SET content = 'editada' WHERE conversation_id IN (7, 14)")
    with monkeypatch.context() as patch:
        _before_the_last_file(patch, fail)
        assert not _materialize(filled, instance, *DAILY_ASSETS).success
    committed = _loaded(filled) - Counter([LAST.isoformat()])
    assert KEYS[0] in committed
    for name in DAILY_ASSETS:
        assert _counts(instance, name) == committed
    assert _materialize(filled, instance, *DAILY_ASSETS).success
    for name in DAILY_ASSETS:
        assert _counts(instance, name) == committed + Counter(KEYS)


def test_a_retried_step_reports_no_day_twice(
    filled: Project, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "SECONDS_BETWEEN_TRIES", 0.01)
    filled.load(LAST)
    with filled.source() as connection:
        connection.execute("UPDATE messages SET content = 'editada' WHERE conversation_id IN (7, 14)")
    tries: list[int] = []

    def fail_once() -> None:
        tries.append(1)
        if len(tries) == 1:
            assert _first_day_is_there(filled)
            raise ExtractError("the object store is not reachable", transient=True)

    _before_the_last_file(monkeypatch, fail_once)
    assert _materialize(filled, instance, *DAILY_ASSETS).success
    assert len(tries) == 2
    for name in DAILY_ASSETS:
        assert _counts(instance, name) == Counter(KEYS)
    (first_day,) = (
        record.asset_materialization
        for record in instance.fetch_materializations(dg.AssetKey(TABLE), limit=1_000).records
        if record.partition_key == KEYS[0]
    )
    assert first_day is not None
    assert first_day.metadata["dagster/partition_row_count"].value == 2


def test_days_are_reported_once_by_a_dagster_that_adds_them_at_the_end(
    filled: Project, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(_: dg.AssetKey) -> None:
        return None

    monkeypatch.setattr(dagster_internals, "result_of_reported_days", cannot)
    filled.load(LAST)
    assert _materialize(filled, instance, Dataset.MESSAGES.value, TABLE).success
    for name in (Dataset.MESSAGES.value, TABLE):
        assert _counts(instance, name) == Counter(KEYS)
    # The files and tables that were not selected are reported where they were written.
    for name in (Dataset.CSAT.value, "daily_summary"):
        assert _counts(instance, name) == Counter(KEYS[:-1])


@pytest.mark.parametrize("conversations_per_batch", [1, 2, 100], ids=["in parts", "day by day", "all together"])
def test_days_become_ready_in_order_and_equal_days_before_any_reading(
    filled: Project, monkeypatch: pytest.MonkeyPatch, conversations_per_batch: int
) -> None:
    filled.load(FIRST, LAST)
    with filled.source() as connection:
        connection.execute("UPDATE messages SET content = 'editada' WHERE id IN (2, 3, 5)")
    monkeypatch.setattr(read, "CONVERSATIONS_PER_BATCH", conversations_per_batch)
    changed = [KEYS[1], KEYS[2], KEYS[4]]
    calls: list[str] = []

    def report(_: Progress) -> None:
        calls.append("progress")

    zone = filled.settings.reporting_timezone
    written = []
    for extracted, extracts in refresh_extracts(
        filled.resources["chatwoot"], zone, days(KEYS, zone), filled.store, report
    ):
        day = extracted.day
        calls.append(day.key)
        messages, stamp = read_rows(filled.store, Dataset.MESSAGES, day)
        assert messages.filter(pl.col("content") == "editada").height == (day.key in changed)
        assert stamp == FileStamp(extracted.snapshot_at, extracted.fingerprints[Dataset.MESSAGES])
        assert extracted.was_written == bool(extracts)
        written += [(day.key, dataset) for dataset in extracts]
    assert calls[:2] == [KEYS[0], KEYS[1]] or calls[:2] == [KEYS[0], "progress"]
    assert [key for key in calls if key != "progress"] == KEYS
    # The ratings and events are the same, and their files stay.
    assert written == [(key, dataset) for key in changed for dataset in (Dataset.CONVERSATIONS, Dataset.MESSAGES)]
