"""What Chatwoot derives from the messages of conversations: first reply, waiting, status, writers.

It is derived by Chatwoot's rules from the messages that exist: a conversation whose resolution would come after the
sample's end is still open. The rows of tables follow in `conversations.py`, `messages.py` and `events.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chatwoot_assets.sample.profiles import OPEN, PENDING, RESOLVED, SNOOZED, Profiles, select_every
from chatwoot_assets.sample.timelines import AGENT, CONTACT, ENDS_WAIT, HUMAN, Timeline
from chatwoot_assets.sample.timelines import RESOLVED as RESOLUTION
from chatwoot_assets.sample.timelines import SNOOZED as SNOOZING

if TYPE_CHECKING:
    from chatwoot_assets.sample.people import People
    from chatwoot_assets.sample.size import Bools, Ints

# As a datetime64 this is "not a time", which becomes NULL.
NEVER = int(np.iinfo(np.int64).min)
_LATEST = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Outcome:
    """What is derived for a block: one element per conversation; the last three have one per message.

    Attributes:
        last: The position of the newest message.
        last_at: The time of that message.
        first_reply: The position of the first reply by a human; -1 for none.
        first_reply_at, waiting_since: Times; NEVER for none.
        status: Chatwoot's code at the sample's end.
        assignee: The assignee's user id, 0 for none; the user may be deleted.
        writer: The user id of the human who wrote or acted.
        is_first_reply: Whether the message is its conversation's first reply.
        wait_start: The time since which the contact had waited for the message; NEVER if it did not wait.
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


def derive_outcome(rng: np.random.Generator, people: People, profiles: Profiles, timeline: Timeline) -> Outcome:
    """Derive the outcome of a block of conversations."""
    last = np.append(timeline.first[1:], len(timeline.sent_at)) - 1
    position = np.arange(len(timeline.sent_at))
    first_human = np.minimum.reduceat(np.where(HUMAN[timeline.kind], position, _LATEST), timeline.first)
    replied = first_human != _LATEST
    first_reply = np.where(replied, first_human, -1)
    wait_start = _wait_starts(profiles, timeline)
    is_first_reply = np.zeros(len(timeline.sent_at), np.bool_)
    is_first_reply[first_reply[replied]] = True
    return Outcome(
        last=last,
        last_at=timeline.sent_at[last],
        first_reply=first_reply,
        first_reply_at=np.where(replied, timeline.sent_at[first_reply], NEVER),
        waiting_since=np.where(ENDS_WAIT[timeline.kind[last]], NEVER, wait_start[last]),
        status=_statuses(profiles, timeline),
        assignee=_assignees(people, profiles),
        writer=_writers(rng, people, profiles, timeline),
        is_first_reply=is_first_reply,
        wait_start=wait_start,
    )


def _wait_starts(profiles: Profiles, timeline: Timeline) -> Ints:
    """Return for each message the time since which the contact has waited; NEVER if it does not wait.

    A contact waits from the conversation's creation, and later from its first message after a reply.
    """
    ends = ENDS_WAIT[timeline.kind]
    starts = timeline.opens.copy()
    starts[1:] |= ends[:-1]
    begin = np.flatnonzero(starts)
    written = np.where(timeline.kind == CONTACT, timeline.sent_at, _LATEST)
    since = np.minimum.reduceat(written, begin)
    since = np.where(timeline.opens[begin], profiles.created[timeline.conversation[begin]], since)
    since = np.where(since == _LATEST, NEVER, since)
    stretch = np.cumsum(starts) - 1
    waits: Ints = since[stretch]
    return waits


def _statuses(profiles: Profiles, timeline: Timeline) -> Ints:
    closing = {RESOLVED: RESOLUTION, SNOOZED: SNOOZING}
    status = np.where(profiles.outcome == PENDING, PENDING, OPEN)
    for code, kind in closing.items():
        # Only the closing message counts, not the one before a reopening. If the sample ends in between, there are
        # fewer of these messages than planned.
        count = np.add.reduceat((timeline.kind == kind).astype(np.int64), timeline.first)
        meant = 1 + (profiles.returns if kind == RESOLUTION else 0)
        done = (profiles.outcome == code) & (count == meant)
        status = np.where(done, code, status)
    between = _resolved_and_quiet(timeline)
    result: Ints = np.where(between & (profiles.outcome == RESOLVED), RESOLVED, status)
    return result


def _resolved_and_quiet(timeline: Timeline) -> Bools:
    """Return which conversations were resolved by their last message before the sample's end."""
    last = np.append(timeline.first[1:], len(timeline.sent_at)) - 1
    quiet: Bools = timeline.kind[last] == RESOLUTION
    return quiet


def _assignees(people: People, profiles: Profiles) -> Ints:
    """Return the assignees: deleted agents are unassigned, except from a few conversations."""
    dangling = select_every(profiles.number, 20, offset=3)
    kept = profiles.assigned & (~people.user_gone[profiles.agent] | dangling)
    assignee: Ints = np.where(kept, profiles.agent, 0)
    return assignee


def _writers(rng: np.random.Generator, people: People, profiles: Profiles, timeline: Timeline) -> Ints:
    """Return each message's writer: mostly the agent who does the work, sometimes a colleague."""
    account = profiles.account[timeline.conversation]
    place = (rng.random(len(account)) * people.agents_count[account]).astype(np.int64)
    helps = (rng.random(len(account)) < 0.08) & (timeline.kind == AGENT)
    writer: Ints = np.where(helps, people.agents[account, place], profiles.agent[timeline.conversation])
    return writer
