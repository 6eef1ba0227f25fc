"""Hypothesis strategies for histories of a few conversations.

There are few different instants, so that much happens at once, and every odd value that Chatwoot may hold.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl
from hypothesis import strategies as st

from chatwoot_assets.metrics.activity import NAMES
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets_tests.metrics import rows
from chatwoot_assets_tests.metrics.rows import Row

# In New York 2:00 on 2025-03-09 does not exist, and 1:30 on 2025-11-02 occurs twice.
ZONES = ("America/Sao_Paulo", "America/New_York", "UTC", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Kiritimati")
HOURS = (
    None,
    "[]",
    "[[1, 540, 1080], [2, 540, 1080], [3, 540, 1080]]",
    "[[0, 0, 1440], [0, 600, 700], [1, 0, 360], [5, 1320, 1440], [6, 61, 122], [6, 100, 181]]",
)
_EVER = datetime.datetime(1970, 1, 1)  # noqa: DTZ001 (UTC)
DAYS = (datetime.datetime(2025, 3, 9, 4), datetime.datetime(2025, 11, 2, 3, 59), rows.NOON)  # noqa: DTZ001 (UTC)
SENTENCES = (
    "Conversation was marked resolved by Ana",
    "Conversation was marked resolved by Captain: nothing more to do",
    "A conversa foi marcada como resolvida pelo sistema por ter 3 dias de inatividade",
    "Conversa foi reaberta por Zé",
    "System reopened the conversation due to a new incoming message.",
    "Conversation was marked as pending by Ana",
    "Conversa foi adiada por Ana",
    "Assigned to Ana by Zé",
    "Atribuído a Zé",
    "Bia self-assigned this conversation",
    "Atribuído a Ana via vendas por Zé",
    "Atribuído a vendas por Ana",
    "Assigned to bruno by Zé",
    "bruno self-assigned this conversation",
    "La conversación fue marcada por el sistema debido a 3 días de inactividad",
    "Conversation unassigned by Ana",
    "Ana has muted the conversation",
    "Ana reativou a conversa",
    "Ana hat die Konversation als gelöst markiert",
)
EVENT_NAMES = (
    "conversation_resolved",
    "conversation_opened",
    "conversation_bot_handoff",
    "conversation_bot_resolved",
    "first_response",
    "reply_time",
)
_NAMES = [
    {"account_id": 1, "name": name, "is_team": is_team} for name in ("vendas", "bruno") for is_team in (True, False)
]
IDS = st.integers(1, 3)
BOTS = st.sampled_from([frozenset[int](), frozenset({8}), frozenset({7, 8})])
RARELY = st.sampled_from([False] * 5 + [True])


@dataclass(frozen=True)
class History:
    """What Chatwoot holds about some conversations.

    Attributes:
        conversations: Rows of conversations.
        messages: Rows of messages.
        events: Rows of reporting events.
        csat: Rows of ratings.
        zone: The reporting time zone.
        bots: The users that are programs.
        names: Names of users and teams.
        active_bot_inboxes: Since when each inbox that has an active bot has it.
    """

    conversations: list[Row]
    messages: list[Row]
    events: list[Row]
    csat: list[Row]
    zone: str
    bots: frozenset[int]
    names: Sequence[Row] = ()
    active_bot_inboxes: Mapping[int, datetime.datetime] = field(default_factory=dict)

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Return conversations, messages, events and ratings."""
        return (
            rows.conversation_frame(*self.conversations),
            rows.message_frame(self.messages),
            rows.event_frame(self.events),
            rows.csat_frame(self.csat),
        )

    def to_batch(self) -> ConversationBatch:
        """Return the rows as the product takes them."""
        names = pl.DataFrame(self.names, schema=NAMES)
        return ConversationBatch(*self.frames(), self.zone, self.bots, self.active_bot_inboxes, names)

    def select(self, conversation_id: int) -> History:
        """Return the history of one of the conversations."""
        return History(
            [row for row in self.conversations if row["id"] == conversation_id],
            [row for row in self.messages if row["conversation_id"] == conversation_id],
            [row for row in self.events if row["conversation_id"] == conversation_id],
            [row for row in self.csat if row["conversation_id"] == conversation_id],
            self.zone,
            self.bots,
            self.names,
            self.active_bot_inboxes,
        )


@st.composite
def instants(draw: st.DrawFn) -> datetime.datetime:
    """Draw an instant; two of them are often equal, or 60 seconds apart."""
    seconds = draw(st.sampled_from([-1, 0, 0, 1, 30, 60, 61, 90, 120, 150, 3600, 5400, 7200]))
    days = draw(st.sampled_from([0, 0, 0, 0, 1, 2, 6, 400]))
    start = draw(st.sampled_from(DAYS))
    return start + datetime.timedelta(days, seconds, draw(st.sampled_from([0, 0, 0, 1])))


