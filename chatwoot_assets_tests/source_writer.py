"""Write single rows into Chatwoot's tables, with defaults for values that a test does not care about.

Timestamps are PostgreSQL's text, so that all of its values can be written. Ids are explicit or counted from 1001. The
tables' sequences are not used, so that a test can still add rows of its own.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from psycopg import sql

if TYPE_CHECKING:
    import psycopg

_LONG_AGO = "2017-01-01 00:00:00"


class SourceWriter:
    """Writes rows into one database; each method inserts one row and returns its id."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        tables = (
            "conversations", "messages", "csat_survey_responses", "reporting_events", "taggings", "working_hours",
            "custom_attribute_definitions",
        )  # fmt: skip
        self._ids = {table: count(1001) for table in tables}

    def account(self, id_: int, name: str) -> int:
        """Write an account; it must precede its conversations, whose display_id is counted per account."""
        return self._insert("accounts", {"id": id_, "name": name, **_stamps()})

    def user(self, id_: int, name: str, **columns: object) -> int:
        return self._insert("users", {"id": id_, "name": name, "uid": f"user-{id_}", **_stamps(), **columns})

    def inbox(self, id_: int, name: str, **columns: object) -> int:
        defaults = {"channel_id": id_, "account_id": 1, "channel_type": "Channel::WebWidget", **_stamps()}
        return self._insert("inboxes", {"id": id_, "name": name, **defaults, **columns})

    def contact(self, id_: int, name: str | None, **columns: object) -> int:
        return self._insert("contacts", {"id": id_, "name": name, "account_id": 1, **_stamps(), **columns})

    def team(self, id_: int, name: str) -> int:
        return self._insert("teams", {"id": id_, "name": name, "account_id": 1, **_stamps()})

    def attribute(self, key: str | None, type_: int, model: int = 0, **columns: object) -> int:
        """Define a custom attribute, by default of account 1's conversations."""
        row = {"attribute_key": key, "attribute_display_type": type_, "attribute_model": model}
        defaults = {"account_id": 1, "attribute_display_name": key, **_stamps()}
        return self._insert("custom_attribute_definitions", {**row, **defaults, **columns})

    def conversation(self, created_at: str, **columns: object) -> int:
        defaults = {"account_id": 1, "inbox_id": 10, "contact_id": 1, "status": 0, "updated_at": created_at}
        return self._insert("conversations", {**defaults, "created_at": created_at, **columns})

    def message(self, conversation_id: int, created_at: str, content: str | None = "x", **columns: object) -> int:
        """Write a message, by default an incoming one of contact 1."""
        defaults = {
            "account_id": 1,
            "inbox_id": 10,
            "message_type": 0,
            "sender_type": "Contact",
            "sender_id": 1,
            "updated_at": created_at,
        }
        row = {"conversation_id": conversation_id, "created_at": created_at, "content": content}
        return self._insert("messages", {**defaults, **row, **columns})

    def rating(self, conversation_id: int, created_at: str, rating: int, **columns: object) -> int:
        id_ = columns.pop("id", None) or next(self._ids["csat_survey_responses"])
        row = {"id": id_, "conversation_id": conversation_id, "created_at": created_at, "rating": rating}
        defaults = {"account_id": 1, "message_id": id_, "contact_id": 1, "updated_at": created_at}
        return self._insert("csat_survey_responses", {**row, **defaults, **columns})

    def event(
        self, conversation_id: int | None, at: str, name: str | None, value: float = 0.0, **columns: object
    ) -> int:
        """Write an event that Chatwoot recorded for its own reports, about something that ended at `at`."""
        row = {"conversation_id": conversation_id, "name": name, "value": value, "event_end_time": at}
        defaults = {"account_id": 1, "inbox_id": 10, "created_at": at, "updated_at": at, "event_start_time": at}
        return self._insert("reporting_events", {**row, **defaults, **columns})

    def tag(self, id_: int, name: str | None) -> int:
        return self._insert("tags", {"id": id_, "name": name})

    def label(self, conversation_id: int, tag_id: int, **columns: object) -> int:
        """Label a conversation, by a tagging."""
        row = {"taggable_id": conversation_id, "tag_id": tag_id, "created_at": _LONG_AGO}
        return self._insert("taggings", {**row, "taggable_type": "Conversation", "context": "labels", **columns})

    def opens(self, inbox_id: int, day_of_week: int, opens: int, closes: int, **columns: object) -> int:
        """Open an inbox on a weekday (Sunday is 0), from one minute of the day to another."""
        row = {
            "inbox_id": inbox_id, "account_id": 1, "day_of_week": day_of_week,
            "open_hour": opens // 60, "open_minutes": opens % 60, "close_hour": closes // 60,
            "close_minutes": closes % 60, **_stamps(),
        }  # fmt: skip
        return self._insert("working_hours", {**row, **columns})

    def _insert(self, table: str, columns: dict[str, Any]) -> int:
        if "id" not in columns:
            columns = {"id": next(self._ids[table]), **columns}
        self._connection.execute(
            sql.SQL("INSERT INTO public.{} ({}) VALUES ({})").format(
                sql.Identifier(table),
                sql.SQL(", ").join(map(sql.Identifier, columns)),
                sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
            ),
            list(columns.values()),
        )
        return int(columns["id"])


def _stamps() -> dict[str, Any]:
    return {"created_at": _LONG_AGO, "updated_at": _LONG_AGO}
