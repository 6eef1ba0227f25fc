"""Compute the rows of calls: the calls in conversations, as Chatwoot recorded them.

Pure functions on frames.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.columns import Column, by_name
from chatwoot_assets.metrics.json_lists import explode_json
from chatwoot_assets.metrics.shared_columns import ASSIGNEE, FILTERS, PLACE
from chatwoot_assets.times import local_date

CALLS = (
    Column("conversation_id", "bigint", "Chatwoot's id of the conversation; with call_id the primary key."),
    Column("call_id", "bigint", "Chatwoot's id of the call."),
    *PLACE,
    ASSIGNEE,
    Column("agent_id", "bigint", "The agent who accepted it; NULL if nobody did, or Chatwoot does not know who."),
    Column("direction", "text", "incoming or outgoing; unknown(n) for a code that is not known."),
    Column("provider", "text", "twilio or whatsapp; unknown(n) for a code that is not known."),
    Column(
        "call_status", "text", "ringing, in_progress, completed, no_answer, failed or rejected, as Chatwoot has it."
    ),
    Column("called_at", "timestamptz", "When it began to ring: when Chatwoot recorded it."),
    Column("called_date", "date", "The day of called_at, in the reporting time zone."),
    Column("started_at", "timestamptz", "When it was accepted; NULL if it was not."),
    Column("duration_seconds", "integer", "How long it took, as Chatwoot has it; NULL while it runs."),
    *FILTERS,
)

_COLUMNS = by_name(CALLS)
# What the JSON of a call holds.
_INSTANTS = ("called_at", "started_at")
_VALUES = ("agent_id", "direction", "provider", "call_status", "duration_seconds")


def compute_calls(conversations: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Return the calls of the conversations.

    Args:
        conversations: Extracted conversations with their conversation_date.
        zone: The IANA name of the reporting time zone.

    Returns:
        The rows of calls in the table's column order, sorted by conversation_id and call_id. Timestamps are naive UTC.
    """
    types = {name: _COLUMNS[name].polars_type for name in _VALUES}
    return (
        explode_json(conversations, "calls", types, _INSTANTS, "call_id")
        .with_columns(local_date(pl.col("called_at"), zone).alias("called_date"))
        .select(list(_COLUMNS))
        .sort("conversation_id", "call_id")
    )
