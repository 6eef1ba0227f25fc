"""Random histories of a few conversations: few instants, so that much happens at once, and every odd value."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import polars as pl
from hypothesis import strategies as st

from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets_tests.metrics import rows
from chatwoot_assets_tests.metrics.rows import Row

# 2:00 on 2025-03-09 does not exist in New York, 1:30 on 2025-11-02 comes twice.
ZONES = ("America/Sao_Paulo", "America/New_York", "UTC", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Kiritimati")
HOURS = (
    None,
    "[]",
    "[[1, 540, 1080], [2, 540, 1080], [3, 540, 1080]]",
    "[[0, 0, 1440], [0, 600, 700], [1, 0, 360], [5, 1320, 1440], [6, 61, 122], [6, 100, 181]]",
)
DAYS = (datetime.datetime(2025, 3, 9, 4), datetime.datetime(2025, 11, 2, 3, 59), rows.NOON)  # noqa: DTZ001 (UTC)
SENTENCES = (
    "Conversation was marked resolved by Ana",
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
    "Conversation unassigned by Ana",
    "Ana hat die Konversation als gelöst markiert",
)
NAMES = (
    "conversation_resolved",
    "conversation_opened",
    "conversation_bot_handoff",
    "conversation_bot_resolved",
    "first_response",
)
IDS = st.integers(1, 3)
BOTS = st.sampled_from([frozenset[int](), frozenset({8}), frozenset({7, 8})])
SELDOM = st.sampled_from([False] * 5 + [True])


@dataclass(frozen=True)
class History:
    """What Chatwoot holds of some conversations; `bots` are users that are programs, `zone` reports."""

    conversations: list[Row]
    messages: list[Row]
    events: list[Row]
    csat: list[Row]
    zone: str
    bots: frozenset[int]

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Return conversations, messages, events and ratings."""
        return (
            rows.conversations(*self.conversations),
            rows.messages(self.messages),
            rows.events(self.events),
            rows.csat(self.csat),
        )

    def extracted(self) -> ConversationBatch:
        """Return it as the product takes it."""
        return ConversationBatch(*self.frames(), self.zone, self.bots)

    def only(self, conversation_id: int) -> History:
        """Return what is held of one of the conversations."""
        return History(
            [row for row in self.conversations if row["id"] == conversation_id],
            [row for row in self.messages if row["conversation_id"] == conversation_id],
            [row for row in self.events if row["conversation_id"] == conversation_id],
            [row for row in self.csat if row["conversation_id"] == conversation_id],
            self.zone,
            self.bots,
        )


@st.composite
def instants(draw: st.DrawFn) -> datetime.datetime:
    """Draw an instant of which another is often equal, or 60 seconds away."""
    seconds = draw(st.sampled_from([-1, 0, 0, 1, 30, 60, 61, 90, 120, 150, 3600, 5400, 7200]))
    days = draw(st.sampled_from([0, 0, 0, 0, 1, 2, 6, 400]))
    begun = draw(st.sampled_from(DAYS))
    return begun + datetime.timedelta(days, seconds, draw(st.sampled_from([0, 0, 0, 1])))


KINDS = st.sampled_from(
    [
        {},
        {"message_type": "outgoing", "sender_type": "User", "sender_id": 7},
        {"message_type": "outgoing", "sender_type": "User", "sender_id": 8},
        {"message_type": "outgoing", "sender_type": "AgentBot", "sender_id": 7},
        {"message_type": "outgoing", "sender_type": None, "sender_id": None, "external_echo": True},
        {"message_type": "template", "sender_type": None, "sender_id": None, "content_type": "input_csat"},
    ]
)
ODD = st.fixed_dictionaries(
    {
        "message_type": st.sampled_from(["incoming", "outgoing", "activity", "template", "unknown(9)"]),
        "sender_type": st.sampled_from([None, "User", "Contact", "AgentBot", "Captain::Assistant"]),
        "sender_id": st.sampled_from([None, 7, 8]),
        "private": st.booleans(),
        "deleted": st.sampled_from([None, True, False]),
        "content_type": st.sampled_from([None, "text", "input_csat"]),
        "automated": SELDOM,
        "campaign": SELDOM,
        "external_echo": SELDOM,
    }
)
ACTIVITIES = st.fixed_dictionaries(
    {
        "message_type": st.just("activity"),
        "sender_type": st.none(),
        "sender_id": st.none(),
        "content": st.none() | st.sampled_from(SENTENCES),
    }
)


@st.composite
def message_rows(draw: st.DrawFn) -> Row:
    """Draw a message, as yet without an id."""
    values = draw(KINDS | KINDS | ACTIVITIES | ACTIVITIES | ODD)
    at = draw(instants() | instants() | instants() | st.none())
    return {**rows.message(0, 0), "conversation_id": draw(IDS), **values, "created_at": at}


@st.composite
def event_rows(draw: st.DrawFn) -> Row:
    """Draw a reporting event, as yet without an id."""
    return {
        **rows.event(0, 0, draw(st.sampled_from(NAMES))),
        "conversation_id": draw(IDS),
        "user_id": draw(st.sampled_from([None, 7, 9])),
        "value": draw(st.sampled_from([None, 0.0, 5.0, 5.0])),
        "event_end_time": draw(instants() | instants() | st.none()),
        "created_at": draw(instants() | st.none()),
    }


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Draw what Chatwoot may hold of up to three conversations."""
    conversations = [
        rows.conversation(
            id=number,
            status=draw(st.sampled_from(["open", "resolved", "pending", "snoozed", "unknown(7)", None])),
            assignee_id=draw(st.sampled_from([None, 7])),
            labels=draw(st.sampled_from([[], ["vip"], ["troca", "vip"]])),
            created_at=draw(st.sampled_from(DAYS)),
            inbox_timezone=draw(st.sampled_from([*ZONES, None, "Nowhere/Nowhere"])),
            working_hours=draw(st.sampled_from(HOURS)),
        )
        for number in (1, 2, 3)
    ]
    written = [{**row, "id": number} for number, row in enumerate(draw(st.lists(message_rows(), max_size=14)), 1)]
    happened = draw(st.lists(event_rows(), max_size=8))
    twice = [row for row in happened if draw(SELDOM)]
    ratings = {number: draw(st.sampled_from([None, 1, 4, 5])) for number in draw(st.sets(IDS))}
    return History(
        conversations,
        draw(st.permutations(written)),
        [{**row, "id": number} for number, row in enumerate([*happened, *twice], 1)],
        [rows.rated(rating, conversation_id=number) for number, rating in ratings.items()],
        draw(st.sampled_from(ZONES)),
        draw(BOTS),
    )
