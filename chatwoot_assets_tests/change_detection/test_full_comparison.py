"""The full comparison: it finds everything, hashes little twice, and goes on where it was interrupted."""

from __future__ import annotations

import datetime
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import dagster as dg
import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.change_detection import full_comparison
from chatwoot_assets.change_detection.full_comparison import ComparisonProgress, compare_all
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.compare_job import COMPARE_DAYS
from chatwoot_assets.errors import SourceError, WarehouseError
from chatwoot_assets.extract import blocks, queries
from chatwoot_assets.extract.blocks import Blocks
from chatwoot_assets.extract.dataset import FingerprintGroup
from chatwoot_assets.extract.queries import hash_column
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets.warehouse.source_comparison import FULL, read_sync_status
from chatwoot_assets_tests.change_detection.scanning import change
from chatwoot_assets_tests.project import QUIET, Project
from chatwoot_assets_tests.soak.automation import compare_everything
from chatwoot_assets_tests.source_writer import SourceWriter

LARGE_GROUPS = (FingerprintGroup.MESSAGES, FingerprintGroup.EVENTS)


@pytest.fixture(autouse=True)
def _block_per_conversation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each conversation a block, and read two at once."""
    for module in (queries, blocks, full_comparison):
        monkeypatch.setattr(module, "IDS_PER_BLOCK", 1)
    monkeypatch.setattr(full_comparison, "FIRST_CHUNK", 2)
    monkeypatch.setattr(full_comparison, "LARGEST_CHUNK", 2)
    # However slow this machine is, the next chunk is no smaller.
    monkeypatch.setattr(full_comparison, "SECONDS_PER_CHUNK", 1e6)


@pytest.fixture
def compared(recent: Project) -> Project:
    """The recent days with events, after a full comparison that found them equal."""
    with recent.source() as connection:
        writer = SourceWriter(connection)
        for number in (10, 12):
            writer.event(number, "2020-01-01 12:00", "conversation_resolved", id=number)
    recent.load(_date(recent, 10), _date(recent, 12))
    assert compare_everything(recent) == []
    return recent


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that are sent to the source, recorded as they are sent."""
    sent: list[str] = []
    read = Snapshot.read

    def recording(self: Snapshot, query: sql.Composable, **options: bool) -> object:
        sent.append(query.as_string())
        return read(self, query, **options)

    monkeypatch.setattr(Snapshot, "read", recording)
    return sent


def _hashing(statements: list[str], group: FingerprintGroup) -> list[str]:
    return [statement for statement in statements if f'"{hash_column(group)}"' in statement]


def _date(project: Project, number: int) -> datetime.date:
    return project.settings.partitions_start_date + datetime.timedelta(days=number - 1)


def _differing(project: Project) -> list[datetime.date]:
    ranges = compare_everything(project)
    return sorted(first + datetime.timedelta(n) for first, last in ranges for n in range((last - first).days + 1))


def _slow_labels(seconds: float) -> str:
    """Return the statement that makes reading the labels of each conversation, which has none, take some time.

    The view keeps its comment, which has its version.
    """
    statement = (
        "CREATE OR REPLACE VIEW chatwoot_analytics.vw_conversation_labels AS SELECT id AS conversation_id,"
        " created_at AS conversation_created_at, NULL::text AS label FROM conversations"
        " WHERE CASE WHEN pg_sleep({} + 0 * id) IS NOT NULL THEN false END"
    )
    return statement.format(seconds)


def _pass(project: Project) -> Generator[ComparisonProgress, None, None]:
    yield from compare_all(project.settings, project.resources["chatwoot"], project.resources["warehouse"])


def _compared_at(project: Project) -> datetime.datetime | None:
    with project.target() as connection:
        return read_sync_status(connection).scans[FULL].compared_at


