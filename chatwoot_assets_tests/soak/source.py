"""The changes that Chatwoot, its users and its administrators make to its tables.

A method that needs a row takes a number and picks the row at that position, modulo the number of rows, so that any
number fits any history. Late changes go through a second connection whose transaction stays open until it is committed
or rolled back. A change to a row that the other connection has locked is skipped.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from chatwoot_assets_tests.source_writer import SourceWriter

if TYPE_CHECKING:
    from typing_extensions import LiteralString

_TABLES = (
    "csat_survey_responses",
    "reporting_events",
    "taggings",
    "tags",
    "working_hours",
    "messages",
    "conversations",
    "contacts",
    "users",
    "inboxes",
)
AGENTS, CONTACTS, INBOXES, TAGS = range(1, 4), range(1, 7), range(10, 12), range(1, 4)


@dataclass
class HistorySource:
    """A Chatwoot database, and the changes of a history.

    Attributes:
        url: The database, with Chatwoot's tables.
    """

    url: str
    _now: psycopg.Connection = field(init=False)
    _late: psycopg.Connection = field(init=False)
    _last_id: int = 0

    def __post_init__(self) -> None:
        options = "-c timezone=UTC -c lock_timeout=20ms"
        self._now = psycopg.connect(self.url, autocommit=True, options=options)
        self._late = psycopg.connect(self.url, options=options)

    def reset(self) -> None:
        """Empty the tables, and insert some agents, contacts, inboxes and labels."""
        self._late.rollback()
        for table in _TABLES:
            self._now.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        self._last_id = 0
        writer = SourceWriter(self._now)
        if self._now.execute("SELECT 1 FROM accounts").fetchone() is None:
            writer.account(1, "Loja")
        for id_ in AGENTS:
            writer.user(id_, f"Agente {id_}")
        for id_ in CONTACTS:
            writer.contact(id_, f"Cliente {id_}", phone_number=f"+55119{id_:08}")
        for id_ in INBOXES:
            writer.inbox(id_, f"Caixa {id_}", working_hours_enabled=id_ % 2 == 0, timezone="America/Sao_Paulo")
        for id_ in TAGS:
            writer.tag(id_, f"etiqueta {id_}")

    def populate(self, days: list[datetime.date]) -> None:
        """Insert two conversations with messages on each day, one of them rated."""
        for day in days:
            for hour in ("12:00", "18:30"):
                columns = {"assignee_id": 1 + day.day % 3, "contact_id": 1 + day.day % 6}
                self.conversation(f"{day} {hour}", late=False, **columns)
                conversation_id = self._last_id
                for text in ("oi", "tudo bem?"):
                    self._last_id += 1
                    SourceWriter(self._now).message(conversation_id, f"{day} {hour}:30", text, id=self._last_id)
            self._last_id += 1
            SourceWriter(self._now).rating(conversation_id, f"{day} 20:00", 4, id=self._last_id)

    def close(self) -> None:
        """Close both connections; uncommitted changes are lost."""
        self._late.close()
        self._now.close()

    def finish_late(self, *, commit: bool) -> None:
        """Commit the late changes, or roll them back."""
        if commit:
            self._late.commit()
        else:
            self._late.rollback()

    def conversation(self, created_at: str, late: bool, **columns: object) -> None:
        """Insert a conversation."""
        self._write("conversations", late, {"created_at": created_at, **columns})

    def message(self, number: int, created_at: str, late: bool, **columns: object) -> None:
        """Insert a message of a conversation."""
        self._write("messages", late, {"conversation_id": number, "created_at": created_at, **columns})

    def rating(self, number: int, created_at: str, rating: int, late: bool) -> None:
        """Insert a rating of a conversation."""
        row = {"conversation_id": number, "created_at": created_at, "rating": rating}
        self._write("csat_survey_responses", late, row)

    def event(self, number: int, created_at: str, name: str, late: bool) -> None:
        """Insert a reporting event of a conversation."""
        self._write("reporting_events", late, {"conversation_id": number, "created_at": created_at, "name": name})

    def label(self, number: int, tag: int) -> None:
        """Add a label to a conversation, or remove it; taggings leave no trace."""
        id_ = self._pick("conversations", number)
        if id_ is None:
            return
        removed = self._now.execute(
            "DELETE FROM taggings WHERE taggable_id = %s AND tag_id = %s AND context = 'labels' RETURNING 1", [id_, tag]
        ).fetchone()
        if removed is None:
            self._last_id += 1
            SourceWriter(self._now).label(id_, tag, id=self._last_id)

    def opening_hours(self, inbox: int, weekday: int, closes: int) -> None:
        """Let an inbox open from nine until some minute of a weekday."""
        self._now.execute("DELETE FROM working_hours WHERE inbox_id = %s AND day_of_week = %s", [inbox, weekday])
        self._last_id += 1
        SourceWriter(self._now).opens(inbox, weekday, 9 * 60, closes, id=self._last_id)

    def _write(self, table: str, late: bool, row: dict[str, Any]) -> None:
        """Insert a row; ids are assigned in order, also to rows that are committed late."""
        if "conversation_id" in row:
            picked = self._pick("conversations", row["conversation_id"])
            if picked is None:
                return
            row["conversation_id"] = picked
        self._last_id += 1
        connection = self._late if late else self._now
        writer = SourceWriter(connection)
        if table == "conversations":
            created_at = row.pop("created_at")
            writer.conversation(created_at, id=self._last_id, **row)
        elif table == "reporting_events":
            writer.event(row["conversation_id"], row["created_at"], row["name"], id=self._last_id)
        elif table == "messages":
            writer.message(row.pop("conversation_id"), row.pop("created_at"), id=self._last_id, **row)
        else:
            writer.rating(row["conversation_id"], row["created_at"], row["rating"], id=self._last_id)

    def update(self, table: str, number: int, changes: dict[str, Any], touch: str | None, late: bool = False) -> None:
        """Change a row's columns, and `updated_at` if `touch` is not None."""
        id_ = self._pick(table, number)
        changes = {**changes, **({"updated_at": touch} if touch else {})}
        assignments = sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(column), sql.Placeholder()) for column in changes
        )
        statement = sql.SQL("UPDATE {} SET {} WHERE id = %s").format(sql.Identifier(table), assignments)
        self._execute(statement, [*changes.values(), id_], late=late)

    def soft_delete(self, number: int, encoded_twice: bool, late: bool) -> None:
        """Delete a message as Chatwoot does; some versions encode the mark twice."""
        mark = json.dumps({"deleted": True})
        changes = {
            "content": "This message was deleted",
            "content_attributes": json.dumps(mark) if encoded_twice else mark,
        }
        self.update("messages", number, changes, None, late)

    def delete(self, table: str, number: int, late: bool = False) -> None:
        """Delete a row, but nothing that belongs to it."""
        statement = sql.SQL("DELETE FROM {} WHERE id = %s").format(sql.Identifier(table))
        self._execute(statement, [self._pick(table, number)], late=late)

    def delete_conversation(self, number: int, children: bool) -> None:
        """Delete a conversation, with or without its children, which Chatwoot's jobs delete later."""
        id_ = self._pick("conversations", number)
        self._execute("DELETE FROM conversations WHERE id = %s", [id_])
        if children:
            self._execute("DELETE FROM messages WHERE conversation_id = %s", [id_])
            self._execute("DELETE FROM csat_survey_responses WHERE conversation_id = %s", [id_])
            self._execute("DELETE FROM reporting_events WHERE conversation_id = %s", [id_])

    def empty_days(self, start: str, end: str) -> None:
        """Delete every conversation between two instants."""
        self._execute("DELETE FROM conversations WHERE created_at >= %s AND created_at < %s", [start, end])

    def merge_contacts(self, kept: int, merged: int) -> None:
        """Merge one contact into another, as Chatwoot does."""
        base, mergee = self._pick("contacts", kept), self._pick("contacts", merged)
        if base == mergee:
            return
        self._execute("UPDATE conversations SET contact_id = %s WHERE contact_id = %s", [base, mergee])
        self._execute(
            "UPDATE messages SET sender_id = %s WHERE sender_type = 'Contact' AND sender_id = %s", [base, mergee]
        )
        self._execute("DELETE FROM csat_survey_responses WHERE contact_id = %s", [mergee])
        self._execute("DELETE FROM contacts WHERE id = %s", [mergee])

    def remove_agent(self, number: int, senders: bool) -> None:
        """Delete an agent; updated_at does not change.

        Messages lose their sender in new versions of Chatwoot only.
        """
        id_ = self._pick("users", number)
        self._execute("UPDATE conversations SET assignee_id = NULL WHERE assignee_id = %s", [id_])
        if senders:
            self._execute(
                "UPDATE messages SET sender_type = NULL, sender_id = NULL"
                " WHERE sender_type = 'User' AND sender_id = %s",
                [id_],
            )
        self._execute("DELETE FROM users WHERE id = %s", [id_])

    def add_agent(self) -> None:
        """Add an agent."""
        self._last_id += 1
        SourceWriter(self._now).user(self._last_id + 1000, f"Agente {self._last_id}")

    def terminate_readers(self) -> None:
        """Close every connection of the product, as an administrator or a proxy may."""
        self._now.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'chatwoot_assets' AND datname = current_database()"
        )

    def _pick(self, table: str, number: int) -> int | None:
        query = sql.SQL("SELECT array_agg(id ORDER BY id) FROM {}").format(sql.Identifier(table))
        row = self._now.execute(query).fetchone()
        ids = row[0] if row and row[0] else []
        return ids[number % len(ids)] if ids else None

    def _execute(self, statement: sql.Composed | LiteralString, values: list[Any], *, late: bool = False) -> None:
        try:
            if late:
                with self._late.transaction():
                    self._late.execute(statement, values)
            else:
                self._now.execute(statement, values)
        except psycopg.errors.LockNotAvailable:
            pass  # the other connection has locked the row
