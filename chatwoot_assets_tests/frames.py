"""Extracted frames made by hand: a test gives the values that it is about, the rest are defaults."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import polars as pl
import psycopg

from chatwoot_assets.conversations.transform import with_day
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.extracted_day import ExtractedDay
from chatwoot_assets.extract.schemas import SCHEMAS
from chatwoot_assets.extract.store import ExtractStore, FileStamp
from chatwoot_assets.metrics.compute import MetricRules, Tables
from chatwoot_assets.partitions import Day, day
from chatwoot_assets.refresh.batches import DayBatch, make_rows
from chatwoot_assets.refresh.replace import LoadedDay, replace_days

DAY = datetime.date(2025, 3, 10)
SNAPSHOT_AT = datetime.datetime(2025, 3, 11, 9, 30, 0, 123456, tzinfo=datetime.timezone.utc)
RULES = MetricRules("UTC")

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
        "is_imported": False,
        "is_unassigned": True,
        "slas": [],
        "calls": [],
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
        "reaction": False,
    },
    Dataset.CSAT: {"conversation_created_at": _NOON, "id": 1, "rating": 5, "rated_at": _NOON, "csat_responses": 1},
    Dataset.EVENTS: {"conversation_created_at": _NOON, "name": "first_response", "created_at": _NOON},
}


def utc_day(date: datetime.date = DAY) -> Day:
    """Return the partition of a date in UTC."""
    return day(date, zoneinfo.ZoneInfo("UTC"))


def frame(dataset: Dataset, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Return a dataset's rows in its schema; a column without a value or a default is NULL."""
    full = [{**dict.fromkeys(SCHEMAS[dataset]), **_DEFAULTS[dataset], **row} for row in rows]
    return pl.DataFrame(full, schema=SCHEMAS[dataset])


def day_batch(
    conversations: Sequence[Mapping[str, Any]],
    messages: Sequence[Mapping[str, Any]] = (),
    csat: Sequence[Mapping[str, Any]] = (),
    *,
    date: datetime.date = DAY,
) -> DayBatch:
    """Return a day ready to be loaded."""
    extracted = ExtractedDay(utc_day(date), SNAPSHOT_AT, dict.fromkeys(Dataset, "1"), was_written=True)
    rows = make_rows(
        with_day(frame(Dataset.CONVERSATIONS, conversations), date, SNAPSHOT_AT),
        frame(Dataset.MESSAGES, messages),
        frame(Dataset.CSAT, csat),
        frame(Dataset.EVENTS, []),
        SNAPSHOT_AT.date(),
        RULES,
    )
    return DayBatch([extracted], [rows])


def load_days(connection: psycopg.Connection, batches: Sequence[DayBatch], run_id: str) -> list[LoadedDay]:
    """Replace the days of all batches in one transaction."""
    days, parts = ([*chain.from_iterable(lists)] for lists in zip(*((b.days, b.parts) for b in batches), strict=True))
    return replace_days(connection, DayBatch(days, parts), RULES.definition, run_id)


def tables_of(batch: DayBatch) -> Tables:
    """Return the rows of a batch that has one part, by table."""
    (part,) = batch.parts
    return part.tables


def rows_of(batch: DayBatch) -> pl.DataFrame:
    """Return all rows of conversas_analytics of a batch that has one part."""
    return tables_of(batch)["conversas_analytics"]


def read_rows(store: ExtractStore, dataset: Dataset, day: Day) -> tuple[pl.DataFrame, FileStamp]:
    """Return the rows of a day's file, and its stamp."""
    file = store.open(dataset, day)
    return file.rows.collect(), file.stamp
