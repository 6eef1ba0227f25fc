"""The nightly scan: it does not read what nobody wrote since the last one, and finds everything that was written."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import replace

import dagster as dg
import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.extract import row_versions
from chatwoot_assets.extract.dataset import FingerprintGroup
from chatwoot_assets.extract.fingerprints import KnownFingerprints
from chatwoot_assets.extract.queries import hash_column
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.soak.automation import evaluate_nightly_schedule
from chatwoot_assets_tests.source_writer import SourceWriter


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as instance:
        yield instance


@pytest.fixture
def compared(recent: Project, instance: dg.DagsterInstance) -> Project:
    """The recent days with events, after a nightly scan that found them equal."""
    with recent.source() as connection:
        writer = SourceWriter(connection)
        for number in (10, 12):
            writer.event(number, "2020-01-01 12:00", "conversation_resolved", id=number)
    recent.load(_date(recent, 10), _date(recent, 12))
    assert evaluate_nightly_schedule(recent, instance.get_ref()) == []
    return recent


def _date(project: Project, number: int) -> datetime.date:
    return project.settings.partitions_start_date + datetime.timedelta(days=number - 1)


def _requested_at_night(project: Project, instance: dg.DagsterInstance) -> list[datetime.date]:
    ranges = evaluate_nightly_schedule(project, instance.get_ref())
    return sorted(first + datetime.timedelta(n) for first, last in ranges for n in range((last - first).days + 1))


def _change(project: Project, *statements: str) -> None:
    with project.source() as connection:
        for statement in statements:
            connection.execute(statement.encode())


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> dict[FingerprintGroup, list[datetime.date]]:
    """The days whose messages and events are compared in full, filled while that happens."""
    compared_days: dict[FingerprintGroup, list[datetime.date]] = {}
    compare = row_versions.differing_days

    def recording(
        source: Snapshot,
        schema: str,
        definition: str,
        days: list[Day],
        known: KnownFingerprints,
        *,
        groups: Iterable[FingerprintGroup],
    ) -> set[Day]:
        compared_days.update({group: [day.date for day in days] for group in groups})
        return compare(source, schema, definition, days, known, groups=groups)

    monkeypatch.setattr(row_versions, "differing_days", recording)
    return compared_days


def test_nightly_scan_hashes_nothing_if_nothing_was_written(
    compared: Project, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries: list[str] = []
    read = Snapshot.read

    def recording(self: Snapshot, query: sql.Composable, **options: bool) -> object:
        queries.append(query.as_string())
        return read(self, query, **options)

    monkeypatch.setattr(Snapshot, "read", recording)
    with psycopg.connect(compared.source_url, autocommit=True) as connection:
        # A row that VACUUM moves or freezes keeps its transaction.
        connection.execute("VACUUM (FULL, FREEZE) messages")
        connection.execute("VACUUM (FREEZE) reporting_events")
    assert evaluate_nightly_schedule(compared, instance.get_ref()) == []
    assert any("row_version" in query for query in queries)
    hashes = [hash_column(group) for group in (FingerprintGroup.MESSAGES, FingerprintGroup.EVENTS)]
    assert not [query for query in queries if any(column in query for column in hashes)]


def test_nightly_scan_finds_everything_written_since_the_last(compared: Project, instance: dg.DagsterInstance) -> None:
    _change(
        compared,
        "UPDATE messages SET content = 'olá' WHERE id = 3",
        "UPDATE messages SET content = 'y' WHERE id = 5; UPDATE messages SET content = 'z' WHERE id = 5",
        "DELETE FROM messages WHERE id = 7",
        "UPDATE reporting_events SET value = 7 WHERE id = 10",
        "DELETE FROM reporting_events WHERE id = 12",
    )
    with compared.source() as connection:
        writer = SourceWriter(connection)
        writer.message(14, "2020-01-01 12:00", id=7_000)
        writer.event(16, "2020-01-01 12:00", "conversation_opened", id=7_000)
    changed = [_date(compared, number) for number in (3, 5, 7, 10, 12, 14, 16)]
    assert _requested_at_night(compared, instance) == changed
    # They are found until they are loaded; from then on they are equal.
    assert _requested_at_night(compared, instance) == changed
    compared.load(changed[0], changed[-1])
    assert _requested_at_night(compared, instance) == []
    assert _requested_at_night(compared, instance) == []


def test_moved_messages_are_found_on_both_days(compared: Project, instance: dg.DagsterInstance) -> None:
    _change(
        compared,
        # To another conversation; to the id of a deleted message; together with its conversation.
        "UPDATE messages SET conversation_id = 3 WHERE id = 1",
        "DELETE FROM messages WHERE id = 5; UPDATE messages SET id = 5, conversation_id = 5 WHERE id = 7",
        "UPDATE conversations SET created_at = created_at + interval '2 days' WHERE id = 14",
    )
    assert _requested_at_night(compared, instance) == [_date(compared, number) for number in (1, 3, 5, 7, 14, 16)]


def test_read_receipt_makes_its_day_be_compared_once_and_not_loaded(
    compared: Project, instance: dg.DagsterInstance, hashed: dict[FingerprintGroup, list[datetime.date]]
) -> None:
    _change(compared, "UPDATE messages SET status = 2, updated_at = now() WHERE id = 5")
    for expected in ([_date(compared, 5)], []):
        assert evaluate_nightly_schedule(compared, instance.get_ref()) == []
        assert hashed == {FingerprintGroup.MESSAGES: expected, FingerprintGroup.EVENTS: []}


def test_reloaded_day_is_compared_in_full_once(
    compared: Project, instance: dg.DagsterInstance, hashed: dict[FingerprintGroup, list[datetime.date]]
) -> None:
    _change(compared, "UPDATE messages SET content = 'olá' WHERE id = 5")
    compared.load(_date(compared, 5))
    for expected in ([_date(compared, 5)], []):
        assert evaluate_nightly_schedule(compared, instance.get_ref()) == []
        assert hashed[FingerprintGroup.MESSAGES] == expected


def test_versions_of_another_server_are_ignored(
    compared: Project, instance: dg.DagsterInstance, hashed: dict[FingerprintGroup, list[datetime.date]]
) -> None:
    """A restored dump numbers its transactions anew, and may give the same numbers to other rows."""
    with psycopg.connect(compared.target_url) as connection:
        connection.execute("UPDATE row_versions SET versions = '1' || versions WHERE versions != ''")
    assert evaluate_nightly_schedule(compared, instance.get_ref()) == []
    assert len(hashed[FingerprintGroup.MESSAGES]) == len(compared.conversations())
    assert hashed[FingerprintGroup.EVENTS] == [_date(compared, 10), _date(compared, 12)]


def test_everything_is_compared_if_the_server_hides_its_identity(
    compared: Project, instance: dg.DagsterInstance, hashed: dict[FingerprintGroup, list[datetime.date]]
) -> None:
    role = f"of_{compared.source_url.split('/')[-1].split('?')[0]}"
    with compared.source() as connection:
        connection.execute("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
        name = sql.Identifier(role)
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA chatwoot_analytics TO {}").format(name))
        connection.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA chatwoot_analytics TO {}").format(name))
    reader = replace(compared, source_url=compared.source_url.replace("postgres@", f"{role}@", 1))
    _change(compared, "UPDATE messages SET content = 'olá' WHERE id = 5")
    assert evaluate_nightly_schedule(reader, instance.get_ref()) == [(_date(compared, 5), _date(compared, 5))]
    assert len(hashed[FingerprintGroup.MESSAGES]) == len(hashed[FingerprintGroup.EVENTS]) > 20
