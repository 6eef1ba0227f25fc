"""The columns of conversas_analytics and daily_summary: COPY, Dagster's column schemas and `docs/tables.md` follow.

The tables are created by `sql/warehouse/migrations/`; a test compares both. The columns of the metrics tables are in
`metrics/columns.py`.
"""

from __future__ import annotations

from chatwoot_assets.columns import Column, by_name
from chatwoot_assets.extract.columns import LOADED_COLUMNS

CONVERSAS_ANALYTICS: dict[str, Column] = by_name(LOADED_COLUMNS)

DAILY_SUMMARY: dict[str, Column] = by_name(
    (
        Column("conversation_date", "date", "The day, in the reporting time zone."),
        Column("account_id", "integer", "The account."),
        Column("inbox_id", "integer", "The inbox."),
        Column("inbox_name", "text", "The inbox's name, as of the extract; NULL if it was deleted."),
        Column("status", "text", "The conversations' status, as of the extract."),
        Column("total_conversations", "bigint", "Number of conversations that were created on the day."),
        Column("responded_conversations", "bigint", "How many of them got a first reply."),
        Column("sum_first_response_seconds", "double precision", "Sum of their first_response_seconds; 0 for none."),
        Column("avg_response_time", "double precision", "Average seconds to the first reply; NULL for none."),
        Column("total_rated", "bigint", "How many of them have a rating."),
        Column("sum_rating", "bigint", "Sum of their latest ratings; 0 for none."),
        Column("avg_rating", "double precision", "Average of their latest ratings; NULL for none."),
    )
)
