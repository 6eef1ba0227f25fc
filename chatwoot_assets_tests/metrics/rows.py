"""Rows of the extracts that metrics are computed from, made by hand: a test gives the values that it is about."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import polars as pl

from chatwoot_assets.extract import schemas as frames
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.schemas import SCHEMAS

Row = dict[str, Any]
Schema = dict[str, pl.DataType | type[pl.DataType]]

TIMESTAMP = frames.TIMESTAMP
ZONE = "America/Sao_Paulo"
NOON = datetime.datetime(2025, 3, 10, 12)  # noqa: DTZ001 (Chatwoot stores UTC without a zone); a Monday, 9:00 in ZONE
NOBODY_ELSE = frozenset[int]()

CONVERSATIONS: Schema = {**SCHEMAS[Dataset.CONVERSATIONS], "conversation_date": pl.Date}
MESSAGES: Schema = SCHEMAS[Dataset.MESSAGES]
EVENTS: Schema = SCHEMAS[Dataset.EVENTS]
CSAT: Schema = SCHEMAS[Dataset.CSAT]


def after(seconds: float) -> datetime.datetime:
    """Return the instant so many seconds after the conversations began."""
    return NOON + datetime.timedelta(seconds=seconds)


def conversation(**values: object) -> Row:
    """Return a conversation: open, of nobody, begun at NOON in an inbox that has no opening hours."""
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
        "conversation_hour": 9,
        "day_of_week": 1,
        "labels": [],
        **values,
    }


def message(number: int, seconds: float | None, **values: object) -> Row:
    """Return a contact's message, by its id, so many seconds after NOON; of unreadable time for None."""
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
        **values,
    }


def reply(number: int, seconds: float | None, **values: object) -> Row:
    """Return an agent's message."""
    return message(number, seconds, **{"message_type": "outgoing", "sender_type": "User", "sender_id": 7, **values})


def said(number: int, seconds: float | None, content: str | None, **values: object) -> Row:
    """Return an activity message."""
    nobody = {"sender_type": None, "sender_id": None}
    return message(number, seconds, **{"message_type": "activity", "content": content, **nobody, **values})


def event(number: int, seconds: float | None, name: str, **values: object) -> Row:
    """Return a reporting event, written a second after it took place."""
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


def rated(rating: int | None, seconds: float | None = 100, **values: object) -> Row:
    """Return a conversation's rating."""
    return {
        "conversation_id": 1,
        "conversation_created_at": NOON,
        "rating": rating,
        "feedback_message": None,
        "rated_at": None if seconds is None else after(seconds),
        "csat_responses": 1,
        **values,
    }


def conversations(*rows: Row) -> pl.DataFrame:
    """Return conversations as the extract has them."""
    return pl.DataFrame(rows, schema=CONVERSATIONS)


def messages(rows: Sequence[Row]) -> pl.DataFrame:
    """Return messages as the extract has them."""
    return pl.DataFrame(rows, schema=MESSAGES)


def events(rows: Sequence[Row] = ()) -> pl.DataFrame:
    """Return reporting events as the extract has them."""
    return pl.DataFrame(rows, schema=EVENTS)


def csat(rows: Sequence[Row] = ()) -> pl.DataFrame:
    """Return ratings as the extract has them."""
    return pl.DataFrame(rows, schema=CSAT)
