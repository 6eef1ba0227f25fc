"""Small changes of a day: only the changed conversations are read, and the files are those of a full read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from chatwoot_assets.errors import ExtractError
from chatwoot_assets.extract import merge, read, refresh, text_sizes
from chatwoot_assets.extract.chunked_day import Frames
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.extracted_day import ExtractedDay
from chatwoot_assets.extract.schemas import conversation_key
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day, days
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets_tests.frames import read_rows
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.refreshing import refresh_extracts

KEYS = ["2025-03-10", "2025-03-11", "2025-03-12"]
CONVERSATIONS_PER_DAY = 8

Rows = dict[Dataset, pl.DataFrame]


@pytest.fixture
def filled(project: Project) -> Project:
    """A project with eight conversations per day, which have rows of every kind, in up-to-date files."""
    with project.writing() as writer:
        writer.contact(2, "Bia")
        writer.inbox(11, "Vendas")
        for id_, name in enumerate(("vip", "novo"), start=1):
            writer.tag(id_, name)
        for key in KEYS:
            for number in range(CONVERSATIONS_PER_DAY):
                first = number == 0
                id_ = writer.conversation(f"{key} 1{number}:00", contact_id=2 - first, inbox_id=11 - first)
                for minute in range(number):
                    writer.message(id_, f"{key} 1{number}:0{minute}", f"mensagem {minute}")
                if number % 2:
                    writer.label(id_, 1)
                    writer.rating(id_, f"{key} 20:00", number % 5 + 1)
                    writer.event(id_, f"{key} 20:00", "conversation_resolved", 60.0 * number)
    _refresh(project)
    return project


def _refresh(project: Project, store: ExtractStore | None = None) -> dict[str, ExtractedDay]:
    zone = project.settings.reporting_timezone
    requested = days(KEYS, zone)
    refreshed = refresh_extracts(
        project.resources["chatwoot"], zone, requested, store or project.store, lambda _: None, force=store is not None
    )
    return {extracted.day.key: extracted for extracted, _ in refreshed}


def _change(project: Project, *statements: str) -> None:
    with project.source() as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _rows(store: ExtractStore, day: Day) -> Rows:
    """Return the rows of a day's files in the one order that they can be compared in."""
    return {dataset: _in_order(dataset, read_rows(store, dataset, day)[0]) for dataset in Dataset}


