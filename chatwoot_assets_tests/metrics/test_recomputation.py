"""Which days are computed again: those that changed, and all of them after a change of the rules."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from psycopg import sql

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.holiday_calendar import HolidayCalendar, HolidayRule
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.warehouse.partition_state import loaded_fingerprints
from chatwoot_assets_tests.metrics.tables import check_metrics, count_computed, read_tables, with_targets
from chatwoot_assets_tests.project import Project, written_days

FIRST, LAST = datetime.date(2025, 3, 10), datetime.date(2025, 3, 14)
DATE = datetime.date(2025, 3, 11)


def test_repeated_run_computes_nothing_and_forced_run_everything(filled: Project) -> None:
    filled.load(FIRST, LAST)
    before = read_tables(filled)
    assert count_computed(filled.load(FIRST, LAST)) == 0
    assert count_computed(filled.load(FIRST, LAST, force=True)) == 5
    assert read_tables(filled) == before


def test_only_changed_days_are_computed_again(filled: Project) -> None:
    filled.load(FIRST, LAST)
    with filled.source() as connection:
        connection.execute("UPDATE messages SET content = 'outra' WHERE conversation_id = 4")
    assert count_computed(filled.load(FIRST, LAST)) == 1


def test_changed_bot_ids_recompute_metrics_without_reading_chatwoot(filled: Project) -> None:
    filled.load(FIRST, LAST)
    assert sum(row[2] for row in _read_replies(filled)) > 0
    changed = replace(filled, settings=replace(filled.settings, bot_user_ids=frozenset({7})))
    result = changed.load(FIRST, LAST)
    assert count_computed(result) == 5
    assert written_days(result, Dataset.CONVERSATIONS.value) == []
    assert sum(row[2] for row in _read_replies(changed)) == 0


def test_changed_episode_gap_recomputes_metrics_without_reading_chatwoot(filled: Project) -> None:
    with filled.writing() as writer:
        writer.message(1, "2025-03-13 12:00", id=5_000)
    filled.load(FIRST, LAST)
    assert _count_episodes(filled) == {1: 2}
    changed = replace(filled, settings=replace(filled.settings, episode_gap=datetime.timedelta(hours=48)))
    result = changed.load(FIRST, LAST)
    assert count_computed(result) == 5
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
    assert count_computed(result) == 5
    assert written_days(result, Dataset.CONVERSATIONS.value) == []
    assert _sum_business_seconds(changed) == 0
    assert check_metrics(changed) == {}


def test_changed_targets_recompute_metrics_without_reading_chatwoot(filled: Project) -> None:
    filled.load(FIRST, LAST)
    assert _count_states(filled) == {}
    changed = with_targets(filled)
    result = changed.load(FIRST, LAST)
    assert count_computed(result) == 5
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
                    total_of = sql.SQL("SELECT coalesce(sum({}), 0) FROM {}")
                    query = total_of.format(sql.Identifier(column), sql.Identifier(table))
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


def test_day_without_metrics_counts_as_not_loaded(filled: Project) -> None:
    filled.load(FIRST, LAST)
    with filled.target() as connection:
        connection.execute("UPDATE partition_state SET definition = NULL WHERE conversation_date = %s", [DATE])
        connection.commit()
        loaded = loaded_fingerprints(connection)
    assert set(loaded[DATE].values()) == {None}
    assert None not in loaded[FIRST].values()
    result = filled.load(FIRST, LAST)
    assert count_computed(result) == 1
    assert written_days(result, Dataset.CONVERSATIONS.value) == []
