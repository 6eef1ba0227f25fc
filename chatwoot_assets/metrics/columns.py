"""The columns of the metrics tables, declared once: COPY, Dagster's column schemas and `docs/tables.md` follow.

The tables are created by `sql/warehouse/migrations/`; a test compares both. What a metric counts, to which day it
belongs and what Chatwoot's own report does differently is in `docs/metrics.md`.
"""

from __future__ import annotations

from chatwoot_assets.columns import Column, by_name
from chatwoot_assets.metrics.calls import CALLS
from chatwoot_assets.metrics.conversation_columns import (
    CONVERSATION_EVENTS,
    CONVERSATION_FACTS,
    EPISODES,
    RATINGS,
    RESOLUTIONS,
    RESPONSE_INTERVALS,
)
from chatwoot_assets.metrics.slas import CONVERSATION_SLAS
from chatwoot_assets.metrics.sum_columns import BACKLOG_CHANGES, HOURLY_MESSAGES, SUMMED_TEAM, daily
from chatwoot_assets.metrics.target_columns import TARGETS

TABLES: dict[str, dict[str, Column]] = {
    "response_intervals": by_name(RESPONSE_INTERVALS),
    "resolutions": by_name(RESOLUTIONS),
    "conversation_facts": by_name(CONVERSATION_FACTS),
    "conversation_events": by_name(CONVERSATION_EVENTS),
    "episodes": by_name(EPISODES),
    "targets": by_name(TARGETS),
    "ratings": by_name(RATINGS),
    "conversation_slas": by_name(CONVERSATION_SLAS),
    "calls": by_name(CALLS),
    "daily_by_agent": by_name(daily(Column("agent_id", "bigint", "The agent, as docs/metrics.md says; 0 for nobody."))),
    "daily_by_inbox": by_name(daily(Column("inbox_id", "bigint", "The inbox."))),
    "daily_by_team": by_name(daily(SUMMED_TEAM)),
    "daily_by_label": by_name(
        daily(Column("label", "text", "A label; '' stands for every conversation once, with or without labels."))
    ),
    "backlog_changes": by_name(BACKLOG_CHANGES),
    "hourly_messages": by_name(HOURLY_MESSAGES),
}

# The primary keys of the tables of sums, by which the parts of a large day are added up. In the other tables each row
# belongs to one conversation.
SUMMED: dict[str, list[str]] = {
    "daily_by_agent": ["conversation_date", "event_date", "account_id", "agent_id"],
    "daily_by_inbox": ["conversation_date", "event_date", "account_id", "inbox_id"],
    "daily_by_team": ["conversation_date", "event_date", "account_id", "team_id"],
    "daily_by_label": ["conversation_date", "event_date", "account_id", "label"],
    "backlog_changes": ["conversation_date", "change_date", "account_id", "inbox_id", "team_id", "agent_id"],
    "hourly_messages": ["conversation_date", "message_date", "hour", "account_id", "inbox_id", "team_id", "agent_id"],
}