def _in_order(dataset: Dataset, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort(conversation_key(dataset), *(["id"] if "id" in rows.columns else []))


def _assert_equal_to_full_read(project: Project, tmp_path: Path) -> None:
    """Compare the files, and what they say about themselves, with those of a full read."""
    whole = ExtractStore(str(tmp_path / "whole"))
    _refresh(project, whole)
    for day in days(KEYS, project.settings.reporting_timezone):
        stamps = project.store.complete_days([day]).get(day)
        assert stamps is not None
        assert project.store.fingerprints(day) == whole.fingerprints(day)
        rows = _rows(project.store, day)
        for dataset, expected in _rows(whole, day).items():
            assert rows[dataset].equals(expected), (day.key, dataset)
            stored, _ = read_rows(project.store, dataset, day)
            assert stored[conversation_key(dataset)].is_sorted()


def _applied(before: Rows, extracted: ExtractedDay) -> Rows:
    """Return the rows that a day had, with its change applied to them."""
    change = extracted.change
    assert change is not None
    applied = {}
    for dataset, rows in before.items():
        is_changed = pl.col(conversation_key(dataset)).is_in(change.ids)
        assert _in_order(dataset, change.rows_before[dataset]).equals(rows.filter(is_changed))
        applied[dataset] = _in_order(dataset, pl.concat([rows.filter(~is_changed), change.rows[dataset]]))
    return applied


# Chosen by a number.
_SOME = "(SELECT id FROM conversations ORDER BY md5(id::text || '{n}') LIMIT 1)"
_MESSAGE = "(SELECT id FROM messages ORDER BY md5(id::text || '{n}') LIMIT 1)"
_CHANGES = {
    "new message": (
        "INSERT INTO messages (conversation_id, account_id, inbox_id, message_type, content, created_at, updated_at)"
        " SELECT {some}, 1, 10, 1, 'nova {n}', now(), now()"
    ),
    "deleted message": "DELETE FROM messages WHERE id = {message}",
    "edited message": "UPDATE messages SET content = 'editada {n}' WHERE id = {message}",
    "marked message": "UPDATE messages SET content_attributes = '{{\"deleted\": true}}' WHERE id = {message}",
    "label": (
        "INSERT INTO taggings (taggable_id, tag_id, taggable_type, context)"
        " SELECT {some}, 1 + {n} % 2, 'Conversation', 'labels'"
    ),
    "label removed": "DELETE FROM taggings WHERE id = (SELECT max(id) FROM taggings)",
    "rating": (
        "INSERT INTO csat_survey_responses"
        " (account_id, conversation_id, message_id, contact_id, rating, created_at, updated_at)"
        " SELECT 1, {some}, 100000 + {n}, 1, 1 + {n} % 5, now(), now()"
    ),
    "event": (
        "INSERT INTO reporting_events (account_id, inbox_id, conversation_id, name, value, created_at, updated_at)"
        " SELECT 1, 10, {some}, 'first_response', {n}, now(), now()"
    ),
    "event removed": "DELETE FROM reporting_events WHERE id = (SELECT min(id) FROM reporting_events)",
    "status": "UPDATE conversations SET status = (status + 1) % 4 WHERE id = {some}",
    "contact renamed": "UPDATE contacts SET name = 'nome {n}' WHERE id = 1",
    "inbox renamed": "UPDATE inboxes SET name = 'caixa {n}' WHERE id = 10 + {n} % 2",
    "conversation deleted": "DELETE FROM conversations WHERE id = {some}",
    "conversation moved": (
        "UPDATE conversations SET created_at = created_at + interval '1 day' WHERE id = {some}"
        " AND created_at < '2025-03-12'"
    ),
    "new conversation": (
        "INSERT INTO conversations (account_id, inbox_id, contact_id, status, created_at, updated_at)"
        " SELECT 1, 10, 1, 0, '2025-03-11 12:30', now()"
    ),
}  # fmt: skip


def _statement(name: str, number: int) -> str:
    some, message = _SOME.format(n=number), _MESSAGE.format(n=number)
    return _CHANGES[name].format(some=some, message=message, n=number)


@pytest.mark.parametrize("conversations_per_batch", [3, 100], ids=["large days", "small days"])
@pytest.mark.parametrize("seed", range(3))
def test_merged_steps_of_any_history_equal_a_full_read(
    filled: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, conversations_per_batch: int
) -> None:
    monkeypatch.setattr(read, "CONVERSATIONS_PER_BATCH", conversations_per_batch)
    generator = np.random.default_rng(seed)
    merged = 0
    for _ in range(8):
        before = {day.key: _rows(filled.store, day) for day in days(KEYS, filled.settings.reporting_timezone)}
        names = generator.choice(list(_CHANGES), generator.integers(1, 4))
        _change(filled, *(_statement(name, generator.integers(1_000_000)) for name in names))
        for key, extracted in _refresh(filled).items():
            if extracted.change:
                merged += 1
                applied = _applied(before[key], extracted)
                assert all(
                    rows.equals(applied[dataset]) for dataset, rows in _rows(filled.store, extracted.day).items()
                ), (key, names)
        _assert_equal_to_full_read(filled, tmp_path)
    assert merged > 0


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Return the conversations that are read together, as they are read."""
    ids_together: list[list[int]] = []

    def recording(source: Snapshot, schema: str, days: list[Day], ids: list[int], contents_from: None) -> Frames:
        ids_together.append(ids)
        return read.read_conversations(source, schema, days, ids, contents_from)

    monkeypatch.setattr(merge, "read_conversations", recording)
    return ids_together


def test_only_changed_conversations_are_read(filled: Project, reads: list[list[int]]) -> None:
    _change(
        filled,
        "UPDATE messages SET content = 'editada' WHERE conversation_id = 1003",
        "DELETE FROM conversations WHERE id = 1012",
    )
    extracted = _refresh(filled)
    assert reads == [[1003, 1012]]
    first, second, third = extracted.values()
    assert first.change is not None
    assert first.change.ids == [1003]
    assert first.change.rows[Dataset.MESSAGES]["content"].unique().to_list() == ["editada"]
    assert second.change is not None
    assert all(rows.is_empty() for rows in second.change.rows.values())
    assert second.change.rows_before[Dataset.CONVERSATIONS]["id"].to_list() == [1012]
    assert not third.was_written


@pytest.mark.parametrize("limit", ["texts", "files"])
def test_days_that_cannot_be_held_together_are_merged_one_by_one(
    filled: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reads: list[list[int]], limit: str
) -> None:
    if limit == "texts":
        monkeypatch.setattr(text_sizes, "_STORED_BYTES", -1)
        monkeypatch.setattr(text_sizes, "TEXT_BYTES_PER_BATCH", 1)
    else:
        monkeypatch.setattr(merge, "_BYTES_PER_BATCH", 1)
    _change(filled, "UPDATE messages SET content = 'editada' WHERE conversation_id IN (1003, 1012)")
    extracted = _refresh(filled)
    assert reads == [[1003], [1012]]
    assert [day.change.ids for day in extracted.values() if day.change] == reads
    _assert_equal_to_full_read(filled, tmp_path)


def test_no_more_rows_are_handed_on_than_are_held(filled: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "BYTES_HANDED_ON", 3_000)
    for ids in ((1002, 1003), (1012, 1013), (1020, 1021)):
        _change(filled, f"UPDATE conversations SET status = 1 WHERE id IN {ids}")  # noqa: S608 (numbers)
    extracted = _refresh(filled)
    assert [extracted_day.was_written for extracted_day in extracted.values()] == [True] * len(KEYS)
    assert [extracted_day.change is None for extracted_day in extracted.values()] == [False, True, True]


def test_day_of_which_most_conversations_changed_is_read_whole(filled: Project, tmp_path: Path) -> None:
    _change(filled, "UPDATE inboxes SET name = 'outra'")
    extracted = _refresh(filled)
    assert all(day.was_written and day.change is None for day in extracted.values())
    _assert_equal_to_full_read(filled, tmp_path)


def test_day_of_which_too_long_texts_changed_is_read_whole(
    filled: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_sizes, "_STORED_BYTES", -1)
    monkeypatch.setattr(text_sizes, "TEXT_BYTES_PER_BATCH", 50)
    _change(filled, "UPDATE messages SET content = 'carta comprida de muitos bytes' WHERE conversation_id = 1003")
    assert _refresh(filled)[KEYS[0]].change is not None  # a single conversation is read whatever its size
    _change(filled, "UPDATE messages SET content = 'outra carta de muitos bytes' WHERE conversation_id IN (1003, 1004)")
    extracted = _refresh(filled)[KEYS[0]]
    assert extracted.was_written
    assert extracted.change is None
    _assert_equal_to_full_read(filled, tmp_path)


def test_nothing_deleted_remains_in_the_bytes_of_merged_files(filled: Project) -> None:
    # Not compressible: it stands in the bytes as it is.
    content = "5f0c9a4e7b1d83f26a55c0d9e47b1f38"
    _change(filled, f"UPDATE messages SET content = '{content}' WHERE conversation_id = 1004")  # noqa: S608 (a constant)
    path = Path(filled.store.path(Dataset.MESSAGES, filled.day(KEYS[0])))
    assert _refresh(filled)[KEYS[0]].change is not None
    assert content.encode() in path.read_bytes()
    _change(filled, "DELETE FROM messages WHERE conversation_id = 1004")
    assert _refresh(filled)[KEYS[0]].change is not None
    files = [file for file in Path(filled.store.url).rglob("*") if file.is_file()]
    assert len(files) == len(KEYS) * len(Dataset)
    assert not [file for file in files if content.encode() in file.read_bytes()]


def test_files_without_a_changed_row_are_not_written_again(filled: Project, tmp_path: Path) -> None:
    day = filled.day(KEYS[0])
    paths = {dataset: Path(filled.store.path(dataset, day)) for dataset in Dataset}

    def written(statement: str) -> set[Dataset]:
        files = {dataset: path.stat().st_ino for dataset, path in paths.items()}
        _change(filled, statement)
        assert _refresh(filled)[KEYS[0]].change is not None
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
    assert not _refresh(filled)[KEYS[0]].was_written
    _assert_equal_to_full_read(filled, tmp_path)


def test_kept_file_that_another_run_replaced_is_noticed(filled: Project, tmp_path: Path) -> None:
    path = Path(filled.store.path(Dataset.EVENTS, filled.day(KEYS[0])))
    _change(filled, "UPDATE reporting_events SET value = 1 WHERE conversation_id = 1004")
    whole = ExtractStore(str(tmp_path / "other"))
    _refresh(filled, whole)
    _change(
        filled,
        "UPDATE reporting_events SET value = 180.0 WHERE conversation_id = 1004",
        "UPDATE messages SET content = 'editada' WHERE conversation_id = 1004",
    )
    _refresh(filled)
    path.write_bytes(Path(whole.path(Dataset.EVENTS, filled.day(KEYS[0]))).read_bytes())
    assert not filled.store.complete_days([filled.day(KEYS[0])])
    assert _refresh(filled)[KEYS[0]].was_written
    _assert_equal_to_full_read(filled, tmp_path / "again")


@pytest.mark.parametrize("written", range(len(Dataset)))
def test_merge_that_was_killed_between_two_files_is_repaired(
    filled: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    _change(
        filled,
        "UPDATE messages SET content = 'editada' WHERE conversation_id = 1004",
        "UPDATE csat_survey_responses SET rating = 1 WHERE conversation_id = 1004",
        "UPDATE reporting_events SET value = 1 WHERE conversation_id = 1004",
    )
    write, files = ExtractStore.write, []

    def dying(store: ExtractStore, dataset: Dataset, day: Day, *arguments: object) -> int:
        if len(files) == written:
            raise KeyboardInterrupt
        files.append(dataset)
        return write(store, dataset, day, *arguments)  # type: ignore[arg-type]  # passed on unchanged

    with monkeypatch.context() as patch:
        patch.setattr(ExtractStore, "write", dying)
        with pytest.raises(KeyboardInterrupt):
            _refresh(filled)
    assert _refresh(filled)[KEYS[0]].was_written
    _assert_equal_to_full_read(filled, tmp_path)


@pytest.mark.parametrize("dataset", Dataset)
def test_day_with_a_damaged_file_is_read_whole(filled: Project, tmp_path: Path, dataset: Dataset) -> None:
    path = Path(filled.store.path(dataset, filled.day(KEYS[0])))
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)
    _change(filled, "UPDATE messages SET content = 'editada' WHERE conversation_id = 1003")
    first = _refresh(filled)[KEYS[0]]
    assert first.was_written
    assert first.change is None
    _assert_equal_to_full_read(filled, tmp_path)


@pytest.mark.parametrize("lost", [Dataset.MESSAGES, Dataset.EVENTS])
def test_day_whose_merged_rows_would_not_add_up_is_read_whole(
    filled: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: Dataset
) -> None:
    def losing(source: Snapshot, schema: str, days: list[Day], ids: list[int], contents_from: None) -> Frames:
        with monkeypatch.context() as patch:
            patch.setattr(read, "read_datasets", lambda *arguments: _without_last_row(whole(*arguments), lost))
            return read.read_conversations(source, schema, days, ids, contents_from)

    whole: Callable[..., Frames] = read.read_datasets
    monkeypatch.setattr(merge, "read_conversations", losing)
    _change(filled, "UPDATE messages SET content = 'editada' WHERE conversation_id = 1004")
    first = _refresh(filled)[KEYS[0]]
    assert first.was_written
    assert first.change is None
    _assert_equal_to_full_read(filled, tmp_path)


def _without_last_row(frames: Frames, dataset: Dataset) -> Frames:
    rows, seconds = frames[dataset]
    assert rows.height > 0
    return {**frames, dataset: (rows.head(-1), seconds)}


def test_merge_is_not_lost_when_its_file_cannot_be_written(filled: Project, tmp_path: Path) -> None:
    _change(filled, "UPDATE messages SET content = 'editada' WHERE conversation_id = 1003")
    directory = Path(filled.store.path(Dataset.MESSAGES, filled.day(KEYS[0]))).parent
    moved = directory.rename(tmp_path / "moved")
    directory.write_text("a file where a directory should be")
    with pytest.raises(ExtractError, match="cannot write"):
        _refresh(filled)
    directory.unlink()
    moved.rename(directory)
    _refresh(filled)
    _assert_equal_to_full_read(filled, tmp_path)