COMMON_MESSAGES: st.SearchStrategy[Row] = st.sampled_from(
    [
        {},
        {"message_type": "outgoing", "sender_type": "User", "sender_id": 7},
        {"message_type": "outgoing", "sender_type": "User", "sender_id": 8},
        {"message_type": "outgoing", "sender_type": "AgentBot", "sender_id": 7},
        {"message_type": "outgoing", "sender_type": None, "sender_id": None, "external_echo": True},
        {"message_type": "outgoing", "sender_type": None, "sender_id": None},
        {"message_type": "template", "sender_type": None, "sender_id": None, "content_type": "input_csat"},
    ]
)
ODD_MESSAGES: st.SearchStrategy[Row] = st.fixed_dictionaries(
    {
        "message_type": st.sampled_from(["incoming", "outgoing", "activity", "template", "unknown(9)"]),
        "sender_type": st.sampled_from([None, "User", "Contact", "AgentBot", "Captain::Assistant"]),
        "sender_id": st.sampled_from([None, 7, 8]),
        "private": st.booleans(),
        "deleted": st.sampled_from([None, True, False]),
        "content_type": st.sampled_from([None, "text", "input_csat"]),
        "automated": RARELY,
        "campaign": RARELY,
        "external_echo": RARELY,
        "reaction": RARELY,
    }
)
ACTIVITIES: st.SearchStrategy[Row] = st.fixed_dictionaries(
    {
        "message_type": st.just("activity"),
        "sender_type": st.none(),
        "sender_id": st.none(),
        "content": st.none() | st.sampled_from(SENTENCES),
    }
)


@st.composite
def message_rows(draw: st.DrawFn) -> Row:
    """Draw a message that has no id yet."""
    values = draw(COMMON_MESSAGES | COMMON_MESSAGES | ACTIVITIES | ACTIVITIES | ODD_MESSAGES)
    instant = draw(instants() | instants() | instants() | st.none())
    return {**rows.message(0, 0), "conversation_id": draw(IDS), **values, "created_at": instant}


@st.composite
def event_rows(draw: st.DrawFn) -> Row:
    """Draw a reporting event that has no id yet."""
    return {
        **rows.event(0, 0, draw(st.sampled_from(EVENT_NAMES))),
        "conversation_id": draw(IDS),
        "user_id": draw(st.sampled_from([None, 7, 9])),
        "value": draw(st.sampled_from([None, 0.0, 5.0, 5.0])),
        "event_end_time": draw(instants() | instants() | st.none()),
        "created_at": draw(instants() | st.none()),
    }


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Draw what Chatwoot may hold about three conversations."""
    conversations = [
        rows.conversation(
            id=number,
            status=draw(st.sampled_from(["open", "resolved", "pending", "snoozed", "unknown(7)", None])),
            assignee_id=draw(st.sampled_from([None, 7])),
            assignee_name=draw(st.sampled_from([None, "Ana", "bruno"])),
            team_name=draw(st.sampled_from([None, "vendas", "bruno"])),
            labels=draw(st.sampled_from([[], ["vip"], ["troca", "vip"]])),
            created_at=draw(st.sampled_from(DAYS)),
            first_response_seconds=draw(st.sampled_from([None, -1.0, 0.0, 30.000001, 60.0, 3600.0])),
            inbox_timezone=draw(st.sampled_from([*ZONES, None, "Nowhere/Nowhere"])),
            working_hours=draw(st.sampled_from(HOURS)),
            is_imported=draw(st.sampled_from([False, False, None, True])),
            imported_at=draw(st.sampled_from([None, None, *DAYS])),
        )
        for number in (1, 2, 3)
    ]
    messages = [{**row, "id": number} for number, row in enumerate(draw(st.lists(message_rows(), max_size=14)), 1)]
    events = draw(st.lists(event_rows(), max_size=8))
    repeated = [row for row in events if draw(RARELY)]
    ratings = {number: draw(st.sampled_from([None, 1, 4, 5])) for number in draw(st.sets(IDS))}
    return History(
        conversations,
        draw(st.permutations(messages)),
        [{**row, "id": number} for number, row in enumerate([*events, *repeated], 1)],
        [
            rows.rating(value, conversation_id=number, assigned_agent_id=draw(st.sampled_from([None, 7, 8])))
            for number, value in ratings.items()
        ],
        draw(st.sampled_from(ZONES)),
        draw(BOTS),
        draw(st.lists(st.sampled_from(_NAMES), max_size=3)),
        draw(st.sampled_from([{}, *({10: since} for since in (_EVER, *DAYS))])),
    )
