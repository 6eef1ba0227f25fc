"""An independent implementation of the data contract: plain Python over the source's raw tables.

Tests compare the product's rows with these. Nothing of the product belongs here, no SQL that computes (it only reads
columns), and nothing that is fast but not plain. Tables are compared by `comparison`; single values are read by
`oracle_values`.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from psycopg.rows import dict_row

from chatwoot_assets_tests.comparison import close, differences
from chatwoot_assets_tests.oracle_attributes import Allowed, allowed_attributes, expected_attributes
from chatwoot_assets_tests.oracle_values import (
    MESSAGE_TYPES,
    PRIORITIES,
    STATUSES,
    SourceTime,
    compact_utc,
    is_deleted,
    local_time,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg


__all__ = [
    "close",
    "differences",
    "expected_conversations",
]

Row = dict[str, Any]

_RESOLVED = 1


def expected_conversations(
    connection: psycopg.Connection[Any], timezone: str, day: date | None = None, *, custom_attributes: str = ""
) -> dict[int, Row]:
    """Return the rows that `conversas_analytics` must have, without `extracted_at`, by conversation id.

    Args:
        connection: The source, with Chatwoot's tables in the schema `public`.
        timezone: The IANA zone in which a conversation belongs to a day.
        day: Only this day's conversations; None for those of all days. A conversation whose created_at is infinite,
            or outside the years 1 to 9999, belongs to no day.
        custom_attributes: The setting CUSTOM_ATTRIBUTES.
    """
    zone = ZoneInfo(timezone)
    conversations = []
    for row in _select(
        connection,
        "SELECT id, display_id, account_id, inbox_id, contact_id, assignee_id, team_id, status, priority,"
        " created_at::text AS created_at, updated_at::text AS updated_at,"
        " first_reply_created_at::text AS first_reply_created_at, custom_attributes, additional_attributes"
        " FROM public.conversations",
    ):
        local = local_time(SourceTime.read(row["created_at"]), zone)
        if local is not None and (day is None or local.date() == day):
            conversations.append((row, local))
    return _rows(connection, conversations, zone, allowed_attributes(connection, custom_attributes))


def _rows(
    connection: psycopg.Connection[Any], conversations: list[tuple[Row, datetime]], zone: ZoneInfo, allowed: Allowed
) -> dict[int, Row]:
    ids = [row["id"] for row, _ in conversations]
    messages = _messages(connection, ids)
    ratings = _ratings(connection, ids)
    contacts = _by_id(
        connection,
        "SELECT id, name, email, phone_number, account_id, custom_attributes FROM public.contacts WHERE id = ANY(%s)",
        {row["contact_id"] for row, _ in conversations},
    )
    inboxes = _by_id(
        connection,
        "SELECT id, name, channel_type FROM public.inboxes WHERE id = ANY(%s)",
        {row["inbox_id"] for row, _ in conversations},
    )
    users = _by_id(
        connection,
        "SELECT id, name FROM public.users WHERE id = ANY(%s)",
        {row["assignee_id"] for row, _ in conversations},
    )
    return {
        row["id"]: {
            **_own_columns(row, local),
            **_names(contacts.get(row["contact_id"]), inboxes.get(row["inbox_id"]), users.get(row["assignee_id"])),
            **_message_columns(messages[row["id"]]),
            **_rating_columns(ratings[row["id"]]),
            **_attribute_columns(row, contacts.get(row["contact_id"]), allowed, zone),
        }
        for row, local in conversations
    }


def _own_columns(row: Row, local: datetime) -> Row:
    created_at = SourceTime.read(row["created_at"]).moment
    first_reply_at = SourceTime.read(row["first_reply_created_at"]).moment
    kept = ("id", "display_id", "account_id", "inbox_id", "contact_id", "assignee_id", "team_id")
    return {
        **{column: row[column] for column in kept},
        "status": word(STATUSES, row["status"]),
        "status_code": row["status"],
        "priority": word(PRIORITIES, row["priority"]),
        "priority_code": row["priority"],
        "created_at": created_at,
        "updated_at": SourceTime.read(row["updated_at"]).moment,
        "first_response_seconds": _seconds_between(created_at, first_reply_at),
        "is_resolved": row["status"] == _RESOLVED,
        "is_assigned": row["assignee_id"] is not None,
        "conversation_date": local.date(),
        "conversation_hour": local.hour,
        "day_of_week": local.isoweekday() % 7,
    }


def _names(contact: Row | None, inbox: Row | None, user: Row | None) -> Row:
    return {
        "contact_name": contact["name"] if contact else None,
        "contact_email": contact["email"] if contact else None,
        "contact_phone": contact["phone_number"] if contact else None,
        "client_phone": contact["phone_number"] if contact else None,
        "inbox_name": inbox["name"] if inbox else None,
        "inbox_type": inbox["channel_type"] if inbox else None,
        "assignee_name": user["name"] if user else None,
    }


def _attribute_columns(row: Row, contact: Row | None, allowed: Allowed, zone: ZoneInfo) -> Row:
    own = row["custom_attributes"], row["additional_attributes"]
    return {
        "custom_attributes": expected_attributes(allowed, "conversation", row["account_id"], *own, zone),
        "contact_attributes": (
            expected_attributes(allowed, "contact", contact["account_id"], contact["custom_attributes"], None, zone)
            if contact
            else {}
        ),
    }


def _message_columns(messages: list[Row]) -> Row:
    """Return the columns that follow from one conversation's messages, which are in the contract's order."""
    from_contacts = [message for message in messages if message["sender_type"] == "Contact"]
    public = [message for message in messages if not message["private"]]
    moments = [message["time"].moment for message in public if message["time"].moment is not None]
    first, last = min(moments, default=None), max(moments, default=None)
    return {
        "message_compiled": [_compiled(message) for message in messages],
        "t_messages": len(messages),
        "client_sender_id": from_contacts[-1]["sender_id"] if from_contacts else None,
        "user_msg_count": sum(message["sender_type"] == "User" for message in public),
        "contact_msg_count": sum(message["sender_type"] == "Contact" for message in public),
        "first_message_at": first,
        "last_message_at": last,
        "duration_seconds": _seconds_between(first, last),
    }


def _compiled(message: Row) -> Row:
    return {
        "id": message["id"],
        "created_at": compact_utc(message["time"].moment),
        "message_type": word(MESSAGE_TYPES, message["message_type"]),
        "sender_type": message["sender_type"],
        "sender_id": message["sender_id"],
        "private": message["private"],
        "deleted": is_deleted(message["content_attributes"]),
        "content": message["content"],
    }


def _rating_columns(ratings: list[Row]) -> Row:
    """Return the columns that follow from one conversation's CSAT responses, the oldest first."""
    latest = ratings[-1] if ratings else None
    return {
        "rating": latest["rating"] if latest else None,
        "feedback_message": latest["feedback_message"] if latest else None,
        "rated_at": latest["time"].moment if latest else None,
        "csat_responses": len(ratings),
    }


