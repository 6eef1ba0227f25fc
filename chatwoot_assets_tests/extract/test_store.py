"""The days' files: replaced completely or not at all, and refused in one line if they do not fit."""

from __future__ import annotations

import datetime
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

from chatwoot_assets.errors import ExtractError
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.part_writer import PartWriter
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.refresh.batches import DayBatch, read_batches
from chatwoot_assets.refresh.load import read_files
from chatwoot_assets_tests.frames import DAY, RULES, SNAPSHOT_AT, frame, read_rows, tables_of, utc_day

PARTITION = utc_day()
LATER = SNAPSHOT_AT + datetime.timedelta(microseconds=1)


@pytest.fixture
def store(tmp_path: Path) -> ExtractStore:
    return ExtractStore(str(tmp_path / "extracts"))


def _write_all(store: ExtractStore, at: datetime.datetime = SNAPSHOT_AT) -> None:
    store.write(Dataset.CONVERSATIONS, PARTITION, frame(Dataset.CONVERSATIONS, [{"id": 1}]), at)
    store.write(Dataset.MESSAGES, PARTITION, frame(Dataset.MESSAGES, [{"id": 1, "conversation_id": 1}]), at)
    store.write(Dataset.CSAT, PARTITION, frame(Dataset.CSAT, [{"conversation_id": 1}]), at)
    store.write(Dataset.EVENTS, PARTITION, frame(Dataset.EVENTS, [{"id": 1, "conversation_id": 1}]), at)


def _files(store: ExtractStore, dataset: Dataset = Dataset.MESSAGES) -> list[str]:
    return sorted(path.name for path in Path(store.path(dataset, PARTITION)).parent.iterdir())


