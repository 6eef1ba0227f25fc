"""Search the two databases for a contact or a conversation, by the queries of `sql/erasure/`.

In Chatwoot only the views are read, in the caller's snapshot, and only by queries that an index answers. Rows that no
conversation leads to are therefore not found there: a contact that never wrote, and messages that Chatwoot deletes in
the background after their conversation.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from chatwoot_assets.erasure.subject import Found, Subject, add_up
from chatwoot_assets.progress import Progress, Report
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets.sql_files import compose, sql_path

# How many conversations one query searches: no index finds the messages of a contact in the warehouse.
CONVERSATIONS_PER_QUERY = 2_000


def find_in_chatwoot(source: Snapshot, schema: str, subject: Subject) -> list[Found]:
    """Return the rows of the views that belong to the subject.

    Raises:
        SourceError: The source cannot be read.
    """
    query = compose(sql_path("erasure", f"chatwoot_{subject.kind}.sql"), views_schema=schema, subject_id=subject.id)
    return add_up(source.read(query).rows())


def find_in_tables(connection: psycopg.Connection, subject: Subject, report: Report) -> list[Found]:
    """Return the rows of the warehouse that contain data of the subject.

    Data of contacts are in conversas_analytics, messages, episodes and campaign_deliveries only: the other tables have
    ids of conversations, and sums.
    """
    path = sql_path("erasure", f"local_{subject.kind}.sql")
    if subject.kind == "conversation":
        return add_up(connection.execute(compose(path, subject_id=subject.id)).fetchall())
    sizes = connection.execute(
        "SELECT conversation_date::text, count(*) FROM conversas_analytics GROUP BY 1 ORDER BY 1"
    ).fetchall()
    rows = connection.execute(compose(sql_path("erasure", "local_campaigns.sql"), subject_id=subject.id)).fetchall()
    done, conversations = 0, 0
    for days, size in _batches(sizes):
        query = compose(path, subject_id=subject.id, first_day=days[0], last_day=days[-1])
        rows += connection.execute(query).fetchall()
        done, conversations = done + len(days), conversations + size
        report(Progress("the local tables", done, len(sizes), "days", conversations))
    return add_up(rows)


def _batches(sizes: list[tuple[str, int]]) -> Iterator[tuple[list[str], int]]:
    """Yield batches of days with a bounded number of conversations, and that number."""
    days: list[str] = []
    conversations = 0
    for day, size in sizes:
        if days and conversations + size > CONVERSATIONS_PER_QUERY:
            yield days, conversations
            days, conversations = [], 0
        days.append(day)
        conversations += size
    if days:
        yield days, conversations
