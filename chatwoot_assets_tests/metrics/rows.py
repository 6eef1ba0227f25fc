"""Hand-made rows of the extracts; a test states the values that it is about."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import polars as pl

from chatwoot_assets.columns import TIMESTAMP as TIMESTAMP
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.schemas import SCHEMAS

Row = dict[str, Any]
Schema = dict[str, pl.DataType | type[pl.DataType]]

ZONE = "America/Sao_Paulo"
NOON = datetime.datetime(2025, 3, 10, 12)  # noqa: DTZ001 (Chatwoot stores UTC without a zone); a Monday, 9:00 in ZONE
EVER = datetime.datetime(1, 1, 1)  # noqa: DTZ001 (UTC)
NEVER = datetime.datetime(9999, 1, 1)  # noqa: DTZ001 (UTC)
NO_BOTS = frozenset[int]()

CONVERSATIONS: Schema = {**SCHEMAS[Dataset.CONVERSATIONS], "conversation_date": pl.Date}
MESSAGES: Schema = SCHEMAS[Dataset.MESSAGES]
EVENTS: Schema = SCHEMAS[Dataset.EVENTS]
CSAT: Schema = SCHEMAS[Dataset.CSAT]


def after(seconds: float) -> datetime.datetime:
    """Return the instant that many seconds after the conversations were created."""
    return NOON + datetime.timedelta(seconds=seconds)


def conversation(**values: object) -> Row:
    """Return a conversation created at NOON: open, unassigned, without opening hours."""
    status = values.get("status", "open")
    return {
        **dict.fromkeys(CONVERSATIONS),
        "id": 1,
        "conversation_date": NOON.date(),
        "account_id": 1,
        "inbox_id": 10,
        "status": status,
        "created_at": NOON,
        "is_resolved": status == "resolved",
        "is_assigned": values.get("assignee_id") is not None,
        "is_unassigned": values.get("assignee_id") is None,
        "conversation_hour": 9,
        "day_of_week": 1,
        "labels": [],
        "slas": [],
        "calls": [],
        **values,
    }


def message(number: int, seconds: float | None, **values: object) -> Row:
    """Return a contact's message by id and seconds after NOON (None: unreadable time)."""
    return {
        "conversation_id": 1,
        "conversation_created_at": NOON,
        "id": number,
        "created_at": None if seconds is None else after(seconds),
        "message_type": "incoming",
        "sender_type": "Contact",
        "sender_id": 1,
        "private": False,
        "deleted": False,
        "content": "x",
        "content_type": "text",
        "automated": False,
        "campaign": False,
        "external_echo": False,
        "reaction": False,
        **values,
    }


def reply(number: int, seconds: float | None, **values: object) -> Row:
    """Return an agent's message."""
    return message(number, seconds, **{"message_type": "outgoing", "sender_type": "User", "sender_id": 7, **values})


def activity(number: int, seconds: float | None, content: str | None, **values: object) -> Row:
    """Return an activity message."""
    no_sender = {"sender_type": None, "sender_id": None}
    return message(number, seconds, **{"message_type": "activity", "content": content, **no_sender, **values})


def event(number: int, seconds: float | None, name: str, **values: object) -> Row:
    """Return a reporting event, written one second after it occurred."""
    return {
        **dict.fromkeys(EVENTS),
        "conversation_id": 1,
        "conversation_created_at": NOON,
        "id": number,
        "account_id": 1,
        "inbox_id": 10,
        "name": name,
        "value": 0.0 if seconds is None else float(seconds),
        "event_end_time": None if seconds is None else after(seconds),
        "created_at": None if seconds is None else after(seconds + 1),
        **values,
    }


def rating(value: int | None, seconds: float | None = 100, **values: object) -> Row:
    """Return a conversation's rating."""
    return {
        "conversation_id": 1,
        "conversation_created_at": NOON,
        "id": 1,
        "rating": value,
        "feedback_message": None,
        "rated_at": None if seconds is None else after(seconds),
        "csat_responses": 1,
        "assigned_agent_id": None,
        "review_notes": None,
        "review_notes_updated_at": None,
        "review_notes_updated_by_id": None,
        **values,
    }


def conversation_frame(*rows: Row) -> pl.DataFrame:
    """Return conversations as the extract has them."""
    return pl.DataFrame(rows, schema=CONVERSATIONS)


def message_frame(rows: Sequence[Row]) -> pl.DataFrame:
    """Return messages as the extract has them."""
    return pl.DataFrame(rows, schema=MESSAGES)


def event_frame(rows: Sequence[Row] = ()) -> pl.DataFrame:
    """Return reporting events as the extract has them."""
    return pl.DataFrame(rows, schema=EVENTS)


def csat_frame(rows: Sequence[Row] = ()) -> pl.DataFrame:
    """Return ratings as the extract has them."""
    return pl.DataFrame(rows, schema=CSAT)
