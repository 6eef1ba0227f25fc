"""A day that is read in parts has the same files and rows as any other, and leaves nothing unfinished."""

from __future__ import annotations

import datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from chatwoot_assets.extract import read, text_sizes
from chatwoot_assets.extract.chunked_day import ChunkedDay, Frames
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.fingerprint_columns import groups_of
from chatwoot_assets.extract.queries import hash_column
from chatwoot_assets.extract.rows import read_datasets
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.refresh import batches
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets_tests.frames import read_rows
from chatwoot_assets_tests.project import Project, written_days

DATE = datetime.date(2025, 3, 11)
NUMBER = 11
# The bytes of the texts in a part.
LIMIT = 3_500


@pytest.fixture
def filled(project: Project) -> Project:
    """A day of some conversations with messages and ratings, and one conversation on the days before and after."""
    with project.writing() as writer:
        for number in range(1, NUMBER + 1):
            writer.conversation(f"2025-03-11 {number + 3:02}:00", id=number)
            for minute in range(number % 4):
                writer.message(number, f"2025-03-11 {number + 3:02}:{minute:02}", "olá")
            if number % 3 == 0:
                writer.rating(number, "2025-03-12 12:00", 5, message_id=number)
                writer.event(number, "2025-03-12 12:00", "conversation_resolved", id=number)
        writer.conversation("2025-03-10 12:00", id=100)
        writer.conversation("2025-03-12 12:00", id=101)
    return project


def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "CONVERSATIONS_PER_BATCH", 3)
    monkeypatch.setattr(batches, "CONVERSATIONS_PER_BATCH", 2)


def _rows(project: Project) -> dict[int, dict[str, object]]:
    return {id_: {**row, "extracted_at": None} for id_, row in project.conversations().items()}


def _files(project: Project) -> dict[Dataset, pl.DataFrame]:
    keys = {Dataset.CONVERSATIONS: "id", Dataset.MESSAGES: "id", Dataset.CSAT: "conversation_id", Dataset.EVENTS: "id"}
    return {dataset: read_rows(project.store, dataset, project.day(DATE))[0].sort(key) for dataset, key in keys.items()}


def test_chunked_day_equals_the_day_read_at_once(filled: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = DATE - datetime.timedelta(days=1), DATE + datetime.timedelta(days=1)
    filled.load(first, last)
    rows, files, fingerprints = _rows(filled), _files(filled), filled.store.fingerprints(filled.day(DATE))
    assert len(rows) == NUMBER + 2
    _small_parts(monkeypatch)
    filled.load(first, last, force=True)
    assert _rows(filled) == rows
    assert filled.store.fingerprints(filled.day(DATE)) == fingerprints
    for dataset, frame in _files(filled).items():
        assert_frame_equal(frame, files[dataset])
    assert list(Path(filled.settings.extracts_url).glob("*/.*")) == []


def test_days_of_long_texts_are_read_and_loaded_in_parts_of_bounded_size(
    filled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, last = DATE - datetime.timedelta(days=1), DATE + datetime.timedelta(days=1)
    with filled.writing() as writer:
        for id_ in (*range(1, NUMBER), 100, 101):
            writer.message(id_, "2025-03-12 13:00", "à" * 150 * id_, id=50_000 + id_)
    filled.load(first, last)
    rows, files, fingerprints = _rows(filled), _files(filled), filled.store.fingerprints(filled.day(DATE))
    monkeypatch.setattr(text_sizes, "TEXT_BYTES_PER_BATCH", LIMIT)
    monkeypatch.setattr(text_sizes, "_STORED_BYTES", -1)
    monkeypatch.setattr(batches, "_BYTES_OF_SMALL_FILE", 0)
    was_read, was_made = _record_parts(monkeypatch)
    filled.load(first, last, force=True)
    for parts in (was_read, was_made):
        assert sum(height for height, _ in parts) == NUMBER + 2
        assert len(parts) >= 6
        assert all(height == 1 or text_bytes <= LIMIT for height, text_bytes in parts)
        # A part has as much as fits.
        assert max(height for height, _ in parts) >= 3
    assert _rows(filled) == rows
    assert filled.store.fingerprints(filled.day(DATE)) == fingerprints
    for dataset, frame in _files(filled).items():
        assert_frame_equal(frame, files[dataset])


def _record_parts(monkeypatch: pytest.MonkeyPatch) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return, once parts are read and made, how many conversations and bytes of texts each had."""
    make_rows = batches.make_rows
    was_read, was_made = [], []

    def size(messages: pl.DataFrame) -> int:
        return int(messages["content"].str.len_bytes().sum())

    def reading(source: Snapshot, schema: str, conversations: pl.DataFrame, seconds: float) -> Frames:
        frames = read_datasets(source, schema, conversations, seconds)
        was_read.append((conversations.height, size(frames[Dataset.MESSAGES][0])))
        return frames

    def making(
        conversations: pl.DataFrame,
        messages: pl.DataFrame,
        csat: pl.DataFrame,
        events: pl.DataFrame,
        read_on: datetime.date,
        rules: MetricRules,
    ) -> batches.Rows:
        was_made.append((conversations.height, size(messages)))
        return make_rows(conversations, messages, csat, events, read_on, rules)

    monkeypatch.setattr(read, "read_datasets", reading)
    monkeypatch.setattr(batches, "make_rows", making)
    return was_read, was_made


def test_chunked_day_counts_as_unchanged_and_is_not_read_again(
    filled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    _small_parts(monkeypatch)
    filled.load(DATE)
    result = filled.load(DATE)
    assert written_days(result, "conversas_analytics") == []


def test_unfinished_chunked_day_leaves_only_the_old_files(filled: Project) -> None:
    filled.load(DATE)
    before = _files(filled)
    part = {dataset: (before[dataset].clear().with_columns(_hashes(dataset)), 0.0) for dataset in Dataset}
    with ChunkedDay(filled.store, filled.day(DATE)) as large:
        large.add(part)
        assert list(Path(filled.settings.extracts_url).glob("*/.*.partial")) != []
    for dataset, frame in _files(filled).items():
        assert_frame_equal(frame, before[dataset])
    assert list(Path(filled.settings.extracts_url).glob("*/.*")) == []


def _hashes(dataset: Dataset) -> list[pl.Expr]:
    return [pl.lit(0, pl.Int64).alias(hash_column(group)) for group in groups_of(dataset)]
