"""Rows that were deleted or added by hand: the next refresh of the day repairs it."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from psycopg import sql

from chatwoot_assets.change_detection.full_comparison import compare_all
from chatwoot_assets.change_detection.scan import scan_for_changes
from chatwoot_assets.metrics.columns import SUMMED
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.partitions import today
from chatwoot_assets.refresh.days import Refresher, Stages
from chatwoot_assets.target_rules import parse_targets
from chatwoot_assets.warehouse.row_counts import find_damaged_days
from chatwoot_assets.warehouse.source_comparison import RECENT, read_sync_status, record_comparison
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.refresh.warehouse_rows import ALL_TABLES, Rows, read_rows

DAYS = 3
# A conversation of the first day, beside the one whose id is 1.
NEIGHBOUR = 11
_TARGETS = parse_targets('{"first_response": "1m"}')
ADDED = {
    "conversas_analytics": "UPDATE conversas_analytics SET id = id + 1000 WHERE id = 1",
    "messages": "UPDATE messages SET id = id + 1000 WHERE conversation_id = 1",
    "resolutions": "INSERT INTO resolutions SELECT (jsonb_populate_record(r, '{\"resolution_number\": 9}')).*"
    " FROM resolutions AS r",
}


@pytest.fixture(scope="module")
def project(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose days are today and the two before, each with a conversation that has rows in all tables."""
    project = Project.create(postgres.new_database(), postgres.new_database(), tmp_path_factory.mktemp("damaged"))
    start = today(project.settings.reporting_timezone) - datetime.timedelta(days=DAYS - 1)
    project = replace(project, settings=replace(project.settings, partitions_start_date=start))
    with project.writing() as writer:
        writer.user(7, "Bia")
        for number, after in ((1, 0), (NEIGHBOUR, 0), (2, 1), (3, 2)):
            at = f"{start + datetime.timedelta(days=after)} 04:00"
            writer.conversation(at, id=number, assignee_id=7)
            writer.message(number, at)
            writer.message(number, at, "oi", message_type=1, sender_type="User", sender_id=7)
            writer.event(number, at, "conversation_resolved", 5.0, user_id=7)
            writer.rating(number, at, 5)
    with project.source() as connection:
        connection.execute(
            "INSERT INTO sla_policies (id, name, account_id, created_at, updated_at)"
            " VALUES (2, 'Ouro', 1, now(), now())"
        )
        connection.execute(
            "INSERT INTO applied_slas"
            " (account_id, sla_policy_id, conversation_id, sla_status, created_at, updated_at)"
            " SELECT 1, 2, id, 0, created_at, created_at FROM conversations"
        )
        connection.execute(
            "INSERT INTO calls (account_id, inbox_id, conversation_id, contact_id, provider_call_id, direction,"
            " created_at, updated_at)"
            " SELECT account_id, inbox_id, id, 1, id, 0, created_at, created_at FROM conversations"
        )
    return project


@pytest.fixture
def loaded(project: Project) -> Rows:
    """The rows of the project, which is loaded."""
    _refresh(project)
    return read_rows(project.target_url)


def _refresh(project: Project, *, force: bool = False) -> int:
    """Refresh all days, and return how many were written to the warehouse."""
    zone = project.settings.reporting_timezone
    resources = project.resources
    rules = MetricRules(zone.key, targets=_TARGETS)
    refresher = Refresher(resources["chatwoot"], resources["warehouse"], project.store, zone, rules)
    start = project.settings.partitions_start_date
    days = [project.day(start + datetime.timedelta(days=number)) for number in range(DAYS)]
    stages = Stages.EXTRACT | Stages.LOAD
    batches = refresher.refresh(days, stages, "run", lambda _: None, force=force)
    return sum(bool(day.row_counts) for batch in batches for day in batch)


def _damage(project: Project, statement: sql.SQL | sql.Composed) -> set[datetime.date]:
    """Change rows by hand, and return the days that are seen to be damaged."""
    with project.target() as connection:
        connection.execute(statement)
        return find_damaged_days(connection)


@pytest.mark.parametrize("table", ALL_TABLES)
def test_refresh_repairs_a_day_that_lost_rows_by_hand(project: Project, loaded: Rows, table: str) -> None:
    date = project.settings.partitions_start_date
    delete = sql.SQL("DELETE FROM {} WHERE conversation_date = {}").format(sql.Identifier(table), date)
    assert loaded[table]
    assert _damage(project, delete) == {date}
    assert _refresh(project) == 1
    assert read_rows(project.target_url) == loaded
    assert _refresh(project) == 0


@pytest.mark.parametrize("table", ALL_TABLES)
def test_a_change_does_not_hide_what_its_day_lost(project: Project, loaded: Rows, table: str) -> None:
    assert loaded[table]
    ids = {"conversas_analytics": "id"} | dict.fromkeys((*SUMMED, "daily_summary"), "account_id")
    lost = sql.SQL("DELETE FROM {} WHERE conversation_date = {} AND {} = 1").format(
        sql.Identifier(table), project.settings.partitions_start_date, sql.Identifier(ids.get(table, "conversation_id"))
    )
    assert _damage(project, lost)
    with project.writing() as writer:
        at = f"{project.settings.partitions_start_date} 05:00"
        writer.message(NEIGHBOUR, at, f"about {table}", id=100_000 + ALL_TABLES.index(table))
    assert _refresh(project) == 1
    # The next refresh finds the damage that the change did not touch.
    _refresh(project)
    refreshed = read_rows(project.target_url)
    _refresh(project, force=True)
    assert refreshed == read_rows(project.target_url)


@pytest.mark.parametrize("statement", ADDED.values(), ids=ADDED.keys())
def test_refresh_repairs_a_day_that_gained_rows_by_hand(project: Project, loaded: Rows, statement: str) -> None:
    damaged = _damage(project, sql.SQL(statement))
    assert project.settings.partitions_start_date in damaged
    assert _refresh(project) == len(damaged)
    assert read_rows(project.target_url) == loaded


def test_scans_and_full_comparison_find_the_damage(project: Project, loaded: Rows) -> None:
    dates = [project.settings.partitions_start_date + datetime.timedelta(days=number) for number in range(DAYS)]
    resources = project.resources
    assert _damage(project, sql.SQL("DELETE FROM messages WHERE conversation_date = ANY({})").format(dates))
    # Besides the last day, each scan looks at one older day in rotation.
    for expected in ([dates[0], dates[2]], dates):
        changes = scan_for_changes(project.settings, resources["chatwoot"], resources["warehouse"], recent=1)
        assert [day.date for day in changes.days] == expected
    *_, last = compare_all(project.settings, resources["chatwoot"], resources["warehouse"])
    assert [day.date for day in last.differing or []] == dates
    _refresh(project)
    assert read_rows(project.target_url) == loaded


def test_a_day_that_a_refresh_finds_equal_is_not_known_to_differ_any_more(project: Project, loaded: Rows) -> None:
    start = project.settings.partitions_start_date
    warehouse = project.resources["warehouse"]
    seen_at = datetime.datetime.now(datetime.timezone.utc)
    with warehouse.connect() as connection:
        # The scan saw the day before its change was undone, or before another run had loaded it.
        record_comparison(connection, RECENT, seen_at, [], [project.day(start)])
        assert set(read_sync_status(connection).differing) == {start}
        assert _refresh(project) == 0
        assert read_sync_status(connection).differing == {}
    assert read_rows(project.target_url) == loaded
