"""What Chatwoot derives from a conversation's messages: first reply, waiting, status, who wrote.

By Chatwoot's rules, from the messages that there are: a conversation whose resolution lies after the
sample's end is still open. Tables are made of this in `conversations.py`, `messages.py`, `events.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chatwoot_assets.sample.casting import OPEN, PENDING, RESOLVED, SNOOZED, Cast, every
from chatwoot_assets.sample.threads import AGENT, CONTACT, ENDS_WAIT, HUMAN, Thread
from chatwoot_assets.sample.threads import RESOLVED as RESOLUTION
from chatwoot_assets.sample.threads import SNOOZED as SNOOZING

if TYPE_CHECKING:
    from chatwoot_assets.sample.people import People
    from chatwoot_assets.sample.size import Bools, Ints

# As a datetime64 this is "not a time", which becomes NULL.
NEVER = int(np.iinfo(np.int64).min)
_LATEST = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Outcome:
    """Derived facts; by conversation of the block, but for the last three, which are by message.

    Attributes:
        last: position of the newest message.
        last_at: when that was written.
        first_reply: position of the first reply that counts, -1 for none.
        first_reply_at, waiting_since: times, NEVER for none.
        status: Chatwoot's code at the sample's end.
        assignee: user id, 0 for none; it can be a user who was deleted.
        writer: user id of the human who wrote or acted.
        is_first_reply: it is its conversation's first reply.
        wait_start: since when the contact had waited for it, NEVER if for nothing.
    """

    last: Ints
    last_at: Ints
    first_reply: Ints
    first_reply_at: Ints
    waiting_since: Ints
    status: Ints
    assignee: Ints
    writer: Ints
    is_first_reply: Bools
    wait_start: Ints


def outcomes(rng: np.random.Generator, people: People, found: Cast, said: Thread) -> Outcome:
    """Derive the facts of a block of conversations."""
    last = np.append(said.first[1:], len(said.at)) - 1
    position = np.arange(len(said.at))
    first_human = np.minimum.reduceat(np.where(HUMAN[said.kind], position, _LATEST), said.first)
    replied = first_human != _LATEST
    first_reply = np.where(replied, first_human, -1)
    wait_start = _wait_starts(found, said)
    is_first_reply = np.zeros(len(said.at), np.bool_)
    is_first_reply[first_reply[replied]] = True
    return Outcome(
        last=last,
        last_at=said.at[last],
        first_reply=first_reply,
        first_reply_at=np.where(replied, said.at[first_reply], NEVER),
        waiting_since=np.where(ENDS_WAIT[said.kind[last]], NEVER, wait_start[last]),
        status=_statuses(found, said),
        assignee=_assignees(people, found),
        writer=_writers(rng, people, found, said),
        is_first_reply=is_first_reply,
        wait_start=wait_start,
    )


def _wait_starts(found: Cast, said: Thread) -> Ints:
    """Return since when the contact waits, for each message of a stretch that a reply ends.

    A conversation waits from its creation on; later, from the first message of the contact after a reply.
    """
    ends = ENDS_WAIT[said.kind]
    starts = said.opens.copy()
    starts[1:] |= ends[:-1]
    begin = np.flatnonzero(starts)
    written = np.where(said.kind == CONTACT, said.at, _LATEST)
    since = np.minimum.reduceat(written, begin)
    since = np.where(said.opens[begin], found.created[said.conversation[begin]], since)
    since = np.where(since == _LATEST, NEVER, since)
    stretch = np.cumsum(starts) - 1
    waits: Ints = since[stretch]
    return waits


def _statuses(found: Cast, said: Thread) -> Ints:
    closing = {RESOLVED: RESOLUTION, SNOOZED: SNOOZING}
    status = np.where(found.outcome == PENDING, PENDING, OPEN)
    for code, kind in closing.items():
        # Only the closing one, not that before a reopening: that leaves fewer messages than were meant.
        count = np.add.reduceat((said.kind == kind).astype(np.int64), said.first)
        meant = 1 + (found.reopened if kind == RESOLUTION else 0)
        done = (found.outcome == code) & (count == meant)
        status = np.where(done, code, status)
    between = _resolved_and_quiet(said)
    result: Ints = np.where(between & (found.outcome == RESOLVED), RESOLVED, status)
    return result


def _resolved_and_quiet(said: Thread) -> Bools:
    """Tell where the resolution before a reopening is the last that happened before the sample's end."""
    last = np.append(said.first[1:], len(said.at)) - 1
    quiet: Bools = said.kind[last] == RESOLUTION
    return quiet


def _assignees(people: People, found: Cast) -> Ints:
    """A deleted agent is taken off the conversations, but a few still name them."""
    dangling = every(found.number, 20, at=3)
    kept = found.assigned & (~people.user_gone[found.agent] | dangling)
    assignee: Ints = np.where(kept, found.agent, 0)
    return assignee


def _writers(rng: np.random.Generator, people: People, found: Cast, said: Thread) -> Ints:
    """Mostly the agent in charge writes, now and then a colleague."""
    account = found.account[said.conversation]
    place = (rng.random(len(account)) * people.agents_count[account]).astype(np.int64)
    helps = (rng.random(len(account)) < 0.08) & (said.kind == AGENT)
    writer: Ints = np.where(helps, people.agents[account, place], found.agent[said.conversation])
    return writer
