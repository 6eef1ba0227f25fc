"""Small scenarios of extracted rows.

A test that needs particular rows makes them with `make_scenario` and states the values that it is about;
`scenario_strategies.py` draws random ones.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets_tests.metrics import rows
from chatwoot_assets_tests.metrics.rows import Row

BOTS = frozenset({9})
NOON = datetime.datetime(2018, 11, 1, 12)  # noqa: DTZ001 (Chatwoot stores UTC without a zone)

_COLUMNS: dict[str, rows.Schema] = {
    "conversations": rows.CONVERSATIONS,
    "messages": rows.MESSAGES,
    "events": rows.EVENTS,
    "csat": rows.CSAT,
    "episodes": {
        **{"conversation_id": pl.Int64, "agent_id": pl.Int64},
        **{"started_at": rows.TIMESTAMP, "resolved_at": rows.TIMESTAMP},
        **{"resolution_seconds": pl.Float64, "resolution_business_seconds": pl.Float64},
    },
    "targets": {
        **{"conversation_id": pl.Int64, "target": pl.String, "agent_id": pl.Int64},
        **{"ended_at": rows.TIMESTAMP, "is_met": pl.Boolean},
    },
    "intervals": {
        **{"conversation_id": pl.Int64, "is_first_response": pl.Boolean},
        **{"started_at": rows.TIMESTAMP, "ended_at": rows.TIMESTAMP, "resolved_at": rows.TIMESTAMP},
        **{"agent_id": pl.Int64, "seconds": pl.Float64, "business_seconds": pl.Float64, "is_open": pl.Boolean},
    },
}
_DEFAULTS: dict[str, Row] = {
    "conversations": {
        **{"account_id": 1, "inbox_id": 10, "status": "open", "created_at": NOON},
        **{"labels": [], "slas": [], "calls": []},
    },
    "messages": {
        **{"created_at": NOON, "message_type": "incoming", "sender_type": "Contact", "sender_id": 1},
        **{"private": False, "deleted": False, "content": "x", "content_type": "text"},
        **{"automated": False, "campaign": False, "external_echo": False, "reaction": False},
    },
    "csat": {"rating": 5, "rated_at": NOON, "csat_responses": 1},
    "events": {
        **{"account_id": 1, "inbox_id": 10, "name": "conversation_resolved", "value": 60.0},
        **{"value_in_business_hours": 0.0, "event_start_time": NOON, "event_end_time": NOON, "created_at": NOON},
    },
    "episodes": {"started_at": NOON},
    "targets": {"target": "next_reply"},
    "intervals": {"is_first_response": False, "started_at": NOON, "is_open": True},
}


@dataclass(frozen=True)
class Scenario:
    """Rows of conversations and of what belongs to them, with all their columns."""

    conversations: list[Row]
    messages: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    csat: list[Row] = field(default_factory=list)
    intervals: list[Row] = field(default_factory=list)
    episodes: list[Row] = field(default_factory=list)
    targets: list[Row] = field(default_factory=list)
    zone: str = "UTC"
    bot_inboxes: Mapping[int, datetime.datetime] = field(default_factory=dict)

    def to_batch(self, *, shuffled: bool = False) -> tuple[ConversationBatch, pl.DataFrame]:
        """Return the rows as the product takes them, and the waits."""
        frames = [make_frame(name, getattr(self, name)) for name in _COLUMNS if name not in ("episodes", "targets")]
        if shuffled:
            frames = [frame.sample(fraction=1, shuffle=True, seed=1) for frame in frames]
        conversations, messages, events, csat, waits = frames
        batch = ConversationBatch(
            conversations, messages, events, csat, self.zone, BOTS, active_bot_inboxes=self.bot_inboxes
        )
        return batch, waits

    def date(self, instant: datetime.datetime) -> datetime.date:
        """Return the date of an instant in the scenario's zone."""
        zone = zoneinfo.ZoneInfo(self.zone)
        return instant.replace(tzinfo=datetime.timezone.utc).astimezone(zone).date()

    def rows_of(self, name: str, conversation: Row) -> list[Row]:
        """Return the rows of a frame that belong to a conversation."""
        return [row for row in getattr(self, name) if row["conversation_id"] == conversation["id"]]


def make_scenario(
    conversations: Iterable[Mapping[str, Any]],
    messages: Iterable[Mapping[str, Any]] = (),
    events: Iterable[Mapping[str, Any]] = (),
    csat: Iterable[Mapping[str, Any]] = (),
    intervals: Iterable[Mapping[str, Any]] = (),
    episodes: Iterable[Mapping[str, Any]] = (),
    targets: Iterable[Mapping[str, Any]] = (),
    zone: str = "UTC",
    bot_inboxes: Mapping[int, datetime.datetime] | None = None,
) -> Scenario:
    """Return a scenario of some rows, with ids counted from 1.

    A column that a row lacks has a default or is NULL.
    """
    scenario = Scenario(
        _complete("conversations", conversations),
        _complete("messages", messages),
        _complete("events", events),
        _complete("csat", csat),
        _complete("intervals", intervals),
        _complete("episodes", episodes),
        _complete("targets", targets),
        zone,
        bot_inboxes or {},
    )
    for row in scenario.conversations:
        row["conversation_date"] = scenario.date(row["created_at"])
        row["is_resolved"], row["is_assigned"] = row["status"] == "resolved", row["assignee_id"] is not None
        row["is_unassigned"] = row["assignee_id"] is None
    return scenario


def make_frame(name: str, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Return rows as a frame named conversations, messages, events, csat, episodes, targets or intervals.

    A column that a row lacks is NULL.
    """
    columns = _COLUMNS[name]
    return pl.DataFrame([{**dict.fromkeys(columns), **row} for row in rows], schema=columns)


def _complete(name: str, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    columns = _COLUMNS[name]
    numbers = ({"id": number} if "id" in columns else {} for number in range(1, 1_000_000))
    return [
        {**dict.fromkeys(columns), **_DEFAULTS[name], **number, **row}
        for number, row in zip(numbers, rows, strict=False)
    ]
