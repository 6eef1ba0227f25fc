"""The columns of conversas_analytics, messages and daily_summary.

COPY, Dagster's column schemas and `docs/tables.md` follow from them.

The tables are created by `sql/warehouse/migrations/`; a test compares both. The columns of the metrics tables are in
`metrics/columns.py`.
"""

from __future__ import annotations

from chatwoot_assets.columns import Column, by_name
from chatwoot_assets.extract.columns import DATASET_COLUMNS, LOADED_COLUMNS
from chatwoot_assets.extract.dataset import Dataset

CONVERSAS_ANALYTICS: dict[str, Column] = by_name(LOADED_COLUMNS)

_EXTRACTED = by_name(DATASET_COLUMNS[Dataset.MESSAGES])

MESSAGES: dict[str, Column] = by_name(
    (
        _EXTRACTED["id"],
        _EXTRACTED["conversation_id"],
        CONVERSAS_ANALYTICS["conversation_date"],
        CONVERSAS_ANALYTICS["account_id"],
        CONVERSAS_ANALYTICS["inbox_id"],
        *(
            _EXTRACTED[name]
            for name in (
                "created_at", "message_type", "content_type", "sender_type", "sender_id", "private", "deleted", "marks",
                "content",
            )
        ),
    )
)  # fmt: skip

DAILY_SUMMARY: dict[str, Column] = by_name(
    (
        Column("conversation_date", "date", "The day, in the reporting time zone."),
        Column("account_id", "bigint", "The account."),
        Column("inbox_id", "bigint", "The inbox."),
        Column("inbox_name", "text", "The inbox's name, as of the extract; NULL if it was deleted."),
        Column("status", "text", "The conversations' status, as of the extract."),
        Column("total_conversations", "bigint", "Number of conversations that were created on the day."),
        Column("responded_conversations", "bigint", "How many of them got a first reply not dated before them."),
        Column("sum_first_response_seconds", "double precision", "Sum of their first_response_seconds; 0 for none."),
        Column("avg_response_time", "double precision", "Average seconds to these first replies; NULL for none."),
        Column("total_rated", "bigint", "How many of them have a rating."),
        Column("sum_rating", "bigint", "Sum of their latest ratings; 0 for none."),
        Column("avg_rating", "double precision", "Average of their latest ratings; NULL for none."),
    )
)
