"""Moved conversations: all of them belong to another day at once, as after a change of the time zone.

Each day takes rows that the next day holds, which is replaced at the same time.
"""

from __future__ import annotations

import datetime

import pytest
from psycopg import sql

from chatwoot_assets.refresh import batches
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.soak.reference_state import find_inconsistencies

FIRST, LAST = datetime.date(2025, 3, 10), datetime.date(2025, 3, 17)
CONVERSATIONS = 800


@pytest.mark.parametrize("days_later", [-1, 1])
def test_days_that_exchange_conversations_do_not_deadlock(
    project: Project, monkeypatch: pytest.MonkeyPatch, days_later: int
) -> None:
    monkeypatch.setattr(batches, "CONVERSATIONS_PER_BATCH", CONVERSATIONS // 4)
    with project.writing() as writer:
        for number in range(1, CONVERSATIONS + 1):
            writer.conversation(f"2025-03-{11 + number % 6} 12:00", id=number)
            writer.message(number, f"2025-03-{11 + number % 6} 12:01")
    project.load(FIRST, LAST)
    with project.source() as connection:
        connection.execute("UPDATE conversations SET created_at = created_at + %s * interval '1 day'", [days_later])
    project.load(FIRST, LAST)
    with project.target() as target:
        assert find_inconsistencies(target) == []
        for table in ("conversas_analytics", "conversation_facts", "response_intervals"):
            count = sql.SQL("SELECT count(*), min(conversation_date) FROM {}").format(sql.Identifier(table))
            row = target.execute(count).fetchone()
            assert row == (CONVERSATIONS, datetime.date(2025, 3, 11 + days_later))
        deadlocks = target.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        assert deadlocks.fetchone() == (0,)
