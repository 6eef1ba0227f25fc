"""Hypothesis strategies for small scenarios of extracted rows.

They have ties, gaps and clocks that disagree. Their times lie around days on which clocks change, in three zones.
"""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

from chatwoot_assets.target_rules import TARGETS
from chatwoot_assets_tests.metrics.rows import Row
from chatwoot_assets_tests.metrics.scenarios import Scenario, make_scenario

ZONES = ("America/Sao_Paulo", "Europe/Berlin", "UTC")

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
        "is_imported": st.sampled_from([False, False, None, True]),
        "imported_at": st.none() | INSTANTS,
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
