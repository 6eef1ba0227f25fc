"""A source that is suddenly empty stops a refresh: what a role can see may not be all there is."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from chatwoot_assets.commands.verify import verify
from chatwoot_assets.errors import SourceError, UserError
from chatwoot_assets.extract import vanished
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.refresh.days import Refresher, Stages
from chatwoot_assets_tests.project import Project

FIRST, SECOND = datetime.date(2025, 3, 10), datetime.date(2025, 3, 11)


@pytest.fixture
def loaded(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with thirty conversations on each of two loaded days, which are many here."""
    monkeypatch.setattr(vanished, "ROWS_MISSED", 20)
    with project.writing() as writer:
        for number in range(60):
            at = f"2025-03-{10 + number % 2} 15:00"
            writer.conversation(at, id=number + 1)
            writer.message(number + 1, at, id=number + 1)
    assert _refresh(project) == [30, 30]
    return project


def _refresh(project: Project, **options: Any) -> list[int]:  # noqa: ANN401 - switches
    """Refresh both days, and return how many conversations each has that was written."""
    zone = project.settings.reporting_timezone
    resources = project.resources
    refresher = Refresher(resources["chatwoot"], resources["warehouse"], project.store, zone, MetricRules(zone.key))
    days = [project.day(FIRST), project.day(SECOND)]
    batches = refresher.refresh(days, Stages.EXTRACT | Stages.LOAD, "run", lambda _: None, **options)
    return [day.row_counts["conversas_analytics"] for batch in batches for day in batch if day.row_counts]


def _delete(project: Project, statement: str) -> None:
    with project.source() as connection:
        connection.execute(statement.encode())


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("TRUNCATE conversations, messages", "none of the 60 loaded conversations"),
        ("TRUNCATE messages", "none of the 60 loaded messages"),
        ("DELETE FROM conversations WHERE id % 2 = 0 AND id > 4", "2 of the 30 loaded conversations of 2025-03-11"),
        ("DELETE FROM conversations WHERE id < 60", "1 of the 60 loaded conversations of 2 days"),
    ],
    ids=["everything", "messages", "one day", "nearly everything"],
)
def test_refresh_stops_before_it_mirrors_a_source_that_is_empty(loaded: Project, statement: str, reason: str) -> None:
    files = {path: path.read_bytes() for path in loaded.settings.home.rglob("*.parquet")}
    _delete(loaded, statement)
    with pytest.raises(SourceError, match=reason) as raised:
        _refresh(loaded)
    assert "backfill --from 2025-03-10 --to 2025-03-11 --allow-empty" in str(raised.value)
    assert not raised.value.transient
    assert len(loaded.conversations()) == 60
    assert {path: path.read_bytes() for path in loaded.settings.home.rglob("*.parquet")} == files
    _refresh(loaded, allow_empty=True)
    with loaded.source() as connection:
        row = connection.execute("SELECT count(*) FROM conversations").fetchone()
    assert row == (len(loaded.conversations()),)


def test_half_of_a_day_may_be_deleted(loaded: Project) -> None:
    _delete(loaded, "DELETE FROM conversations WHERE id % 2 = 0 AND id > 30")
    assert _refresh(loaded) == [15]


def test_empty_source_proves_no_erasure(loaded: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "CHATWOOT_DATABASE_URL": loaded.source_url,
        "ANALYTICS_DATABASE_URL": loaded.target_url,
        "EXTRACTS_URL": loaded.settings.extracts_url,
        "REPORTING_TIMEZONE": loaded.settings.reporting_timezone.key,
    }.items():
        monkeypatch.setenv(name, value)
    _delete(loaded, "TRUNCATE conversations, messages")
    with pytest.raises(UserError, match="proves nothing"):
        verify(contact=999, conversation=None)
