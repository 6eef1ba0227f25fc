"""What must hold in the metrics tables: a recount of Chatwoot's raw tables in plain SQL."""

from __future__ import annotations

import datetime
from typing import Any

import psycopg

from chatwoot_assets_tests.metrics.tables import check_metrics
from chatwoot_assets_tests.project import Project

# Each conversation's labels, messages by type, and events.
_FACTS_IN_CHATWOOT = """
SELECT
    c.id,
    ARRAY(
        SELECT tags.name FROM taggings JOIN tags ON tags.id = tag_id
        WHERE taggable_id = c.id AND context = 'labels' ORDER BY tags.name
    ),
    (SELECT count(*) FROM messages AS m WHERE m.conversation_id = c.id AND m.message_type = 0),
    (SELECT count(*) FROM messages AS m WHERE m.conversation_id = c.id AND m.message_type = 1),
    ARRAY(SELECT e.id FROM reporting_events AS e WHERE e.conversation_id = c.id ORDER BY e.id)
FROM conversations AS c WHERE c.id = ANY(%s)
"""
_FACTS = """
SELECT
    f.conversation_id,
    f.labels,
    f.incoming_messages,
    f.outgoing_messages,
    ARRAY(SELECT e.id FROM conversation_events AS e WHERE e.conversation_id = f.conversation_id ORDER BY e.id)
FROM conversation_facts AS f
"""
_INBOXES_WITHOUT_HOURS = "SELECT DISTINCT inbox_id, sum_wait_business_seconds IS NULL FROM conversation_facts"
# The sum of all changes is the backlog now.
_BACKLOG = "SELECT sum(open), sum(pending), sum(snoozed), sum(unassigned), sum(unattended) FROM backlog_changes"
_BACKLOG_IN_CHATWOOT = """
SELECT
    count(*) FILTER (WHERE status = 0),
    count(*) FILTER (WHERE status = 2),
    count(*) FILTER (WHERE status = 3),
    count(*) FILTER (WHERE status = 0 AND assignee_id IS NULL),
    count(*) FILTER (WHERE status = 0 AND (first_reply_created_at IS NULL OR waiting_since IS NOT NULL))
FROM conversations WHERE id = ANY(%s)
"""


def find_wrong_metrics(project: Project, expected: dict[int, dict[str, Any]]) -> list[str]:
    """Return every difference between the metrics and a recount.

    Args:
        project: The project.
        expected: The rows that conversas_analytics must have, by id.
    """
    ids = list(expected)
    with project.source() as source, project.target() as target:
        wrong = _compare_facts(source.execute(_FACTS_IN_CHATWOOT, [ids]).fetchall(), target.execute(_FACTS).fetchall())
        wrong += _compare_hours(source, target)
        current = source.execute(_BACKLOG_IN_CHATWOOT, [ids]).fetchone()
        summed = target.execute(_BACKLOG).fetchone()
        assert current is not None
        assert summed is not None
        if tuple(int(value or 0) for value in summed) != current:
            wrong.append(f"backlog: expected {current}, got {summed}")
        created = target.execute("SELECT event_date, sum(created) FROM daily_by_label WHERE label = '' GROUP BY 1")
        wrong += _compare_created(expected, {date: int(count) for date, count in created if count})
    return wrong + [f"metrics do not add up: {day} {count}" for day, count in check_metrics(project).items()]


def _compare_facts(source_rows: list[tuple[Any, ...]], target_rows: list[tuple[Any, ...]]) -> list[str]:
    expected, got = ({row[0]: row[1:] for row in rows} for rows in (source_rows, target_rows))
    return [
        f"facts of {id_}: expected {expected.get(id_)}, got {got.get(id_)}"
        for id_ in sorted(expected.keys() | got.keys())
        if expected.get(id_) != got.get(id_)
    ]


def _compare_hours(source: psycopg.Connection, target: psycopg.Connection) -> list[str]:
    """Only inboxes with working hours have business seconds, even if closed all week."""
    enabled = {id_ for (id_,) in source.execute("SELECT id FROM inboxes WHERE working_hours_enabled")}
    rows = target.execute(_INBOXES_WITHOUT_HOURS).fetchall()
    return [f"business seconds of inbox {id_}: NULL is {null}" for id_, null in rows if null == (id_ in enabled)]


def _compare_created(expected: dict[int, dict[str, Any]], got: dict[datetime.date, int]) -> list[str]:
    days: dict[datetime.date, int] = {}
    for row in expected.values():
        days[row["conversation_date"]] = days.get(row["conversation_date"], 0) + 1
    return [] if days == got else [f"created by day: expected {days}, got {got}"]
