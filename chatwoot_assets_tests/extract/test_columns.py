"""The declared columns: their queries select them, and what is not declared does not exist."""

from __future__ import annotations

import pytest

from chatwoot_assets.columns import Column, by_name
from chatwoot_assets.extract.columns import DATASET_COLUMNS, DatasetColumn, Origin
from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import HASHED_COLUMNS, groups_of
from chatwoot_assets.extract.queries import day_rows
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.source.tables import REQUIRED_COLUMNS
from chatwoot_assets_tests.project import Project

QUERIES = {group.file: group for group in FingerprintGroup}


def _query_of(dataset: Dataset, column: DatasetColumn) -> str:
    """Return the query that selects a column: its group's, or that of the dataset's first group."""
    return (column.group or groups_of(dataset)[0]).file


@pytest.mark.parametrize("file", QUERIES)
def test_each_query_selects_the_declared_columns(project: Project, file: str) -> None:
    group = QUERIES[file]
    with snapshot(project.resources["chatwoot"]) as source:
        selected = source.read(day_rows(group, project.settings.views_schema, [project.day("2025-03-10")])).columns
    declared = {
        column.name
        for column in DATASET_COLUMNS[group.dataset]
        if column.origin is Origin.VIEW and _query_of(group.dataset, column) == file
    }
    assert sorted(selected) == sorted(declared | {group.conversation_column, group.day_column}), f"sql/extract/{file}"


@pytest.mark.parametrize("dataset", Dataset)
def test_only_columns_from_views_are_hashed(dataset: Dataset) -> None:
    columns = DATASET_COLUMNS[dataset]
    assert [column.name for column in columns if column.group and column.origin is not Origin.VIEW] == []
    assert {column.group for column in columns if column.group} == set(groups_of(dataset))


@pytest.mark.parametrize("group", FingerprintGroup)
def test_hash_begins_with_the_conversation_id_and_repeats_no_column(group: FingerprintGroup) -> None:
    hashed = HASHED_COLUMNS[group]
    assert hashed[0] == group.conversation_column
    assert len(set(hashed)) == len(hashed) > 1


def test_own_hashed_columns_of_conversations_are_chatwoots() -> None:
    own = set(HASHED_COLUMNS[FingerprintGroup.CONVERSATIONS])
    # What is allowed of its additional attributes is in custom_attributes. Its identifier tells that it was imported.
    optional = {"status_changed_at", "is_unassigned", "is_imported", "imported_at", "captain_outcomes", "participants"}
    expected = set(REQUIRED_COLUMNS["conversations"]) - {"additional_attributes", "identifier"} | optional
    assert {name.removesuffix("_code") for name in own} == expected


def test_two_columns_with_one_name_are_refused() -> None:
    column = Column("id", "bigint", "The key.")
    with pytest.raises(ValueError, match="id is declared twice"):
        by_name([column, column])