def _messages(connection: psycopg.Connection[Any], ids: list[int]) -> dict[int, list[Row]]:
    return _in_order_by_conversation(
        _select(
            connection,
            "SELECT id, conversation_id, created_at::text AS created_at, message_type, sender_type,"
            " sender_id, private, content, content_attributes::text AS content_attributes"
            " FROM public.messages WHERE conversation_id = ANY(%s)",
            ids,
        )
    )


def _ratings(connection: psycopg.Connection[Any], ids: list[int]) -> dict[int, list[Row]]:
    return _in_order_by_conversation(
        _select(
            connection,
            "SELECT id, conversation_id, created_at::text AS created_at, rating, feedback_message"
            " FROM public.csat_survey_responses WHERE conversation_id = ANY(%s)",
            ids,
        )
    )


def _in_order_by_conversation(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """Group rows by conversation, each group ordered by created_at and id, with unreadable times first."""
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["conversation_id"]].append({**row, "time": SourceTime.read(row["created_at"])})
    for group in groups.values():
        group.sort(key=lambda row: (row["time"].order, row["id"]))
    return groups


def _by_id(connection: psycopg.Connection[Any], query: str, ids: set[int | None]) -> dict[int | None, Row]:
    return {row["id"]: row for row in _select(connection, query, [id_ for id_ in ids if id_ is not None])}


def _select(connection: psycopg.Connection[Any], query: str, ids: list[int] | None = None) -> list[Row]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode(), None if ids is None else [ids]).fetchall()


def _seconds_between(start: datetime | None, end: datetime | None) -> float | None:
    return None if start is None or end is None else (end - start) / timedelta(seconds=1)
