"""The metrics tables as runs fill them: complete, together, and only where rows changed."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import replace
from typing import Any

import dagster as dg
import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.holiday_calendar import HolidayCalendar, HolidayRule
from chatwoot_assets.metrics.columns import SUMMED, TABLES
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.refresh import batches
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.target_rules import parse_targets
from chatwoot_assets.warehouse.partition_state import loaded_fingerprints
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets_tests.adversarial import insert_adversarial_rows
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import Project, written_days

FIRST, LAST = datetime.date(2025, 3, 10), datetime.date(2025, 3, 14)
DATE = datetime.date(2025, 3, 11)


def read_tables(project: Project) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of every table, in a fixed order."""
    rows = {}
    with project.target() as connection:
        for table in TABLES:
            query = sql.SQL("SELECT t.* FROM {} AS t ORDER BY t::text").format(sql.Identifier(table))
            rows[table] = connection.execute(query).fetchall()
    return rows


def check_metrics(project: Project) -> dict[str, int]:
    """Check all loaded days, and return the failing ones with their number of failing rows."""
    with project.target() as connection:
        days = [date.isoformat() for (date,) in connection.execute("SELECT conversation_date FROM partition_state")]
        assert days
        path = sql_path("warehouse", "checks", "metrics_add_up.sql")
        return dict(connection.execute(compose(path, days="{" + ",".join(days) + "}")).fetchall())


@pytest.fixture
def filled(project: Project) -> Project:
    """A project with conversations around a day, with waits, events, notes and ratings."""
    with project.writing() as writer:
        writer.user(7, "Bia")
        writer.tag(1, "vip")
        for number in range(1, 12):
            day, hour = 10 + number % 3, number + 3
            writer.conversation(f"2025-03-{day} {hour:02}:00", id=number, assignee_id=7 if number % 2 else None)
            writer.message(number, f"2025-03-{day} {hour:02}:01")
            if number % 4:
                columns = {"message_type": 1, "sender_type": "User", "sender_id": 7}
                writer.message(number, f"2025-03-{day} {hour:02}:0{1 + number % 4}", "pois não", **columns)
                writer.message(number, f"2025-03-{day + 1} {hour:02}:00", private=True, **columns)
            if number % 3 < 2:
                writer.event(number, f"2025-03-{day + 1} 12:00", "conversation_resolved", 5.0, user_id=7)
            if number % 3 == 0:
                writer.label(number, 1)
                writer.rating(number, f"2025-03-{day} 20:00", 5)
        writer.rating(1, f"{DATE} 20:00", 4)
    return project


def test_every_table_of_a_sample_month_is_filled_and_adds_up(
    postgres: Postgres, sample_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("sample_metrics")
    project = _with_targets(Project.create(sample_url, postgres.new_database(), directory, empty=False))
    project.load(datetime.date(2025, 3, 1), datetime.date(2025, 3, 31))
    tables = read_tables(project)
    assert min(map(len, tables.values())) > 100, {table: len(rows) for table, rows in tables.items()}
    assert check_metrics(project) == {}


def test_adversarial_rows_add_up_too(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> None:
    directory = tmp_path_factory.mktemp("adversarial_metrics")
    project = Project.create(postgres.new_database(), postgres.new_database(), directory)
    with project.source() as connection:
        days = insert_adversarial_rows(connection)
    for day in days.sao_paulo:
        assert project.load(day).success
    assert check_metrics(project) == {}
    with project.target() as connection:
        assert connection.execute("SELECT count(*) FROM conversation_facts").fetchone() == (
            len(project.conversations()),
        )


def test_check_names_a_day_that_is_missing_from_a_table(filled: Project) -> None:
    filled = _with_targets(filled)
    filled.load(FIRST, LAST)
    assert check_metrics(filled) == {}
    detected = set()
    for table in TABLES:
        with filled.target() as connection:
            connection.execute(sql.SQL("CREATE TABLE kept AS SELECT * FROM {}").format(sql.Identifier(table)))
            delete = sql.SQL("DELETE FROM {} WHERE conversation_date = %s").format(sql.Identifier(table))
            connection.execute(delete, [DATE])
        if check_metrics(filled):
            detected.add(table)
        with filled.target() as connection:
            connection.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(table)))
            connection.execute(sql.SQL("INSERT INTO {} SELECT * FROM kept").format(sql.Identifier(table)))
            connection.execute("DROP TABLE kept")
    # Chatwoot's own events, SLAs and calls are counted nowhere else.
    assert detected == set(TABLES) - {"conversation_events", "conversation_slas", "calls"}
    assert check_metrics(filled) == {}


def test_repeated_run_computes_nothing_and_forced_run_everything(filled: Project) -> None:
    filled.load(FIRST, LAST)
    before = read_tables(filled)
    assert _count_computed(filled.load(FIRST, LAST)) == 0
    assert _count_computed(filled.load(FIRST, LAST, force=True)) == 5
    assert read_tables(filled) == before


