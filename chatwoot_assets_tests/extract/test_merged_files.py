"""The files of merged days: nothing deleted remains, and what a kill, damage or another run left is repaired."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chatwoot_assets.errors import ExtractError
from chatwoot_assets.extract import merge, read
from chatwoot_assets.extract.chunked_day import Frames
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.rows import read_datasets
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets_tests.extract.merging import KEYS, assert_equal_to_full_read, change, refresh_files
from chatwoot_assets_tests.project import Project


def test_nothing_deleted_remains_in_the_bytes_of_merged_files(stored: Project) -> None:
    # Not compressible: it stands in the bytes as it is.
    content = "5f0c9a4e7b1d83f26a55c0d9e47b1f38"
    change(stored, f"UPDATE messages SET content = '{content}' WHERE conversation_id = 1004")  # noqa: S608 (a constant)
    path = Path(stored.store.path(Dataset.MESSAGES, stored.day(KEYS[0])))
    assert refresh_files(stored)[KEYS[0]].change is not None
    assert content.encode() in path.read_bytes()
    change(stored, "DELETE FROM messages WHERE conversation_id = 1004")
    assert refresh_files(stored)[KEYS[0]].change is not None
    files = [file for file in Path(stored.store.url).rglob("*") if file.is_file()]
    assert len(files) == len(KEYS) * len(Dataset)
    assert not [file for file in files if content.encode() in file.read_bytes()]


def test_files_without_a_changed_row_are_not_written_again(stored: Project, tmp_path: Path) -> None:
    day = stored.day(KEYS[0])
    paths = {dataset: Path(stored.store.path(dataset, day)) for dataset in Dataset}

    def written(statement: str) -> set[Dataset]:
        files = {dataset: path.stat().st_ino for dataset, path in paths.items()}
        change(stored, statement)
        assert refresh_files(stored)[KEYS[0]].change is not None
        return {dataset for dataset, path in paths.items() if path.stat().st_ino != files[dataset]}

    conversations = Dataset.CONVERSATIONS
    edited = "UPDATE messages SET content = 'editada {}' WHERE conversation_id = 1004"
    assert written(edited.format(1)) == {conversations, Dataset.MESSAGES}
    assert written("UPDATE reporting_events SET value = 1 WHERE conversation_id = 1004") == {
        conversations,
        Dataset.EVENTS,
    }
    assert written("UPDATE conversations SET status = 1 WHERE id = 1004") == {conversations}
    assert written(edited.format(2)) == {conversations, Dataset.MESSAGES}
    assert not refresh_files(stored)[KEYS[0]].was_written
    assert_equal_to_full_read(stored, tmp_path)


def test_kept_file_that_another_run_replaced_is_noticed(stored: Project, tmp_path: Path) -> None:
    path = Path(stored.store.path(Dataset.EVENTS, stored.day(KEYS[0])))
    change(stored, "UPDATE reporting_events SET value = 1 WHERE conversation_id = 1004")
    whole = ExtractStore(str(tmp_path / "other"))
    refresh_files(stored, whole)
    change(
        stored,
        "UPDATE reporting_events SET value = 180.0 WHERE conversation_id = 1004",
        "UPDATE messages SET content = 'editada' WHERE conversation_id = 1004",
    )
    refresh_files(stored)
    path.write_bytes(Path(whole.path(Dataset.EVENTS, stored.day(KEYS[0]))).read_bytes())
    assert not stored.store.complete_days([stored.day(KEYS[0])])
    assert refresh_files(stored)[KEYS[0]].was_written
    assert_equal_to_full_read(stored, tmp_path / "again")


@pytest.mark.parametrize("written", range(len(Dataset)))
def test_merge_that_was_killed_between_two_files_is_repaired(
    stored: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    change(
        stored,
        "UPDATE messages SET content = 'editada' WHERE conversation_id = 1004",
        "UPDATE csat_survey_responses SET rating = 1 WHERE conversation_id = 1004",
        "UPDATE reporting_events SET value = 1 WHERE conversation_id = 1004",
    )
    write = ExtractStore.write
    files: list[Dataset] = []

    def dying(store: ExtractStore, dataset: Dataset, day: Day, *arguments: object) -> int:
        if len(files) == written:
            raise KeyboardInterrupt
        files.append(dataset)
        return write(store, dataset, day, *arguments)  # type: ignore[arg-type]  # passed on unchanged

    with monkeypatch.context() as patch:
        patch.setattr(ExtractStore, "write", dying)
        with pytest.raises(KeyboardInterrupt):
            refresh_files(stored)
    assert refresh_files(stored)[KEYS[0]].was_written
    assert_equal_to_full_read(stored, tmp_path)


@pytest.mark.parametrize("dataset", Dataset)
def test_day_with_a_damaged_file_is_read_whole(stored: Project, tmp_path: Path, dataset: Dataset) -> None:
    path = Path(stored.store.path(dataset, stored.day(KEYS[0])))
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)
    change(stored, "UPDATE messages SET content = 'editada' WHERE conversation_id = 1003")
    first = refresh_files(stored)[KEYS[0]]
    assert first.was_written
    assert first.change is None
    assert_equal_to_full_read(stored, tmp_path)


@pytest.mark.parametrize("lost", [Dataset.MESSAGES, Dataset.EVENTS])
def test_day_whose_merged_rows_would_not_add_up_is_read_whole(
    stored: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: Dataset
) -> None:
    def losing(source: Snapshot, schema: str, days: list[Day], ids: list[int], contents_from: None) -> Frames:
        with monkeypatch.context() as patch:
            patch.setattr(read, "read_datasets", lambda *arguments: _without_last_row(whole(*arguments), lost))
            return read.read_conversations(source, schema, days, ids, contents_from)

    whole: Callable[..., Frames] = read_datasets
    monkeypatch.setattr(merge, "read_conversations", losing)
    change(stored, "UPDATE messages SET content = 'editada' WHERE conversation_id = 1004")
    first = refresh_files(stored)[KEYS[0]]
    assert first.was_written
    assert first.change is None
    assert_equal_to_full_read(stored, tmp_path)


def _without_last_row(frames: Frames, dataset: Dataset) -> Frames:
    rows, seconds = frames[dataset]
    assert rows.height > 0
    return {**frames, dataset: (rows.head(-1), seconds)}


def test_merge_is_not_lost_when_its_file_cannot_be_written(stored: Project, tmp_path: Path) -> None:
    change(stored, "UPDATE messages SET content = 'editada' WHERE conversation_id = 1003")
    directory = Path(stored.store.path(Dataset.MESSAGES, stored.day(KEYS[0]))).parent
    moved = directory.rename(tmp_path / "moved")
    directory.write_text("a file where a directory should be")
    with pytest.raises(ExtractError, match="cannot write"):
        refresh_files(stored)
    directory.unlink()
    moved.rename(directory)
    refresh_files(stored)
    assert_equal_to_full_read(stored, tmp_path)
