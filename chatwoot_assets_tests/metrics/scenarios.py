"""Hypothesis strategies for small scenarios of extracted rows.

They have ties, gaps and clocks that disagree. Their times lie around days on which clocks change, in three zones. A
test that needs particular rows makes them with `make_scenario` and states the values that it is about.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from hypothesis import strategies as st

from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.target_rules import TARGETS
from chatwoot_assets_tests.metrics import rows
from chatwoot_assets_tests.metrics.rows import Row

ZONES = ("America/Sao_Paulo", "Europe/Berlin", "UTC")
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
        *extracts, waits = frames
        batch = ConversationBatch(*extracts, self.zone, BOTS, active_bot_inboxes=self.bot_inboxes)
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


# The activity messages that Chatwoot writes, and the changes that they report.
SENTENCES = {
    "Conversation was marked resolved by Ana": "resolved",
    "Conversa foi marcada como resolvida por Ana": "resolved",
    "Conversation was reopened by Ana": "opened",
    "Conversa foi reaberta por Ana": "opened",
    "Conversation was marked as pending by Ana": "pending",
    "Conversa foi adiada por Ana": "snoozed",
    "Assigned to Ana by Bia": "assigned",
    "Atribuído a Bia": "assigned",
    "Ana self-assigned this conversation": "assigned",
    "Conversation unassigned by Ana": "unassigned",
    "Assigned to vendas by Ana": "team_assigned",
    "Ana added vip": None,
    "La conversación fue marcada por Ana": "resolved",
    "Ana hat die Konversation als gelöst markiert": None,
}

# Around changes of clocks: in Berlin on 2018-10-28 at 01:00 UTC, in São Paulo on 2018-11-04 at 03:00 UTC.
_INSTANTS = [
    datetime.datetime.fromisoformat(f"2018-{text}")
    for text in (
        "10-27 21:59:59.999999", "10-27 22:00:00", "10-28 00:30:00", "10-28 01:30:00", "10-28 23:00:00",
        "11-03 23:59:59.999999", "11-04 00:00:00", "11-04 02:59:59.999999", "11-04 03:00:00", "11-04 12:00:00",
        "11-04 12:00:59", "11-04 12:01:00", "11-04 12:01:00.000001", "11-05 01:59:59.999999", "11-05 02:00:00",
        "11-06 12:00:00",
    )
]  # fmt: skip
INSTANTS = st.sampled_from(_INSTANTS)
_AGENTS = st.none() | st.sampled_from([5, 6, 9])

_CONVERSATION = st.fixed_dictionaries(
    {
        "account_id": st.sampled_from([1, 2]),
        "inbox_id": st.sampled_from([10, 11]),
        "assignee_id": _AGENTS,
        "team_id": st.none() | st.sampled_from([3, 4]),
        "status": st.sampled_from(["open", "open", "resolved", "pending", "snoozed", "unknown(7)"]),
        "created_at": INSTANTS,
        "first_response_seconds": st.none() | st.sampled_from([0.0, 60.5]),
        "waiting_since": st.none() | INSTANTS,
        "labels": st.lists(st.sampled_from(["vip", "troca", "ação"]), max_size=3, unique=True).map(sorted),
    }
)
_SENDERS = st.sampled_from(
    [("Contact", 1), ("User", 5), ("User", 6), ("User", 9), ("User", None), ("AgentBot", 5), (None, None)]
)
_MESSAGE_TYPES = st.sampled_from(["incoming", "incoming", "outgoing", "outgoing", "activity", "activity", "template"])
_RARELY = st.sampled_from([False, False, False, True])


@st.composite
def _messages(draw: st.DrawFn, conversation_ids: st.SearchStrategy[int]) -> Row:
    message_type = draw(_MESSAGE_TYPES | st.just("unknown(9)"))
    sender_type, sender_id = draw(_SENDERS)
    return {
        "conversation_id": draw(conversation_ids),
        "created_at": draw(st.none() | INSTANTS | INSTANTS),
        "message_type": message_type,
        "sender_type": sender_type,
        "sender_id": sender_id,
        "private": draw(_RARELY),
        "deleted": draw(st.sampled_from([False, False, True, None])),
        "automated": draw(_RARELY),
        "campaign": draw(_RARELY),
        "external_echo": draw(_RARELY),
        "reaction": draw(_RARELY),
        "content_type": draw(st.sampled_from(["text", "text", "input_csat"])),
        "content": draw(st.sampled_from(list(SENTENCES))) if message_type == "activity" else "x",
    }


def _events(conversation_ids: st.SearchStrategy[int]) -> st.SearchStrategy[Row]:
    names = (
        "first_response", "reply_time", "conversation_resolved", "conversation_opened", "conversation_bot_resolved",
        "conversation_bot_handoff", None,
    )  # fmt: skip
    values = st.none() | st.sampled_from([0.0, 60.25, 3600.0])
    return st.fixed_dictionaries(
        {
            "conversation_id": conversation_ids,
            "account_id": st.sampled_from([1, 1, 2, None]),
            "inbox_id": st.sampled_from([10, 11, None]),
            "user_id": _AGENTS,
            "name": st.sampled_from(names),
            "value": values,
            "value_in_business_hours": values,
            "event_start_time": st.none() | INSTANTS,
            "event_end_time": st.none() | INSTANTS | INSTANTS,
            "created_at": st.none() | INSTANTS | INSTANTS,
        }
    )


@st.composite
def _intervals(draw: st.DrawFn, conversation_ids: st.SearchStrategy[int]) -> Row:
    started, ended = sorted([draw(INSTANTS), draw(INSTANTS)])
    end = draw(st.sampled_from(["answered", "resolved", "none"]))
    is_answered = end == "answered"
    return {
        "conversation_id": draw(conversation_ids),
        "started_at": started,
        "ended_at": ended if is_answered else None,
        "resolved_at": ended if end == "resolved" else None,
        "is_open": not is_answered,
        "agent_id": draw(_AGENTS) if is_answered else None,
        "is_first_response": is_answered and draw(st.booleans()),
        "seconds": (ended - started) / datetime.timedelta(seconds=1) if is_answered else None,
        "business_seconds": draw(st.none() | st.sampled_from([0.0, 30.0, 0.000001])) if is_answered else None,
    }


@st.composite
def _episodes(draw: st.DrawFn, conversation_ids: st.SearchStrategy[int]) -> Row:
    started, resolved = draw(INSTANTS), draw(st.none() | INSTANTS)
    return {
        "conversation_id": draw(conversation_ids),
        "agent_id": draw(_AGENTS),
        "started_at": started,
        "resolved_at": resolved,
        "resolution_seconds": (resolved - started) / datetime.timedelta(seconds=1) if resolved else None,
        "resolution_business_seconds": draw(st.none() | st.sampled_from([0.0, 30.0, 0.000001])) if resolved else None,
    }


@st.composite
def _targets(draw: st.DrawFn, conversation_ids: st.SearchStrategy[int]) -> Row:
    ended = draw(st.none() | INSTANTS)
    return {
        "conversation_id": draw(conversation_ids),
        "target": draw(st.sampled_from(TARGETS)),
        "agent_id": draw(_AGENTS),
        "ended_at": ended,
        "is_met": draw(st.booleans()) if ended else None,
    }


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Draw up to three conversations and what happened to them.

    Some rows belong to a conversation that does not exist.
    """
    conversations = draw(st.lists(_CONVERSATION, min_size=1, max_size=3))
    ids = st.integers(1, len(conversations) + 1)
    ratings = st.fixed_dictionaries(
        {
            "conversation_id": ids,
            "rating": st.none() | st.integers(1, 5),
            "rated_at": st.none() | INSTANTS,
            "assigned_agent_id": _AGENTS,
        }
    )
    return make_scenario(
        conversations,
        draw(st.lists(_messages(ids), max_size=10)),
        draw(st.lists(_events(ids), max_size=8)),
        draw(st.lists(ratings, max_size=3, unique_by=lambda row: row["conversation_id"])),
        draw(st.lists(_intervals(ids), max_size=4)),
        draw(st.lists(_episodes(ids), max_size=4)),
        draw(st.lists(_targets(ids), max_size=6)),
        draw(st.sampled_from(ZONES)),
        draw(st.sampled_from([{}, *({10: since} for since in _INSTANTS[::2])])),
    )
