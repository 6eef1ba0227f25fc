"""The shape of an extract's frames: the columns of each kind of row, and their types.

Pure: frames in, frames out. What a value must be for the local table is settled here, once, so that
nothing malformed travels further: what does not fit becomes NULL, and is counted.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.extract.dataset import Dataset

TIMESTAMP = pl.Datetime("us")

SCHEMAS: dict[Dataset, dict[str, pl.DataType | type[pl.DataType]]] = {
    Dataset.CONVERSATIONS: {
        "id": pl.Int64,
        "display_id": pl.Int32,
        "account_id": pl.Int32,
        "inbox_id": pl.Int32,
        "contact_id": pl.Int64,
        "assignee_id": pl.Int32,
        "team_id": pl.Int64,
        "status": pl.String,
        "status_code": pl.Int16,
        "priority": pl.String,
        "priority_code": pl.Int16,
        "created_at": TIMESTAMP,
        "updated_at": TIMESTAMP,
        "contact_name": pl.String,
        "contact_email": pl.String,
        "contact_phone": pl.String,
        "inbox_name": pl.String,
        "inbox_type": pl.String,
        "assignee_name": pl.String,
        "first_response_seconds": pl.Float64,
        "is_resolved": pl.Boolean,
        "is_assigned": pl.Boolean,
        "conversation_hour": pl.Int16,
        "day_of_week": pl.Int16,
        "waiting_since": TIMESTAMP,
        "account_name": pl.String,
        "team_name": pl.String,
        "labels": pl.List(pl.String),
        "inbox_timezone": pl.String,
        "working_hours": pl.String,
    },
    Dataset.MESSAGES: {
        "conversation_id": pl.Int64,
        "conversation_created_at": TIMESTAMP,
        "id": pl.Int64,
        "created_at": TIMESTAMP,
        "message_type": pl.String,
        "content_type": pl.String,
        "sender_type": pl.String,
        "sender_id": pl.Int64,
        "private": pl.Boolean,
        "deleted": pl.Boolean,
        "automated": pl.Boolean,
        "external_echo": pl.Boolean,
        "campaign": pl.Boolean,
        "content": pl.String,
    },
    Dataset.CSAT: {
        "conversation_id": pl.Int64,
        "conversation_created_at": TIMESTAMP,
        "rating": pl.Int16,
        "feedback_message": pl.String,
        "rated_at": TIMESTAMP,
        "csat_responses": pl.Int32,
    },
    Dataset.EVENTS: {
        "conversation_id": pl.Int64,
        "conversation_created_at": TIMESTAMP,
        "id": pl.Int64,
        "account_id": pl.Int32,
        "inbox_id": pl.Int32,
        "user_id": pl.Int32,
        "name": pl.String,
        "value": pl.Float64,
        "value_in_business_hours": pl.Float64,
        "event_start_time": TIMESTAMP,
        "event_end_time": TIMESTAMP,
        "created_at": TIMESTAMP,
    },
}

# Columns that are never NULL in Chatwoot: a NULL is a value that the view could not read.
_NEVER_NULL = {
    Dataset.CONVERSATIONS: ("updated_at",),
    Dataset.MESSAGES: ("created_at", "deleted"),
    Dataset.CSAT: ("rated_at",),
    Dataset.EVENTS: ("created_at",),
}


def conform(dataset: Dataset, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame in the dataset's schema; a value that does not fit a type becomes NULL."""
    return frame.select(pl.col(name).cast(dtype, strict=False) for name, dtype in SCHEMAS[dataset].items())


def count_unreadable(dataset: Dataset, raw: pl.DataFrame, conformed: pl.DataFrame) -> int:
    """Return how many values of `conformed` are NULL because they could not be read."""
    lost = sum(conformed[name].null_count() - raw[name].null_count() for name in SCHEMAS[dataset])
    return lost + sum(raw[name].null_count() for name in _NEVER_NULL[dataset])
