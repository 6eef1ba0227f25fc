"""The extract's queries, for some days: `sql/extract/*.sql`, composed."""

from __future__ import annotations

from psycopg import sql

from chatwoot_assets.extract.frames import CONVERSATIONS, CSAT, MESSAGES, METRICS
from chatwoot_assets.partitions import Day
from chatwoot_assets.sql_files import compose, sql_path

_FILES = {
    CONVERSATIONS: "conversations.sql",
    METRICS: "metrics.sql",
    MESSAGES: "messages.sql",
    CSAT: "csat.sql",
}

# What a row's hash covers: what Chatwoot holds. What the views make of these columns by their definition
# alone (words for codes, flags, hour and weekday) is left out: it cost as much as all the rest.
_HASHED = {
    CONVERSATIONS: (
        "id", "display_id", "account_id", "inbox_id", "contact_id", "assignee_id", "team_id", "status_code",
        "priority_code", "created_at", "updated_at", "contact_name", "contact_email", "contact_phone", "inbox_name",
        "inbox_type", "assignee_name",
    ),
    METRICS: ("conversation_id", "first_response_seconds"),
    MESSAGES: (
        "conversation_id", "id", "created_at", "message_type_code", "sender_type", "sender_id", "private", "deleted",
        "content",
    ),
    CSAT: ("conversation_id", "rating", "feedback_message", "rated_at", "csat_responses"),
}  # fmt: skip


def day_rows(reading: str, schema: str, days: list[Day]) -> sql.Composed:
    """Return the query of a reading's rows from the first of `days` to the last, without a semicolon."""
    return _compose(_FILES[reading], schema, days)


def row_hash(reading: str) -> sql.Composed:
    """Return the expression of the hash of a reading's row, which goes by the name `r`."""
    columns = sql.SQL(", ").join(sql.Identifier("r", name) for name in _HASHED[reading])
    return sql.SQL("hash_record_extended(ROW({}), 0)").format(columns)


def hash_column(reading: str) -> str:
    """Return the name of the column in which rows are read with their hashes."""
    return f"{reading}_hash"


def hashed_conversations(schema: str, days: list[Day]) -> sql.Composed:
    """Return the query of the days' conversations, each with its row's hash.

    Of the hashes' sum a day's fingerprint is made, at no second reading.
    """
    return sql.SQL("SELECT r.*, {} AS {} FROM ({}) AS r").format(
        row_hash(CONVERSATIONS), sql.Identifier(hash_column(CONVERSATIONS)), day_rows(CONVERSATIONS, schema, days)
    )


def hashed_rows_of(reading: str, schema: str, days: list[Day], conversations: list[int]) -> sql.Composed:
    """Return the query of what belongs to some conversations of the days, each row with its hash.

    Asked for by id: there is no index on a conversation's created_at, and looking for the days' conversations
    once more was half of what this query cost the source.
    """
    return sql.SQL("SELECT r.*, {} AS {} FROM ({}) AS r WHERE r.conversation_id = ANY({}::integer[])").format(
        row_hash(reading),
        sql.Identifier(hash_column(reading)),
        day_rows(reading, schema, days),
        sql.Literal(conversations),
    )


def day_sizes(schema: str, days: list[Day]) -> sql.Composed:
    """Return the query of how many conversations each day has."""
    return _compose("sizes.sql", schema, days)


def latest_message(schema: str) -> sql.Composed:
    """Return the query of the largest message id, and of the time of the newest of the last messages."""
    return _compose("latest_message.sql", schema, [])


def written_since(schema: str, days: list[Day], after_id: int) -> sql.Composed:
    """Return the query of those of `days`, by position, that have messages of ids larger than `after_id`."""
    return compose(
        sql_path("extract", "written_since.sql"),
        views_schema=schema,
        bounds=[day.start for day in days],
        after_id=after_id,
        starts_at=days[0].start,
        ends_at=days[-1].end,
    )


def _compose(name: str, schema: str, days: list[Day]) -> sql.Composed:
    bounds = (days[0].start, days[-1].end) if days else (None, None)
    return compose(sql_path("extract", name), views_schema=schema, starts_at=bounds[0], ends_at=bounds[1])
