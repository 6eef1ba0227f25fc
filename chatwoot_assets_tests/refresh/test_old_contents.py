"""KEEP_CONTENTS_DAYS in files and tables: contents go, do not come back, and nothing differs from Chatwoot."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from psycopg import sql

from chatwoot_assets.errors import UnusableExtractError
from chatwoot_assets.extract import fingerprints
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.refresh import old_contents
from chatwoot_assets.refresh.days import Refresher, Stages
from chatwoot_assets.refresh.load import load_days
from chatwoot_assets.refresh.old_contents import DroppedContents, drop_contents
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.warehouse.sampled_rows import compare_sampled_rows
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.refresh.warehouse_rows import read_rows
from chatwoot_assets_tests.soak.automation import compare_everything

UTC = datetime.timezone.utc
FIRST, LAST = datetime.date(2025, 3, 10), datetime.date(2025, 3, 14)
LIMIT = datetime.date(2025, 3, 13)
# Real days: Chatwoot's clock decides what is read.
KEEP_DAYS = (datetime.datetime.now(UTC).date() - LIMIT).days
NOW = datetime.datetime(LIMIT.year, LIMIT.month, LIMIT.day, 12, tzinfo=UTC) + datetime.timedelta(KEEP_DAYS)
ENDLESS = 1


@pytest.fixture
def project(postgres: Postgres, tmp_path: Path) -> Project:
    """Five days with ten conversations each; the first conversation has a message on each of them, and a comment."""
    project = Project.create(postgres.new_database(), postgres.new_database(), tmp_path, timezone="UTC", start=FIRST)
    with project.writing() as writer:
        writer.user(7, "Bia")
        for number in range(50):
            at = f"{FIRST + datetime.timedelta(number // 10)} 12:{number:02}"
            writer.contact(
                100 + number, f"Contato {number}", email=f"c{number}@example.com", phone_number=f"+55{number}"
            )
            id_ = writer.conversation(at, id=1 + number, contact_id=100 + number, assignee_id=7)
            writer.message(id_, at, f"texto {number}")
            activity: dict[str, Any] = {"message_type": 2, "sender_type": None, "sender_id": None}
            writer.message(id_, at, "Assigned to Bia by Bia", **activity)
            writer.message(id_, at, f"Conversation was resolved by Contato {number}", **activity)
            writer.message(id_, at, f"Bia added the label {number}", **activity)
            writer.rating(id_, at, 4, feedback_message=f"comentário {number}")
        for day in range(10, 15):
            writer.message(ENDLESS, f"2025-03-{day} 18:00", f"dia {day}")
    return project


def _refresh(
    project: Project, keep_days: int = KEEP_DAYS, *, force: bool = False, bots: frozenset[int] = frozenset()
) -> int:
    """Refresh all days, and return how many were written to the warehouse."""
    zone = project.settings.reporting_timezone
    resources = project.resources
    rules = MetricRules(zone.key, bots)
    refresher = Refresher(resources["chatwoot"], resources["warehouse"], project.store, zone, rules, keep_days)
    days = [project.day(FIRST + datetime.timedelta(number)) for number in range((LAST - FIRST).days + 1)]
    batches = refresher.refresh(days, Stages.EXTRACT | Stages.LOAD, "run", lambda _: None, force=force)
    return sum(bool(day.row_counts) for batch in batches for day in batch)


def _drop(project: Project, *, most_days: int = 500, now: datetime.datetime = NOW) -> DroppedContents:
    zone = project.settings.reporting_timezone
    warehouse = project.resources["warehouse"]
    return drop_contents(
        warehouse, project.store, zone, MetricRules(zone.key), KEEP_DAYS, "run", lambda _: None,
        now=now, most_days=most_days,
    )  # fmt: skip


def _rows(project: Project) -> object:
    rows = read_rows(project.target_url)
    for row in rows["partition_state"]:
        row.pop("contents_since")
    return rows


def _contents(project: Project) -> set[str]:
    """Return all contents in the tables, which those in the files must equal."""
    with project.target() as connection:
        tables = connection.execute(
            "SELECT content FROM messages WHERE content IS NOT NULL UNION SELECT contact_name FROM conversas_analytics"
            " WHERE contact_name IS NOT NULL UNION SELECT feedback_message FROM conversas_analytics"
            " WHERE feedback_message IS NOT NULL UNION SELECT contact_phone FROM conversas_analytics"
            " WHERE contact_phone IS NOT NULL"
        ).fetchall()
    columns = {
        Dataset.CONVERSATIONS: ["contact_name", "contact_phone"],
        Dataset.MESSAGES: ["content"],
        Dataset.CSAT: ["feedback_message"],
    }
    files = {
        text
        for dataset, names in columns.items()
        for path in sorted((Path(project.settings.extracts_url) / dataset.value).glob("*.parquet"))
        for name in names
        for text in pl.read_parquet(path)[name].drop_nulls()
    }
    assert {text for (text,) in tables} == files
    return files


def _old(contents: set[str]) -> set[str]:
    """Return the contents of the first 30 conversations that are older than the limit and no source of numbers."""
    numbers = {str(number) for number in range(30)}
    return {
        text for text in contents if text.split()[-1].removeprefix("+55") in numbers and not text.startswith("dia ")
    } | ({f"dia {day}" for day in range(10, 13)} & contents)


def _assert_dropped(project: Project, *, names_of_endless: bool = True) -> None:
    contents = _contents(project)
    assert _old(contents) == ({"Contato 0", "+550"} if names_of_endless else set())
    assert {"dia 13", "dia 14", "texto 49", "comentário 30", "Contato 49", "Assigned to Bia by Bia"} <= contents
    assert "Conversation was resolved by …" in contents
    assert "Bia added the label 49" in contents


def _assert_equal_to_chatwoot(project: Project) -> None:
    assert not compare_everything(project) or compare_everything(project)[0][0] > LAST
    assert _refresh(project) == 0


def test_contents_that_become_old_are_dropped(project: Project, postgres: Postgres, tmp_path: Path) -> None:
    assert _refresh(project, 0) == 5
    everything, numbers = _contents(project), _rows(project)
    assert len(_old(everything)) == 30 * 6 + 3
    assert _drop(project) == DroppedContents(LIMIT, [FIRST + datetime.timedelta(day) for day in range(3)], 0, [])
    _assert_dropped(project)
    _assert_equal_to_chatwoot(project)
    assert _drop(project).days == []
    # Reading the same days with the limit gives the same rows and files.
    other = replace(
        project,
        target_url=postgres.new_database(),
        settings=replace(project.settings, extracts_url=str(tmp_path / "other")),
    )
    assert _refresh(other) == 5
    assert _rows(other) == _rows(project) != numbers
    assert _contents(other) == _contents(project)
    # A day later, the next day's are.
    assert _drop(project, now=NOW + datetime.timedelta(1)).days == [FIRST, FIRST + datetime.timedelta(3)]
    assert "dia 13" not in _contents(project)
    assert "dia 14" in _contents(project)
    assert _drop(project, now=NOW + datetime.timedelta(2)).days == [FIRST, LAST]
    assert {text for text in _contents(project) if text.split()[0] != "Assigned" and "…" not in text} == set()


def test_contents_do_not_come_back(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _refresh(project) == 5
    _assert_dropped(project)
    assert _refresh(project, force=True) == 5
    _assert_dropped(project)
    # Other rules compute the metrics again, from the files.
    assert _refresh(project, bots=frozenset({7})) == 5
    assert _refresh(project) == 5
    _assert_dropped(project)
    # Another definition reads everything again.
    monkeypatch.setattr(fingerprints, "CODE_VERSION", 1_000)
    assert _refresh(project) == 5
    _assert_dropped(project)
    _assert_equal_to_chatwoot(project)


def test_small_change_of_an_old_day_brings_only_new_contents(project: Project) -> None:
    assert _refresh(project) == 5
    with project.writing() as writer:
        writer.message(ENDLESS, "2025-03-14 19:00", "hoje", id=90_001)
        writer.message(2, "2025-03-14 19:00", "de volta", id=90_002)
        writer.message(3, "2025-03-11 19:00", "velho", id=90_003)
    with project.source() as connection:
        connection.execute("UPDATE conversations SET status = 1 WHERE id = 4")
    assert _refresh(project) == 1
    contents = _contents(project)
    assert {"hoje", "de volta"} <= contents
    assert "velho" not in contents
    # The second conversation is active again, and has its names again, but not its old texts.
    assert _old(contents) == {"Contato 0", "+550", "Contato 1", "+551"}
    _assert_equal_to_chatwoot(project)


def test_stopped_run_goes_on(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _refresh(project, 0) == 5
    first = _drop(project, most_days=1)
    assert (first.days, first.remaining) == ([FIRST], 2)

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(old_contents, "load_days", stop)
    with pytest.raises(KeyboardInterrupt):
        _drop(project)
    monkeypatch.setattr(old_contents, "load_days", load_days)
    assert len(_drop(project).days) == 2
    _assert_dropped(project)


def test_day_with_unusable_files_is_read_again(project: Project) -> None:
    assert _refresh(project, 0) == 5
    Path(project.store.path(Dataset.MESSAGES, project.day(FIRST))).write_bytes(b"nothing")
    dropped = _drop(project)
    assert dropped.unreadable == [FIRST]
    with pytest.raises(UnusableExtractError, match=f"backfill --from {FIRST} --to {FIRST}"):
        dropped.raise_for_unreadable()
    assert _refresh(project) == 1
    _assert_dropped(project)
    _drop(project).raise_for_unreadable()


def test_files_of_days_that_are_not_loaded_lose_their_contents(project: Project) -> None:
    assert _refresh(project, 0) == 5
    with project.target() as connection:
        for table in ("conversas_analytics", "messages", "partition_state"):
            delete = sql.SQL("DELETE FROM {} WHERE conversation_date = '2025-03-11'")
            connection.execute(delete.format(sql.Identifier(table)))
    assert len(_drop(project).days) == 3
    path = project.store.path(Dataset.MESSAGES, project.day("2025-03-11"))
    assert set(pl.read_parquet(path)["content"]) == {None, "Assigned to Bia by Bia", "Conversation was resolved by …"}


def test_sampled_rows_equal_chatwoot_without_contents(project: Project) -> None:
    assert _refresh(project) == 5
    days = [project.day(FIRST), project.day(LAST)]
    with project.target() as connection, snapshot(project.resources["chatwoot"]) as source:
        schema = project.settings.views_schema
        assert compare_sampled_rows(connection, source, schema, days).dates == {FIRST}
        assert not compare_sampled_rows(connection, source, schema, days, contents_from=LIMIT).dates