def test_nothing_is_hashed_if_nothing_was_written(compared: Project, statements: list[str]) -> None:
    with psycopg.connect(compared.source_url, autocommit=True) as connection:
        # A row that VACUUM moves or freezes keeps its transaction.
        connection.execute("VACUUM (FULL, FREEZE) messages")
        connection.execute("VACUUM (FREEZE) reporting_events")
    assert compare_everything(compared) == []
    assert any("row_version" in statement for statement in statements)
    assert [statement for group in LARGE_GROUPS for statement in _hashing(statements, group)] == []


def test_everything_written_since_the_last_comparison_is_found(compared: Project) -> None:
    change(
        compared,
        "UPDATE messages SET content = 'olá' WHERE id = 3",
        "UPDATE messages SET content = 'y' WHERE id = 5; UPDATE messages SET content = 'z' WHERE id = 5",
        "DELETE FROM messages WHERE id = 7",
        "UPDATE reporting_events SET value = 7 WHERE id = 10",
        "DELETE FROM reporting_events WHERE id = 12",
        "DELETE FROM conversations WHERE id = 18",
    )
    with compared.source() as connection:
        writer = SourceWriter(connection)
        writer.message(14, "2020-01-01 12:00", id=7_000)
        writer.event(16, "2020-01-01 12:00", "conversation_opened", id=7_000)
        writer.conversation(f"{_date(compared, 17)} 12:00", id=70_000)
    changed = [_date(compared, number) for number in (3, 5, 7, 10, 12, 14, 16, 17, 18)]
    assert _differing(compared) == changed
    # They are found until they are loaded; from then on they are equal.
    assert _differing(compared) == changed
    compared.load(changed[0], changed[-1])
    assert _differing(compared) == []
    assert _differing(compared) == []


def test_moved_messages_are_found_on_both_days(compared: Project) -> None:
    change(
        compared,
        # To another conversation; to the id of a deleted message; together with its conversation.
        "UPDATE messages SET conversation_id = 3 WHERE id = 1",
        "DELETE FROM messages WHERE id = 5; UPDATE messages SET id = 5, conversation_id = 5 WHERE id = 7",
        "UPDATE conversations SET created_at = created_at + interval '2 days' WHERE id = 14",
    )
    assert _differing(compared) == [_date(compared, number) for number in (1, 3, 5, 7, 14, 16)]


def test_read_receipt_makes_its_block_be_hashed_once(compared: Project, statements: list[str]) -> None:
    change(compared, "UPDATE messages SET status = 2, updated_at = now() WHERE id = 5")
    for expected in (1, 0):
        statements.clear()
        assert compare_everything(compared) == []
        assert len(_hashing(statements, FingerprintGroup.MESSAGES)) == expected


def test_versions_of_another_server_are_ignored(compared: Project, statements: list[str]) -> None:
    """A restored dump numbers its transactions anew, and may give the same numbers to other rows."""
    with compared.target() as connection:
        connection.execute("UPDATE conversation_block SET versions = replace(versions::text, ': \"', ': \"1')::jsonb")
    assert compare_everything(compared) == []
    chunks = _hashing(statements, FingerprintGroup.CONVERSATIONS)
    assert len(_hashing(statements, FingerprintGroup.MESSAGES)) == len(chunks) > 5


