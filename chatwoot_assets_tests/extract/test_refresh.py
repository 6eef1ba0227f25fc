"""Refreshing the files of a long range: block by block, each in a snapshot of its own."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.extract import refresh
from chatwoot_assets.partitions import days
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.refreshing import refresh_extracts
from chatwoot_assets_tests.waiting import HANG_SECONDS, wait_until

KEYS = [f"2025-03-{number}" for number in range(10, 16)]


@pytest.fixture
def filled(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with two conversations per day, which are read in blocks of two days."""
    monkeypatch.setattr(refresh, "CONVERSATIONS_PER_BATCH", 4)
    monkeypatch.setattr(refresh, "CONVERSATIONS_PER_BLOCK", 16)
    with project.writing() as writer:
        for key in [*KEYS, *KEYS]:
            writer.message(writer.conversation(f"{key} 15:00:00"), f"{key} 15:01:00")
    return project


def _refresh(project: Project) -> list[refresh.RefreshedExtracts]:
    zone = project.settings.reporting_timezone
    refreshed = refresh_extracts(project.resources["chatwoot"], zone, days(KEYS, zone), project.store, lambda _: None)
    return list(refreshed)


def test_each_block_of_days_has_a_snapshot_of_its_own(filled: Project) -> None:
    refreshed = _refresh(filled)
    assert [each.extracted.day.key for each in refreshed] == KEYS
    snapshots = [instant for instant, _ in itertools.groupby(each.extracted.snapshot_at for each in refreshed)]
    assert snapshots == sorted(set(snapshots))
    assert len(snapshots) > 1
    for each in refreshed:
        stamps = filled.store.complete_days([each.extracted.day]).get(each.extracted.day)
        assert stamps is not None
        assert {stamp.snapshot_at for stamp in stamps.values()} == {each.extracted.snapshot_at}
        assert {dataset: stamp.fingerprint for dataset, stamp in stamps.items()} == each.extracted.fingerprints


def test_migration_gets_its_lock_while_a_long_range_is_read(filled: Project) -> None:
    zone = filled.settings.reporting_timezone
    refreshed = refresh_extracts(filled.resources["chatwoot"], zone, days(KEYS, zone), filled.store, lambda _: None)
    with (
        psycopg.connect(filled.source_url, autocommit=True) as migration,
        filled.source() as observer,
        ThreadPoolExecutor(1) as thread,
    ):
        first = next(refreshed).extracted
        altered = thread.submit(migration.execute, "ALTER TABLE messages ADD COLUMN added integer")
        wait_until(lambda: _is_waiting_for_a_lock(observer, migration))
        second = next(each.extracted for each in refreshed if each.extracted.snapshot_at > first.snapshot_at)
        # The refresh is not finished, and its second snapshot has read the table: only between the two was it free.
        altered.result(HANG_SECONDS)
        rest = [each.extracted.day.key for each in refreshed]
    assert [second.day.key, *rest] == KEYS[-1 - len(rest) :]
    assert rest


def _is_waiting_for_a_lock(observer: psycopg.Connection, session: psycopg.Connection) -> bool:
    query = "SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted"
    return observer.execute(query, [session.info.backend_pid]).fetchone() is not None


def test_renewed_snapshot_sees_new_rows_and_has_the_same_limits(project: Project) -> None:
    names = ("transaction_isolation", "transaction_read_only", "statement_timeout", "lock_timeout", "TimeZone")
    settings = sql.SQL(", ").join(sql.SQL("current_setting({})").format(sql.Literal(name)) for name in names)
    count = sql.SQL("SELECT count(*) AS conversations FROM chatwoot_analytics.vw_conversations_base")
    with snapshot(project.resources["chatwoot"]) as source:
        query = sql.SQL("SELECT ARRAY[{}] AS values").format(settings)
        before = (source.taken_at, source.read(query).rows())
        with project.writing() as writer:
            writer.conversation("2025-03-10 15:00:00")
        assert source.read(count)["conversations"].to_list() == [0]
        source.renew()
        assert source.read(count)["conversations"].to_list() == [1]
        assert source.taken_at > before[0]
        assert source.read(query).rows() == before[1]
