"""Compute the rows of conversation_slas: the SLAs of Chatwoot that were applied to conversations.

Chatwoot decides what was hit and missed. Our own targets are in `targets.py`. Pure functions on frames.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.columns import Column, by_name
from chatwoot_assets.metrics.json_lists import explode_json
from chatwoot_assets.metrics.shared_columns import ASSIGNEE, FILTERS, PLACE
from chatwoot_assets.times import local_date

CONVERSATION_SLAS = (
    Column("conversation_id", "bigint", "Chatwoot's id of the conversation; with sla_id the primary key."),
    Column("sla_id", "bigint", "Chatwoot's id of the SLA that was applied."),
    *PLACE,
    ASSIGNEE,
    Column("sla_policy_id", "bigint", "The SLA policy."),
    Column("policy_name", "text", "The policy's name, as of the extract; NULL if it was deleted."),
    Column("sla_status", "text", "active, active_with_misses, hit or missed; unknown(n) for a code that is not known."),
    Column("is_missed", "boolean", "Whether Chatwoot's report counts it as missed: something was."),
    Column("applied_at", "timestamptz", "When it was applied."),
    Column(
        "applied_date", "date", "The day of applied_at, in the reporting time zone; Chatwoot's report counts by it."
    ),
    Column("completed_at", "timestamptz", "When it ended with a resolution; NULL before Chatwoot 4.17."),
    Column("first_response_missed_at", "timestamptz", "When Chatwoot found the first response late, if it did."),
    Column("next_response_misses", "integer", "How many later replies Chatwoot found late."),
    Column("next_response_missed_at", "timestamptz", "When it found the first of them; NULL for none."),
    Column("resolution_missed_at", "timestamptz", "When it found the resolution late, if it did."),
    *FILTERS,
)

_COLUMNS = by_name(CONVERSATION_SLAS)
_INSTANTS = (
    "applied_at",
    "completed_at",
    "first_response_missed_at",
    "next_response_missed_at",
    "resolution_missed_at",
)
# What the JSON of an SLA holds.
_VALUES = ("sla_policy_id", "policy_name", "sla_status", "next_response_misses")


def compute_conversation_slas(conversations: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Return the SLAs of the conversations.

    Args:
        conversations: Extracted conversations with their conversation_date.
        zone: The IANA name of the reporting time zone.

    Returns:
        The rows of conversation_slas in the table's column order, sorted by conversation_id and sla_id. Timestamps are
        naive UTC.
    """
    types = {name: _COLUMNS[name].polars_type for name in _VALUES}
    return (
        explode_json(conversations, "slas", types, _INSTANTS, "sla_id")
        .with_columns(
            pl.col("sla_status").is_in(["missed", "active_with_misses"]).alias("is_missed"),
            local_date(pl.col("applied_at"), zone).alias("applied_date"),
        )
        .select(list(_COLUMNS))
        .sort("conversation_id", "sla_id")
    )