@contextmanager
def _disk_full_after(size: int) -> Iterator[None]:
    """Limit the size of files that this process writes, so that a write fails half-way, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _large() -> pl.DataFrame:
    text = os.urandom(500_000).hex()
    return frame(
        Dataset.MESSAGES, [{"id": n, "conversation_id": 1, "content": text[n * 1000 :][:1000]} for n in range(1000)]
    )


def test_rows_and_their_snapshot_are_read_as_they_were_written(store: ExtractStore) -> None:
    rows = frame(Dataset.MESSAGES, [{"id": 1, "conversation_id": 1, "content": None}, {"id": 2, "content": ""}])
    size = store.write(Dataset.MESSAGES, PARTITION, rows, SNAPSHOT_AT)
    frame_read, stamp = read_rows(store, Dataset.MESSAGES, PARTITION)
    assert frame_read.equals(rows)
    assert stamp.snapshot_at == SNAPSHOT_AT
    assert size == Path(store.path(Dataset.MESSAGES, PARTITION)).stat().st_size
    assert store.row_count(Dataset.MESSAGES, PARTITION) == 2
    assert store.row_count(Dataset.MESSAGES, utc_day(DAY + datetime.timedelta(days=1))) is None


def test_reader_of_a_replaced_file_can_read_the_old_one_to_its_end(store: ExtractStore) -> None:
    old = frame(Dataset.MESSAGES, [{"id": 1}])
    store.write(Dataset.MESSAGES, PARTITION, old, SNAPSHOT_AT)
    with Path(store.path(Dataset.MESSAGES, PARTITION)).open("rb") as opened:
        start = opened.read(10)
        store.write(Dataset.MESSAGES, PARTITION, _large(), LATER)
        assert pl.read_parquet(start + opened.read()).equals(old)
    assert read_rows(store, Dataset.MESSAGES, PARTITION)[0].height == 1000
    assert _files(store) == [f"{PARTITION.key}.parquet"]


def test_failed_write_leaves_the_old_file_and_no_partial_one(store: ExtractStore) -> None:
    _write_all(store)
    with _disk_full_after(100_000), pytest.raises(ExtractError, match="cannot write") as raised:
        store.write(Dataset.MESSAGES, PARTITION, _large(), LATER)
    assert "\n" not in str(raised.value)
    assert store.path(Dataset.MESSAGES, PARTITION) in str(raised.value)
    assert read_rows(store, Dataset.MESSAGES, PARTITION)[1].snapshot_at == SNAPSHOT_AT
    assert _files(store) == [f"{PARTITION.key}.parquet"]


def test_unwritable_directory_is_reported_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "extracts").write_text("a file where a directory should be")
    with pytest.raises(ExtractError, match="EXTRACTS_URL") as raised:
        _write_all(ExtractStore(str(tmp_path / "extracts")))
    assert "\n" not in str(raised.value)


def test_only_unfinished_files_of_dead_processes_are_removed(
    store: ExtractStore,
) -> None:
    _write_all(store)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    directory = Path(store.path(Dataset.MESSAGES, PARTITION)).parent
    for name in (
        f".{PARTITION.key}.{dead.pid}.partial",
        f".{PARTITION.key}.{os.getppid()}.partial",
        f".2025-03-11.{dead.pid}.partial",
    ):
        (directory / name).write_bytes(b"PAR1")
    store.remove_abandoned()
    assert _files(store) == sorted([f".{PARTITION.key}.{os.getppid()}.partial", f"{PARTITION.key}.parquet"])
    assert read_rows(store, Dataset.MESSAGES, PARTITION)[1].snapshot_at == SNAPSHOT_AT


def test_old_unfinished_file_is_removed_even_if_its_pid_is_in_use(store: ExtractStore) -> None:
    _write_all(store)
    left = Path(store.path(Dataset.MESSAGES, PARTITION)).parent / f".{PARTITION.key}.{os.getppid()}.partial"
    left.write_bytes(b"PAR1")
    two_hours_ago = time.time() - 7_200
    os.utime(left, (two_hours_ago, two_hours_ago))
    store.remove_abandoned()
    assert _files(store) == [f"{PARTITION.key}.parquet"]


def _read(store: ExtractStore) -> DayBatch:
    (batch,) = read_batches([read_files(PARTITION, store)], store, RULES)
    return batch


def test_files_of_one_snapshot_are_transformed(store: ExtractStore) -> None:
    _write_all(store)
    batch = _read(store)
    rows = tables_of(batch)
    assert [rows[table].height for table in ("conversas_analytics", "messages", "conversation_events")] == [1, 1, 1]
    assert rows["conversas_analytics"]["csat_responses"].to_list() == [1]
    assert batch.days[0].snapshot_at == SNAPSHOT_AT


@pytest.mark.parametrize("dataset", Dataset)
def test_files_of_different_snapshots_are_never_transformed(store: ExtractStore, dataset: Dataset) -> None:
    _write_all(store)
    store.write(dataset, PARTITION, frame(dataset, []), LATER)
    with pytest.raises(ExtractError, match="different snapshots") as raised:
        _read(store)
    assert "\n" not in str(raised.value)
    assert PARTITION.key in str(raised.value)


@pytest.mark.parametrize("dataset", Dataset)
def test_missing_file_is_named_in_one_line(store: ExtractStore, dataset: Dataset) -> None:
    _write_all(store)
    Path(store.path(dataset, PARTITION)).unlink()
    with pytest.raises(ExtractError, match=f"materialize {dataset.value} for it first") as raised:
        _read(store)
    assert "\n" not in str(raised.value)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "not parquet": lambda _: b"id,created_at\n1,2\n" * 100,
    "cut in half": lambda content: content[: len(content) // 2],
    "without its end": lambda content: content[:-8],
    "without its beginning": lambda content: content[100:],
    "zeros in the middle": lambda content: content[:200] + bytes(len(content) - 400) + content[-200:],
    "zeros but for its end": lambda content: bytes(len(content) - 8) + content[-8:],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_corrupt_file_is_named_in_one_line(store: ExtractStore, damage: Callable[[bytes], bytes]) -> None:
    store.write(Dataset.CONVERSATIONS, PARTITION, frame(Dataset.CONVERSATIONS, []), SNAPSHOT_AT)
    store.write(Dataset.CSAT, PARTITION, frame(Dataset.CSAT, []), SNAPSHOT_AT)
    store.write(Dataset.EVENTS, PARTITION, frame(Dataset.EVENTS, []), SNAPSHOT_AT)
    store.write(Dataset.MESSAGES, PARTITION, _large(), SNAPSHOT_AT)
    path = Path(store.path(Dataset.MESSAGES, PARTITION))
    path.write_bytes(damage(path.read_bytes()))
    _refused(store, path)


@pytest.mark.parametrize("dataset", [Dataset.MESSAGES, Dataset.CONVERSATIONS])
def test_no_flipped_bit_gives_other_rows(store: ExtractStore, dataset: Dataset) -> None:
    rows = frame(
        dataset,
        [
            {"id": n, "labels": ["vip"]} if dataset is Dataset.CONVERSATIONS else {"id": n, "content": f"texto {n}"}
            for n in range(500)
        ],
    )
    path = Path(store.path(dataset, PARTITION))
    store.write(dataset, PARTITION, rows, SNAPSHOT_AT, "a fingerprint")
    content = path.read_bytes()
    size = 8 * len(content)
    # All over the file, and each of its last ones, which are in the metadata.
    bits = [*range(0, size, size // 90), *range(size - 300, size)]
    for bit in bits:
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        with pytest.raises(ExtractError, match="extract the day again") as raised:
            read_rows(store, dataset, PARTITION)
        assert raised.value.transient
        assert store.stamps(PARTITION)[dataset] is None
    path.write_bytes(content)
    assert read_rows(store, dataset, PARTITION)[0].equals(rows)


def test_damaged_file_is_reported_and_counts_as_missing(store: ExtractStore, caplog: pytest.LogCaptureFixture) -> None:
    _write_all(store)
    path = Path(store.path(Dataset.CSAT, PARTITION))
    path.write_bytes(path.read_bytes().replace(b"PAR1", b"PAR2", 1))
    assert store.complete_days([PARTITION])
    with pytest.raises(ExtractError, match="damaged") as raised:
        _read(store)
    assert str(path) in str(raised.value)
    assert caplog.messages == [str(raised.value)]
    assert not store.complete_days([PARTITION])


@pytest.mark.parametrize("directory", ["n[1]", "a?b", "x*y", "{p,q}"])
def test_path_is_literal_whatever_its_characters(tmp_path: Path, directory: str) -> None:
    for name in ("n1", "acb", "xy", "p"):
        _write_all(ExtractStore(str(tmp_path / name)), at=LATER)
    store = ExtractStore(str(tmp_path / directory))
    assert not store.complete_days([PARTITION])
    assert store.row_count(Dataset.MESSAGES, PARTITION) is None
    _write_all(store)
    assert store.row_count(Dataset.MESSAGES, PARTITION) == 1
    assert read_rows(store, Dataset.MESSAGES, PARTITION)[1].snapshot_at == SNAPSHOT_AT
    writer = PartWriter(store, Dataset.MESSAGES, PARTITION)
    for number in (1, 2):
        writer.add(frame(Dataset.MESSAGES, [{"id": number, "conversation_id": number}]))
    writer.finish(LATER, "")
    writer.discard()
    assert read_rows(store, Dataset.MESSAGES, PARTITION)[0]["id"].to_list() == [1, 2]


def test_foreign_parquet_file_is_named_in_one_line(store: ExtractStore) -> None:
    _write_all(store)
    path = Path(store.path(Dataset.MESSAGES, PARTITION))
    pl.DataFrame({"id": [1]}).write_parquet(path)
    _refused(store, path)


def test_file_with_other_columns_is_named_in_one_line(store: ExtractStore) -> None:
    _write_all(store)
    path = Path(store.path(Dataset.MESSAGES, PARTITION))
    pl.DataFrame({"id": [1]}).write_parquet(path, metadata={"snapshot_at": SNAPSHOT_AT.isoformat()})
    _refused(store, path)


def _refused(store: ExtractStore, path: Path) -> None:
    with pytest.raises(ExtractError, match="extract the day again") as raised:
        _read(store)
    assert "\n" not in str(raised.value)
    assert str(path) in str(raised.value)
