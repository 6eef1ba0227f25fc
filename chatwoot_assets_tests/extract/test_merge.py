"""Small changes of a day: only the changed conversations are read, and the files are those of a full read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from chatwoot_assets.extract import merge, read, refresh, text_sizes
from chatwoot_assets.extract.chunked_day import Frames
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.extracted_day import ExtractedDay
from chatwoot_assets.extract.schemas import conversation_key
from chatwoot_assets.partitions import Day, days
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets_tests.extract.merging import (
    KEYS,
    Rows,
    assert_equal_to_full_read,
    change,
    in_order,
    read_files,
    refresh_files,
)
from chatwoot_assets_tests.project import Project


def _applied(before: Rows, extracted: ExtractedDay) -> Rows:
    """Return the rows that a day had, with its change applied to them."""
    change = extracted.change
    assert change is not None
    applied = {}
    for dataset, rows in before.items():
        is_changed = pl.col(conversation_key(dataset)).is_in(change.ids)
        assert in_order(dataset, change.rows_before[dataset]).equals(rows.filter(is_changed))
        applied[dataset] = in_order(dataset, pl.concat([rows.filter(~is_changed), change.rows[dataset]]))
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
    stored: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, conversations_per_batch: int
) -> None:
    monkeypatch.setattr(read, "CONVERSATIONS_PER_BATCH", conversations_per_batch)
    generator = np.random.default_rng(seed)
    merged = 0
    for _ in range(8):
        before = {day.key: read_files(stored.store, day) for day in days(KEYS, stored.settings.reporting_timezone)}
        names = generator.choice(list(_CHANGES), generator.integers(1, 4))
        change(stored, *(_statement(name, int(generator.integers(1_000_000))) for name in names))
        for key, extracted in refresh_files(stored).items():
            if extracted.change:
                merged += 1
                applied = _applied(before[key], extracted)
                assert all(
                    rows.equals(applied[dataset]) for dataset, rows in read_files(stored.store, extracted.day).items()
                ), (key, names)
        assert_equal_to_full_read(stored, tmp_path)
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


def test_only_changed_conversations_are_read(stored: Project, reads: list[list[int]]) -> None:
    change(
        stored,
        "UPDATE messages SET content = 'editada' WHERE conversation_id = 1003",
        "DELETE FROM conversations WHERE id = 1012",
    )
    extracted = refresh_files(stored)
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
    stored: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reads: list[list[int]], limit: str
) -> None:
    if limit == "texts":
        monkeypatch.setattr(text_sizes, "_STORED_BYTES", -1)
        monkeypatch.setattr(text_sizes, "TEXT_BYTES_PER_BATCH", 1)
    else:
        monkeypatch.setattr(merge, "_BYTES_PER_BATCH", 1)
    change(stored, "UPDATE messages SET content = 'editada' WHERE conversation_id IN (1003, 1012)")
    extracted = refresh_files(stored)
    assert reads == [[1003], [1012]]
    assert [day.change.ids for day in extracted.values() if day.change] == reads
    assert_equal_to_full_read(stored, tmp_path)


def test_no_more_rows_are_handed_on_than_are_held(stored: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "BYTES_HANDED_ON", 3_000)
    for ids in ((1002, 1003), (1012, 1013), (1020, 1021)):
        change(stored, f"UPDATE conversations SET status = 1 WHERE id IN {ids}")  # noqa: S608 (numbers)
    extracted = refresh_files(stored)
    assert [extracted_day.was_written for extracted_day in extracted.values()] == [True] * len(KEYS)
    assert [extracted_day.change is None for extracted_day in extracted.values()] == [False, True, True]


def test_day_of_which_most_conversations_changed_is_read_whole(stored: Project, tmp_path: Path) -> None:
    change(stored, "UPDATE inboxes SET name = 'outra'")
    extracted = refresh_files(stored)
    assert all(day.was_written and day.change is None for day in extracted.values())
    assert_equal_to_full_read(stored, tmp_path)


def test_day_of_which_too_long_texts_changed_is_read_whole(
    stored: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_sizes, "_STORED_BYTES", -1)
    monkeypatch.setattr(text_sizes, "TEXT_BYTES_PER_BATCH", 50)
    change(stored, "UPDATE messages SET content = 'carta comprida de muitos bytes' WHERE conversation_id = 1003")
    assert refresh_files(stored)[KEYS[0]].change is not None  # a single conversation is read whatever its size
    change(stored, "UPDATE messages SET content = 'outra carta de muitos bytes' WHERE conversation_id IN (1003, 1004)")
    extracted = refresh_files(stored)[KEYS[0]]
    assert extracted.was_written
    assert extracted.change is None
    assert_equal_to_full_read(stored, tmp_path)