def test_only_changed_days_are_computed_again(filled: Project) -> None:
    filled.load(FIRST, LAST)
    with filled.source() as connection:
        connection.execute("UPDATE messages SET content = 'outra' WHERE conversation_id = 4")
    assert _count_computed(filled.load(FIRST, LAST)) == 1


def _read_statuses(project: Project) -> dict[str, set[tuple[Any, ...]]]:
    """Return each conversation's status and labels, from each table that has them."""
    tables = ("conversation_facts", "response_intervals", "resolutions", "episodes")
    query = "SELECT conversation_id, status, labels::text FROM {}"
    with project.target() as connection:
        return {
            table: set(connection.execute(sql.SQL(query).format(sql.Identifier(table))).fetchall()) for table in tables
        }


def test_waits_and_resolutions_follow_status_and_labels(filled: Project) -> None:
    filled.load(FIRST, LAST)
    before = _read_statuses(filled)
    with filled.source() as connection:
        connection.execute("UPDATE conversations SET status = 3 WHERE id = 4")
        connection.execute("DELETE FROM taggings WHERE taggable_id = 3")
        connection.execute("UPDATE tags SET name = 'ouro'")
    filled.load(FIRST, LAST)
    after = _read_statuses(filled)
    assert {(3, "open", "{}"), (4, "snoozed", "{}"), (6, "open", "{ouro}")} <= after["conversation_facts"]
    for table in ("response_intervals", "resolutions", "episodes"):
        assert after[table] <= after["conversation_facts"]
        assert after[table] != before[table]
        assert {row[0] for row in after[table]} == {row[0] for row in before[table]}


def test_conversation_with_labels_too_long_for_an_index_is_loaded(filled: Project) -> None:
    with filled.writing() as writer:
        for number in range(200):
            writer.tag(100 + number, hashlib.sha256(bytes([number])).hexdigest())
            writer.label(7, 100 + number, id=100 + number)
    filled.load(FIRST, LAST)
    with filled.target() as connection:
        for table in ("response_intervals", "resolutions", "episodes"):
            query = sql.SQL("SELECT cardinality(labels) FROM {} WHERE conversation_id = 7")
            assert connection.execute(query.format(sql.Identifier(table))).fetchall() == [(200,)]


def test_changed_bot_ids_recompute_metrics_without_reading_chatwoot(filled: Project) -> None:
    filled.load(FIRST, LAST)
    assert sum(row[2] for row in _read_replies(filled)) > 0
    changed = replace(filled, settings=replace(filled.settings, bot_user_ids=frozenset({7})))
    result = changed.load(FIRST, LAST)
    assert _count_computed(result) == 5
    assert written_days(result, Dataset.CONVERSATIONS.value) == []
    assert sum(row[2] for row in _read_replies(changed)) == 0


def test_changed_episode_gap_recomputes_metrics_without_reading_chatwoot(filled: Project) -> None:
    with filled.writing() as writer:
        writer.message(1, "2025-03-13 12:00", id=5_000)
    filled.load(FIRST, LAST)
    assert _count_episodes(filled) == {1: 2}
    changed = replace(filled, settings=replace(filled.settings, episode_gap=datetime.timedelta(hours=48)))
    result = changed.load(FIRST, LAST)
    assert _count_computed(result) == 5
    assert written_days(result, Dataset.CONVERSATIONS.value) == []
    assert _count_episodes(changed) == {}
    assert check_metrics(changed) == {}


def test_changed_holidays_recompute_metrics_without_reading_chatwoot(filled: Project) -> None:
    with filled.writing() as writer:
        for weekday in range(7):
            writer.opens(10, weekday, 0, 1440)
    with filled.source() as connection:
        connection.execute("UPDATE inboxes SET working_hours_enabled = TRUE")
    filled.load(FIRST, LAST)
    assert _sum_business_seconds(filled) > 0
    closed = HolidayRule(dates=frozenset(DATE + datetime.timedelta(days) for days in range(-10, 400)))
    changed = replace(filled, settings=replace(filled.settings, holidays=HolidayCalendar(closed)))
    result = changed.load(FIRST, LAST)
    assert _count_computed(result) == 5
    assert written_days(result, Dataset.CONVERSATIONS.value) == []
    assert _sum_business_seconds(changed) == 0
    assert check_metrics(changed) == {}


def test_changed_targets_recompute_metrics_without_reading_chatwoot(filled: Project) -> None:
    filled.load(FIRST, LAST)
    assert _count_states(filled) == {}
    changed = _with_targets(filled)
    result = changed.load(FIRST, LAST)
    assert _count_computed(result) == 5
    assert written_days(result, Dataset.CONVERSATIONS.value) == []
    # Conversation 8 still waits, and all are open: they were reopened or never resolved.
    assert _count_states(changed) == {
        ("first_response", "met"): 6,
        ("first_response", "missed"): 5,
        ("resolution", "missed"): 11,
    }
    query = "SELECT sum(first_response_targets_met), sum(first_response_targets_missed) FROM daily_by_team"
    with changed.target() as connection:
        assert connection.execute(query).fetchall() == [(6, 4)]
    assert check_metrics(changed) == {}


