"""The rows of conversations that are read to be loaded: what the views say of them, with the source's hashes."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import groups_of
from chatwoot_assets.extract.fingerprints import fingerprint, hash_totals, read_fingerprints
from chatwoot_assets.extract.queries import day_rows
from chatwoot_assets.extract.rows import find_conversations, read_datasets
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot, snapshot
from chatwoot_assets_tests.adversarial import insert_adversarial_rows
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import Project

SCHEMA = "chatwoot_analytics"
DATES = ["2025-03-09", "2025-03-10", "2025-03-11", "2025-03-12", "2025-03-14"]


@pytest.fixture(scope="module")
def project(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A Chatwoot with the adversarial rows."""
    project = Project.create(postgres.new_database(), postgres.new_database(), tmp_path_factory.mktemp("rows"))
    with project.source() as connection:
        insert_adversarial_rows(connection)
    return project


@pytest.fixture(scope="module")
def source(project: Project) -> Iterator[Snapshot]:
    with snapshot(project.resources["chatwoot"]) as opened:
        yield opened


@pytest.fixture(params=DATES)
def day(project: Project, request: pytest.FixtureRequest) -> Day:
    return project.day(request.param)


def test_hashes_of_the_rows_add_up_to_the_sources_fingerprints(source: Snapshot, day: Day) -> None:
    frames = read_datasets(source, SCHEMA, find_conversations(source, SCHEMA, [day]), 0)
    compared = read_fingerprints(source, SCHEMA, "defined", FingerprintGroup, [day])
    for dataset, (rows, _) in frames.items():
        totals = zip(groups_of(dataset), hash_totals(dataset, rows), strict=True)
        assert {group: fingerprint("defined", total) for group, total in totals} == {
            group: compared[group][day] for group in groups_of(dataset)
        }


def test_conversations_have_the_names_of_the_joined_view(source: Snapshot, day: Day) -> None:
    rows, _ = read_datasets(source, SCHEMA, find_conversations(source, SCHEMA, [day]), 0)[Dataset.CONVERSATIONS]
    joined = source.read(day_rows(FingerprintGroup.NAMES, SCHEMA, [day])).sort("id")
    assert_frame_equal(rows.select(joined.columns).sort("id"), joined)


@pytest.mark.parametrize("group", [FingerprintGroup.MESSAGES, FingerprintGroup.EVENTS])
def test_rows_are_those_of_the_view_that_is_compared(source: Snapshot, day: Day, group: FingerprintGroup) -> None:
    rows, _ = read_datasets(source, SCHEMA, find_conversations(source, SCHEMA, [day]), 0)[group.dataset]
    compared = source.read(day_rows(group, SCHEMA, [day])).sort("id")
    assert_frame_equal(rows.select(compared.columns).sort("id"), compared)


def test_rows_of_single_conversations_are_a_part_of_the_days(source: Snapshot, project: Project) -> None:
    days = [project.day("2025-03-10")]
    everything = find_conversations(source, SCHEMA, days)
    ids = everything["id"].sort().to_list()[::7]
    other_day = find_conversations(source, SCHEMA, [project.day("2025-03-14")])["id"].to_list()
    some = find_conversations(source, SCHEMA, days, [*ids, *other_day])
    assert sorted(some["id"]) == ids
    whole, part = (read_datasets(source, SCHEMA, conversations, 0) for conversations in (everything, some))
    for dataset, (rows, _) in part.items():
        key = groups_of(dataset)[0].conversation_column
        expected = whole[dataset][0].filter(pl.col(key).is_in(ids))
        assert_frame_equal(
            rows.select(sorted(rows.columns)), expected.select(sorted(rows.columns)), check_row_order=False
        )


def test_no_conversations_have_no_rows(source: Snapshot, project: Project) -> None:
    conversations = find_conversations(source, SCHEMA, [project.day("2020-01-01")])
    frames = read_datasets(source, SCHEMA, conversations, 0)
    assert {dataset: rows.height for dataset, (rows, _) in frames.items()} == dict.fromkeys(Dataset, 0)
