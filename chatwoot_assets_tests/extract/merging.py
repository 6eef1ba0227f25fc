"""Change conversations, bring their files up to date, and compare these with a full read."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.extracted_day import ExtractedDay
from chatwoot_assets.extract.schemas import conversation_key
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day, days
from chatwoot_assets_tests.frames import read_rows
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.refreshing import refresh_extracts

KEYS = ["2025-03-10", "2025-03-11", "2025-03-12"]
CONVERSATIONS_PER_DAY = 8

Rows = dict[Dataset, pl.DataFrame]


def refresh_files(project: Project, store: ExtractStore | None = None) -> dict[str, ExtractedDay]:
    """Bring the files of all days up to date, or write those of another store anew."""
    zone = project.settings.reporting_timezone
    requested = days(KEYS, zone)
    refreshed = refresh_extracts(
        project.resources["chatwoot"], zone, requested, store or project.store, lambda _: None, force=store is not None
    )
    return {extracted.day.key: extracted for extracted, _ in refreshed}


def change(project: Project, *statements: str) -> None:
    """Execute statements on the source."""
    with project.source() as connection:
        for statement in statements:
            connection.execute(statement.encode())


def read_files(store: ExtractStore, day: Day) -> Rows:
    """Return the rows of a day's files in the one order that they can be compared in."""
    return {dataset: in_order(dataset, read_rows(store, dataset, day)[0]) for dataset in Dataset}


def in_order(dataset: Dataset, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort(conversation_key(dataset), *(["id"] if "id" in rows.columns else []))


def assert_equal_to_full_read(project: Project, tmp_path: Path) -> None:
    """Compare the files, and what they say about themselves, with those of a full read."""
    whole = ExtractStore(str(tmp_path / "whole"))
    refresh_files(project, whole)
    for day in days(KEYS, project.settings.reporting_timezone):
        stamps = project.store.complete_days([day]).get(day)
        assert stamps is not None
        assert project.store.fingerprints(day) == whole.fingerprints(day)
        rows = read_files(project.store, day)
        for dataset, expected in read_files(whole, day).items():
            assert rows[dataset].equals(expected), (day.key, dataset)
            stored, _ = read_rows(project.store, dataset, day)
            assert stored[conversation_key(dataset)].is_sorted()