def _with_targets(project: Project) -> Project:
    targets = parse_targets('{"first_response": "2m", "resolution": "1h"}')
    return replace(project, settings=replace(project.settings, targets=targets))


def _count_states(project: Project) -> dict[tuple[str, str], int]:
    """Return the number of targets by target and state."""
    query = "SELECT target, state, count(*) FROM target_states GROUP BY 1, 2"
    with project.target() as connection:
        return {(target, state): count for target, state, count in connection.execute(query)}


def _sum_business_seconds(project: Project) -> float:
    """Return the sum of all business seconds but those that Chatwoot computed."""
    total = 0.0
    with project.target() as connection:
        for table, columns in TABLES.items():
            for column in columns:
                if "business_seconds" in column:
                    query = sql.SQL("SELECT coalesce(sum({}), 0) FROM {}")
                    query = query.format(sql.Identifier(column), sql.Identifier(table))
                    (value,) = connection.execute(query).fetchall()[0]
                    total += value
    return total


def _count_episodes(project: Project) -> dict[int, int]:
    """Return the number of episodes of conversations that have several."""
    query = "SELECT conversation_id, count(*) FROM episodes GROUP BY 1 HAVING count(*) > 1"
    with project.target() as connection:
        return dict(connection.execute(query).fetchall())


def _read_replies(project: Project) -> list[tuple[Any, ...]]:
    with project.target() as connection:
        return connection.execute("SELECT event_date, agent_id, human_replies FROM daily_by_agent").fetchall()


def _count_computed(result: dg.ExecuteInProcessResult) -> int:
    return len(written_days(result, "conversation_facts"))


def test_day_computed_in_parts_equals_the_whole_day(filled: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.load(FIRST, LAST)
    whole = read_tables(filled)
    monkeypatch.setattr(batches, "CONVERSATIONS_PER_BATCH", 2)
    filled.load(FIRST, LAST, force=True)
    assert read_tables(filled) == whole


def test_day_without_metrics_counts_as_not_loaded(filled: Project) -> None:
    filled.load(FIRST, LAST)
    with filled.target() as connection:
        connection.execute("UPDATE partition_state SET definition = NULL WHERE conversation_date = %s", [DATE])
        connection.commit()
        loaded = loaded_fingerprints(connection)
    assert set(loaded[DATE].values()) == {None}
    assert None not in loaded[FIRST].values()
    result = filled.load(FIRST, LAST)
    assert _count_computed(result) == 1
    assert written_days(result, Dataset.CONVERSATIONS.value) == []


def test_conversation_that_moved_to_another_day_is_stored_once(filled: Project) -> None:
    filled.load(FIRST, LAST)
    with filled.source() as connection:
        connection.execute("UPDATE conversations SET created_at = '2025-03-14 12:00' WHERE id = 3")
    filled.load(LAST)  # the day that it moved to, but not the day that it left
    with filled.target() as connection:
        dates = connection.execute("SELECT conversation_date FROM conversation_facts WHERE conversation_id = 3")
        assert dates.fetchall() == [(LAST,)]
    filled.load(FIRST, LAST)
    assert check_metrics(filled) == {}


def test_rows_deleted_in_chatwoot_leave_every_table(filled: Project) -> None:
    filled.load(FIRST, LAST)
    with filled.source() as connection:
        connection.execute("DELETE FROM conversations")
    filled.load(FIRST, LAST)
    assert {table: rows for table, rows in read_tables(filled).items() if rows} == {}


def _read_columns(connection: psycopg.Connection, table: str) -> list[tuple[Any, ...]]:
    return connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        [table],
    ).fetchall()


def _read_key(connection: psycopg.Connection, table: str) -> set[str]:
    rows = connection.execute(
        "SELECT a.attname FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid"
        " AND a.attnum = ANY (i.indkey) WHERE i.indrelid = %s::regclass AND i.indisprimary",
        [table],
    ).fetchall()
    return {name for (name,) in rows}


def test_tables_have_the_declared_columns_and_keys(postgres: Postgres) -> None:
    database = Warehouse(url=postgres.new_database())
    migrate(database)
    with database.connect() as connection:
        for table, columns in TABLES.items():
            types = {
                name: column.type.replace("timestamptz", "timestamp with time zone") for name, column in columns.items()
            }
            assert list(types.items()) == _read_columns(connection, table)
        assert {table: set(key) for table, key in SUMMED.items()} == {
            table: _read_key(connection, table) for table in SUMMED
        }