def test_everything_is_hashed_if_the_server_hides_its_identity(compared: Project, statements: list[str]) -> None:
    role = f"of_{compared.source_url.split('/')[-1].split('?')[0]}"
    with compared.source() as connection:
        connection.execute("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
        name = sql.Identifier(role)
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA chatwoot_analytics TO {}").format(name))
        connection.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA chatwoot_analytics TO {}").format(name))
    reader = replace(compared, source_url=compared.source_url.replace("postgres@", f"{role}@", 1))
    change(compared, "UPDATE messages SET content = 'olá' WHERE id = 5")
    assert _differing(reader) == [_date(compared, 5)]
    chunks = _hashing(statements, FingerprintGroup.CONVERSATIONS)
    assert len(_hashing(statements, FingerprintGroup.MESSAGES)) == len(chunks) > 5


def test_interrupted_comparison_goes_on_where_it_was(compared: Project, statements: list[str]) -> None:
    progress = _pass(compared)
    started = next(progress)
    assert next(progress).next_id == 3
    progress.close()
    change(compared, "UPDATE messages SET content = 'olá' WHERE id IN (1, 15)")
    statements.clear()
    *_, finished = _pass(compared)
    assert [day.date for day in finished.differing or []] == [_date(compared, 15)]
    assert not any('"r"."id" >= 0 ' in statement for statement in statements)
    # What was compared first was compared before the interruption, and is known to have been equal at that time.
    assert finished.since == started.since == _compared_at(compared)
    assert finished.until > finished.since
    assert _differing(compared) == [_date(compared, 1), _date(compared, 15)]


def test_comparison_begins_anew_when_the_definition_changes(compared: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    progress = _pass(compared)
    assert next(progress).next_id == 2
    progress.close()
    monkeypatch.setattr(full_comparison, "definition", lambda *_: "another")
    assert next(_pass(compared)).next_id == 2


def test_day_that_is_loaded_during_a_comparison_is_left_out(compared: Project) -> None:
    progress = _pass(compared)
    while next(progress).next_id <= 4:
        pass
    change(compared, "UPDATE messages SET content = 'olá' WHERE id IN (3, 4)")
    compared.load(_date(compared, 3))
    *_, finished = progress
    assert finished.differing == []
    compared.load(_date(compared, 4))
    assert _differing(compared) == []


def test_chunk_that_takes_too_long_is_read_in_smaller_parts(compared: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshots: list[datetime.datetime] = []
    read_blocks = blocks.read_blocks

    def recording(source: Snapshot, *arguments: Any) -> Blocks:  # noqa: ANN401 - passed on
        result = read_blocks(source, *arguments)
        snapshots.append(source.taken_at)
        return result

    monkeypatch.setattr(full_comparison, "read_blocks", recording)
    monkeypatch.setattr(full_comparison, "FIRST_CHUNK", 1_000)
    monkeypatch.setattr(full_comparison, "SECONDS_PER_STATEMENT", 1)
    change(
        compared,
        _slow_labels(0.1),
        "UPDATE messages SET content = 'olá' WHERE id IN (2, 19)",
    )
    assert _differing(compared) == [_date(compared, 2), _date(compared, 19)]
    # Each of the parts has a snapshot of its own.
    assert len(snapshots) == len(set(snapshots)) > 1


def test_statement_that_is_too_slow_for_one_conversation_fails(
    compared: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full_comparison, "SECONDS_PER_STATEMENT", 1)
    change(
        compared,
        _slow_labels(5),
    )
    chatwoot = replace(compared.resources["chatwoot"], statement_timeout_seconds=1)
    with pytest.raises(SourceError, match="statement_timeout"):
        list(compare_all(compared.settings, chatwoot, compared.resources["warehouse"]))
    with compared.target() as connection:
        assert "statement_timeout" in str(read_sync_status(connection).scans[FULL].failure)


def test_second_comparison_at_the_same_time_is_refused(compared: Project) -> None:
    progress = _pass(compared)
    next(progress)
    with pytest.raises(WarehouseError, match="another full comparison"):
        next(_pass(compared))
    progress.close()


def test_job_compares_everything_and_records_what_differs(compared: Project) -> None:
    change(compared, "UPDATE messages SET content = 'olá' WHERE id = 5")
    job = build_defs(compared.settings).resolve_job_def(COMPARE_DAYS)
    with dg.DagsterInstance.ephemeral() as instance:
        assert job.execute_in_process(resources=compared.resources, instance=instance, run_config=QUIET).success
    with compared.target() as connection:
        assert list(read_sync_status(connection).differing) == [_date(compared, 5)]


def test_empty_source_is_compared(recent: Project) -> None:
    change(recent, "TRUNCATE conversations, messages")
    assert len(_differing(recent)) == 20
