"""Write messages into the sample as Chatwoot does: a row, and the conversation's last activity."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass

import psycopg

from benchmarks.data import Bench

_MESSAGE = """
INSERT INTO messages (
    content, account_id, inbox_id, conversation_id, message_type, created_at, updated_at, sender_type, sender_id
)
SELECT 'one more message', account_id, inbox_id, id, 0, %(now)s, %(now)s, 'Contact', contact_id
FROM conversations WHERE id = %(conversation)s
RETURNING id
"""
_ACTIVITY = "UPDATE conversations SET last_activity_at = %(now)s, updated_at = %(now)s WHERE id = %(conversation)s"


@dataclass(frozen=True)
class Written:
    """A message that was committed.

    Attributes:
        id: Its id.
        committed_at: When its transaction had been committed.
    """

    id: int
    committed_at: datetime.datetime


def write_message(connection: psycopg.Connection, conversation: int) -> Written:
    """Add a message to a conversation and commit it."""
    now = datetime.datetime.now(datetime.timezone.utc)
    values = {"now": now.replace(tzinfo=None), "conversation": conversation}
    with connection.transaction():
        row = connection.execute(_MESSAGE, values).fetchone()
        connection.execute(_ACTIVITY, values)
    assert row is not None
    return Written(row[0], datetime.datetime.now(datetime.timezone.utc))


def conversations_on_days(bench: Bench, days: int, generator: random.Random) -> list[int]:
    """Return one conversation on each of some random days of the sample."""
    chosen = sorted(generator.sample(bench.all_days, days), key=lambda day: day.date)
    query = "SELECT id FROM conversations WHERE created_at >= %s AND created_at < %s ORDER BY id"
    with psycopg.connect(bench.source_url) as connection:
        candidates = [connection.execute(query, [day.start, day.end]).fetchall() for day in chosen]
    return [generator.choice(ids)[0] for ids in candidates if ids]
