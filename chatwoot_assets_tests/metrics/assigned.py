"""A conversation as Chatwoot assigns it: what its code writes at each step, and who really had the conversation.

Chatwoot writes a sentence only where a user or an automation acts. Where it assigns automatically, it only adds the
agent to the participants, unless he is one already.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from hypothesis import strategies as st

from chatwoot_assets_tests.metrics import rows
from chatwoot_assets_tests.metrics.histories import History
from chatwoot_assets_tests.metrics.rows import Row

NAMES = {7: "Ana", 8: "Bia", 9: "Zé"}
AGENTS = st.sampled_from([7, 8, 9])
PLAIN = ("takes", "assigns", "frees", "asks", "replies", "resolves")
ALL = (*PLAIN, "mentions", "adds", "gives to team", "opens")


@dataclass
class Conversation:
    """A conversation that begins as open, with whom it had at which time.

    Attributes:
        auto_assigns: Whether its inbox assigns automatically.
        delay: After how many seconds background jobs write participants, sentences and events.
        had: Each change of the assignee: after how many seconds, and who has it from then on.
        seconds: How much time has passed.
    """

    auto_assigns: bool = True
    delay: float = 0.0
    had: list[tuple[float, int | None]] = field(default_factory=list)
    seconds: float = 0.0
    _status: str = "open"
    _participants: dict[int, float] = field(default_factory=dict)
    _messages: list[Row] = field(default_factory=list)
    _events: list[Row] = field(default_factory=list)

    @property
    def assignee(self) -> int | None:
        """Who has it now."""
        return self.had[-1][1] if self.had else None

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds

    def assign_silently(self, agent: int) -> None:
        """Assign it as a new or opened conversation is, if the inbox does that and nobody has it."""
        if self.auto_assigns and self.assignee is None:
            self._give(agent)

    def act(self, action: str, agent: int, member: bool = True) -> None:
        """Do what a user or the contact does.

        Args:
            action: One of ALL.
            agent: Who takes, gets or replies to it, or is mentioned or added.
            member: Whether the assignee belongs to the team that gets it.
        """
        if action == "takes" and self.assignee != agent:
            self._say(f"{NAMES[agent]} self-assigned this conversation")
            self._give(agent)
        elif action == "assigns" and self.assignee != agent:
            self._say(f"Assigned to {NAMES[agent]} by Cida")
            self._give(agent)
        elif action == "frees" and self.assignee is not None:
            self._say("Conversation unassigned by Cida")
            self._give(None)
        elif action == "asks":
            self._messages.append(rows.message(0, self.seconds))
            if self._status == "resolved":
                self._open(agent, "System reopened the conversation due to a new incoming message.")
        elif action == "opens" and self._status == "resolved":
            # With a user at work, the automatic assignment has a sentence as well.
            self._status = "open"
            self._say("Conversation was reopened by Cida")
            if self.auto_assigns and self.assignee is None:
                self._say(f"Assigned to {NAMES[agent]} by Cida")
                self._give(agent)
            self._record("conversation_opened")
        elif action == "replies":
            self._messages.append(rows.reply(0, self.seconds, sender_id=agent))
            self._record("reply_time")
        elif action == "resolves" and self._status == "open":
            self._status = "resolved"
            self._say("Conversation was marked resolved by Cida")
            self._record("conversation_resolved")
        elif action == "mentions":
            self._messages.append(rows.reply(0, self.seconds, private=True))
            self._participants.setdefault(agent, self.seconds + self.delay)
        elif action == "adds":
            self._participants.setdefault(agent, self.seconds + self.delay)
        elif action == "gives to team":
            self._say("Assigned to vendas by Cida")
            if self.assignee is not None and not member:
                self._give(None)

    def to_history(self) -> History:
        """Return what Chatwoot holds about it."""
        participants = [
            {"user_id": user, "since": rows.after(since).isoformat()}
            for user, since in sorted(self._participants.items(), key=lambda item: item[1])
        ]
        conversation = rows.conversation(
            status=self._status,
            assignee_id=self.assignee,
            assignee_name=None if self.assignee is None else NAMES[self.assignee],
            participants=json.dumps(participants) if participants else None,
            inbox_auto_assigns=self.auto_assigns,
        )
        names = [{"account_id": 1, "name": "vendas", "is_team": True}]
        return History(
            [conversation], _number(self._messages), _number(self._events), [], rows.ZONE, rows.NO_BOTS, names
        )

    def _give(self, agent: int | None) -> None:
        self.had.append((self.seconds, agent))
        if agent is not None:
            self._participants.setdefault(agent, self.seconds + self.delay)

    def _open(self, agent: int, sentence: str) -> None:
        self._status = "open"
        self._say(sentence)
        self.assign_silently(agent)
        self._record("conversation_opened")

    def _say(self, sentence: str) -> None:
        self._messages.append(rows.activity(0, self.seconds + self.delay, sentence))

    def _record(self, name: str) -> None:
        written = rows.after(self.seconds + self.delay)
        event = rows.event(0, self.seconds, name, user_id=self.assignee, value=1.0)
        self._events.append({**event, "created_at": written, "event_start_time": rows.after(0)})


def _number(table: list[Row]) -> list[Row]:
    return [{**row, "id": number} for number, row in enumerate(table, 1)]


def unassigned_seconds(conversation: Conversation, start: datetime.datetime, end: datetime.datetime) -> float:
    """Return how long nobody had it between two instants."""
    return sum(
        (min(until, end) - max(since, start)).total_seconds()
        for since, until, agent in _spans(conversation)
        if agent is None and min(until, end) > max(since, start)
    )


def find_assigned_at(
    conversation: Conversation, start: datetime.datetime, end: datetime.datetime | None
) -> datetime.datetime | None:
    """Return when it first passed to an agent in an episode; None if an agent had it before."""
    before = [agent for since, _, agent in _spans(conversation) if since < start]
    if before and before[-1] is not None:
        return None
    within = [since for since, _, agent in _spans(conversation) if agent is not None and since >= start]
    return within[0] if within and (end is None or within[0] <= end) else None


def _spans(conversation: Conversation) -> Iterable[tuple[datetime.datetime, datetime.datetime, int | None]]:
    changes = [(rows.NOON - datetime.timedelta(days=1), None), *((rows.after(at), who) for at, who in conversation.had)]
    ends = [since for since, _ in changes[1:]] + [rows.NEVER]
    return [(since, until, agent) for (since, agent), until in zip(changes, ends, strict=True)]


@st.composite
def conversations(draw: st.DrawFn, actions: tuple[str, ...] = ALL, *, delay: float = 0.0) -> Conversation:
    """Draw a conversation to which up to ten things happened, often at least two minutes apart."""
    conversation = Conversation(auto_assigns=draw(st.booleans()), delay=delay)
    if draw(st.booleans()):
        conversation.assign_silently(draw(AGENTS))
    for action in draw(st.lists(st.sampled_from(actions), max_size=10)):
        conversation.wait(draw(st.sampled_from([120, 120, 600, 7200, 200_000])))
        conversation.act(action, draw(AGENTS), member=draw(st.booleans()))
    return conversation
