"""The columns of the table of targets."""

from __future__ import annotations

from chatwoot_assets.columns import Column
from chatwoot_assets.metrics.shared_columns import FILTERS, PLACE

TARGETS = (
    Column(
        "conversation_id",
        "bigint",
        "Chatwoot's id of the conversation; with target and number the primary key.",
    ),
    Column("target", "text", "What is due: first_response or next_reply for a wait, resolution for an episode."),
    Column("number", "integer", "The wait's interval_number, or the episode's episode_number."),
    *PLACE,
    Column(
        "agent_id",
        "bigint",
        "Who replied, or the episode's agent; without a reply, who is assigned now. NULL for nobody.",
    ),
    Column("started_at", "timestamptz", "When the wait or the episode began."),
    Column("started_date", "date", "The day of started_at, in the reporting time zone."),
    Column("ended_at", "timestamptz", "When a human replied or it was resolved; NULL while it runs."),
    Column("ended_date", "date", "The day of ended_at, in the reporting time zone."),
    Column("target_seconds", "double precision", "Within how many seconds it is due."),
    Column("clock", "text", "Which seconds count: business or calendar."),
    Column("near_at", "timestamptz", "When four fifths of them have elapsed; NULL once it has ended."),
    Column("due_at", "timestamptz", "When all of them have elapsed."),
    Column("is_met", "boolean", "Whether it ended until due_at; NULL while it runs."),
    *FILTERS,
)
