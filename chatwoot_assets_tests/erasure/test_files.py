"""Searching files: every file of the extracts is read, or reported if it cannot be."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from chatwoot_assets.erasure.files import FileSearch, find_in_files
from chatwoot_assets.erasure.subject import Found, Subject
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.parquet_file import FileStamp, write_file
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import days
from chatwoot_assets.progress import Progress
from chatwoot_assets_tests.extract.test_store import DAMAGE
from chatwoot_assets_tests.frames import SNAPSHOT_AT, frame

CONTACT = Subject("contact", 7)
DAYS = ("2025-03-10", "2025-03-11")
PARTITIONS = days(list(DAYS), zoneinfo.ZoneInfo("UTC"))


@pytest.fixture
def store(tmp_path: Path) -> ExtractStore:
    """Contact 7 has conversation 1 on the first day, and wrote once in contact 8's conversation 2 on the second."""
    store = ExtractStore(str(tmp_path / "extracts"))
    for day, (id_, contact_id) in zip(PARTITIONS, ((1, 7), (2, 8)), strict=True):
        senders: list[dict[str, Any]] = [
            {"sender_id": 8},
            {"sender_type": "User", "sender_id": 7},
            {"sender_type": None, "sender_id": None},
        ]
        if id_ == 2:
            senders.append({"sender_id": 7})
        messages = [{"id": 10 * id_ + n, "conversation_id": id_, **sender} for n, sender in enumerate(senders)]
        store.write(
            Dataset.CONVERSATIONS,
            day,
            frame(Dataset.CONVERSATIONS, [{"id": id_, "contact_id": contact_id}]),
            SNAPSHOT_AT,
        )
        store.write(Dataset.MESSAGES, day, frame(Dataset.MESSAGES, messages), SNAPSHOT_AT)
        store.write(Dataset.CSAT, day, frame(Dataset.CSAT, [{"conversation_id": id_}]), SNAPSHOT_AT)
    return store


def _find(store: ExtractStore, subject: Subject) -> FileSearch:
    return find_in_files(store, subject, lambda _: None)


def test_contact_is_found_in_its_conversations_and_in_others(
    store: ExtractStore,
) -> None:
    result = _find(store, CONTACT)
    assert result.files == 6
    assert result.found == [
        Found("conversations", {DAYS[0]: 1}),
        Found("messages", {DAYS[0]: 3, DAYS[1]: 1}),
        Found("ratings", {DAYS[0]: 1}),
    ]


def test_conversation_is_found_with_its_messages_and_its_rating(store: ExtractStore) -> None:
    assert _find(store, Subject("conversation", 2)).found == [
        Found("conversations", {DAYS[1]: 1}),
        Found("messages", {DAYS[1]: 4}),
        Found("ratings", {DAYS[1]: 1}),
    ]


def test_equal_ids_of_other_things_are_not_found(store: ExtractStore) -> None:
    # 10 is a message, 7 is a contact and a user, and neither is a conversation.
    for subject in (Subject("conversation", 10), Subject("conversation", 7), Subject("contact", 1)):
        assert _find(store, subject) == FileSearch(files=6)


def test_missing_files_are_not_an_error(tmp_path: Path) -> None:
    assert _find(ExtractStore(str(tmp_path / "none")), CONTACT) == FileSearch()


def test_empty_files_are_read_too(tmp_path: Path) -> None:
    store = ExtractStore(str(tmp_path))
    store.write(Dataset.MESSAGES, PARTITIONS[0], frame(Dataset.MESSAGES, []), SNAPSHOT_AT)
    assert _find(store, CONTACT) == FileSearch(files=1)


def test_path_with_the_characters_of_a_pattern_is_read(store: ExtractStore, tmp_path: Path) -> None:
    expected = _find(store, CONTACT)
    moved = tmp_path / "extracts*[of] ?"
    Path(store.url).rename(moved)
    assert _find(ExtractStore(str(moved)), CONTACT) == expected


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
@pytest.mark.parametrize("dataset", [Dataset.CONVERSATIONS, Dataset.MESSAGES, Dataset.CSAT])
def test_damaged_file_is_named_and_the_others_are_read(
    store: ExtractStore, damage: Callable[[bytes], bytes], dataset: Dataset
) -> None:
    path = Path(store.path(dataset, PARTITIONS[1]))
    path.write_bytes(damage(path.read_bytes()))
    result = _find(store, Subject("conversation", 1))
    assert result.unreadable == [str(path)]
    assert result.files == 5
    assert [found.rows.keys() for found in result.found] == [{DAYS[0]}] * 3


@pytest.mark.parametrize(
    ("dataset", "column"),
    [
        (Dataset.CONVERSATIONS, "id"),
        (Dataset.CONVERSATIONS, "contact_id"),
        (Dataset.MESSAGES, "conversation_id"),
        (Dataset.MESSAGES, "sender_id"),
        (Dataset.CSAT, "conversation_id"),
        (Dataset.EVENTS, "conversation_id"),
    ],
)
def test_file_whose_bit_flipped_to_another_id_is_named(tmp_path: Path, dataset: Dataset, column: str) -> None:
    store = ExtractStore(str(tmp_path))
    id_ = 0x11223344556677
    store.write(dataset, PARTITIONS[0], frame(dataset, [{column: id_}]), SNAPSHOT_AT)
    path = Path(store.path(dataset, PARTITIONS[0]))
    content = path.read_bytes()
    subject = Subject("contact" if column in {"contact_id", "sender_id"} else "conversation", id_)
    assert [sum(found.rows.values()) for found in _find(store, subject).found] == [1]
    for bit in range(8):
        flipped = bytearray(content)
        flipped[content.index(id_.to_bytes(8, "little"))] ^= 1 << bit
        path.write_bytes(flipped)
        assert pl.read_parquet(path)[column].to_list() == [id_ ^ 1 << bit]
        assert _find(store, subject) == FileSearch(unreadable=[str(path)])


def test_file_with_other_columns_is_named(store: ExtractStore) -> None:
    path = store.path(Dataset.MESSAGES, PARTITIONS[1])
    write_file(path, pl.DataFrame({"id": [1]}), FileStamp(SNAPSHOT_AT, ""))
    assert _find(store, CONTACT).unreadable == [path]


def test_unfinished_and_foreign_files_are_named(store: ExtractStore) -> None:
    directory = Path(store.path(Dataset.MESSAGES, PARTITIONS[0])).parent
    (directory / f".{DAYS[0]}.12345.partial").write_bytes(b"PAR1")
    (directory / "copies").mkdir()
    Path(store.path(Dataset.MESSAGES, PARTITIONS[0])).rename(directory / "copies" / f"{DAYS[0]}.parquet")
    (directory / f"{DAYS[0]}.parquet.bak").write_bytes(b"PAR1")
    result = _find(store, CONTACT)
    assert {Path(path).name for path in result.unfinished} == {f".{DAYS[0]}.12345.partial", f"{DAYS[0]}.parquet.bak"}
    assert result.found[1] == Found("messages", {DAYS[0]: 3, DAYS[1]: 1})


def test_progress_is_reported_per_file(store: ExtractStore) -> None:
    reports: list[Progress] = []
    find_in_files(store, CONTACT, reports.append)
    assert [(progress.done, progress.total) for progress in reports] == [(n, 6) for n in range(1, 7)]
    assert reports[-1].rows == 2 + 7 + 2
