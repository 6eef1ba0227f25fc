"""Extracted frames made by hand: a test gives the values that it is about, the rest are defaults."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from chatwoot_assets.conversations.load import TransformedDay
from chatwoot_assets.conversations.transform import transform_day
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.schemas import SCHEMAS
from chatwoot_assets.partitions import Day, day

DAY = datetime.date(2025, 3, 10)
SNAPSHOT_AT = datetime.datetime(2025, 3, 11, 9, 30, 0, 123456, tzinfo=datetime.timezone.utc)

_NOON = datetime.datetime(2025, 3, 10, 12)  # noqa: DTZ001 (Chatwoot stores UTC without a zone)

_DEFAULTS: dict[Dataset, dict[str, Any]] = {
    Dataset.CONVERSATIONS: {
        "account_id": 1,
        "inbox_id": 10,
        "status": "open",
        "status_code": 0,
        "created_at": _NOON,
        "updated_at": _NOON,
        "is_resolved": False,
        "is_assigned": False,
        "conversation_hour": 12,
        "day_of_week": 1,
        "labels": [],
    },
    Dataset.MESSAGES: {
        "conversation_created_at": _NOON,
        "created_at": _NOON,
        "message_type": "incoming",
        "sender_type": "Contact",
        "sender_id": 1,
        "private": False,
        "deleted": False,
        "content": "x",
        "content_type": "text",
        "automated": False,
        "external_echo": False,
        "campaign": False,
    },
    Dataset.CSAT: {"conversation_created_at": _NOON, "rating": 5, "rated_at": _NOON, "csat_responses": 1},
    Dataset.EVENTS: {"conversation_created_at": _NOON, "name": "first_response", "created_at": _NOON},
}


def utc_day(date: datetime.date = DAY) -> Day:
    """Return the partition of a date in UTC."""
    return day(date, zoneinfo.ZoneInfo("UTC"))


def frame(dataset: Dataset, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Return a dataset's rows in its schema; a column without a value or a default is NULL."""
    full = [{**dict.fromkeys(SCHEMAS[dataset]), **_DEFAULTS[dataset], **row} for row in rows]
    return pl.DataFrame(full, schema=SCHEMAS[dataset])


def transformed_day(
    conversations: Sequence[Mapping[str, Any]],
    messages: Sequence[Mapping[str, Any]] = (),
    csat: Sequence[Mapping[str, Any]] = (),
    *,
    date: datetime.date = DAY,
) -> TransformedDay:
    """Return a day ready to be loaded."""
    rows = transform_day(
        frame(Dataset.CONVERSATIONS, conversations),
        frame(Dataset.MESSAGES, messages),
        frame(Dataset.CSAT, csat),
        date,
        SNAPSHOT_AT,
    )
    counts = (len(messages), len(csat))
    return TransformedDay(
        utc_day(date), rows.conversations.height, [rows], *counts, SNAPSHOT_AT, dict.fromkeys(Dataset, "1")
    )


def messages_of(day: TransformedDay) -> pl.DataFrame:
    """Return all rows of messages of a day."""
    return pl.concat(part.messages for part in day.parts)


def rows_of(day: TransformedDay) -> pl.DataFrame:
    """Return all rows of conversas_analytics of a day."""
    return pl.concat(part.conversations for part in day.parts)
