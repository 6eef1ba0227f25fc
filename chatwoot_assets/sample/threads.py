"""The course of conversations: what kind of message follows another, and when.

Numbers only, of a block of conversations at a time. What the messages say is in `messages.py`, what
Chatwoot derives from them in `outcomes.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chatwoot_assets.sample.casting import CLOCK_BEHIND, Cast, every
from chatwoot_assets.sample.casting import RESOLVED as ENDS_RESOLVED
from chatwoot_assets.sample.casting import SNOOZED as ENDS_SNOOZED
from chatwoot_assets.sample.size import DAY, HOUR, MINUTE, SECOND, Bools, Floats, Ints

if TYPE_CHECKING:
    from chatwoot_assets.sample.people import People

(
    CONTACT,
    AGENT,
    NOTE,
    GREETING,
    BOT,
    CAPTAIN,
    AUTOMATION,
    ECHO,
    ASSIGNED,
    RESOLVED,
    SURVEY,
    REOPENED,
    LABELLED,
    SNOOZED,
) = range(14)
KINDS = 14

HUMAN = np.isin(np.arange(KINDS), (AGENT, ECHO))
# A reply of these ends the contact's wait; so does a resolution.
ENDS_WAIT = np.isin(np.arange(KINDS), (AGENT, ECHO, BOT, CAPTAIN, RESOLVED))

_TALK = np.array([CONTACT, AGENT, NOTE, LABELLED, AUTOMATION, ECHO, CAPTAIN])
_TALK_SHARE = np.array([0.45, 0.43, 0.05, 0.025, 0.01, 0.02, 0.015])
_ECHO_CHANNELS = ("Channel::Whatsapp", "Channel::Instagram")
_CAPTAIN_ACCOUNT = 2

# Seconds after the message before, of what a program writes: at least, and at most.
_QUICK = np.zeros((KINDS, 2))
_QUICK[GREETING] = 0.3, 2.0
_QUICK[BOT] = 0.5, 4.0
_QUICK[CAPTAIN] = 1.0, 6.0
_QUICK[AUTOMATION] = 0.5, 3.0
_QUICK[ASSIGNED] = 0.02, 0.4
_QUICK[REOPENED] = 0.02, 0.2
_QUICK[SURVEY] = 0.05, 0.9
_QUICK[LABELLED] = 1.0, 30.0


@dataclass(frozen=True)
class Thread:
    """Messages of a block, an element each, by conversation and in order of time.

    Attributes:
        conversation: position in the block.
        kind: what it is, one of this module's constants.
        at: microseconds of UTC since 1970.
        first: for each conversation, the position of its first message.
        opens: it is its conversation's first.
    """

    conversation: Ints
    kind: Ints
    at: Ints
    first: Ints
    opens: Bools


def thread(rng: np.random.Generator, people: People, found: Cast, end: int) -> Thread:
    """Write the messages of a block of conversations, up to the sample's end."""
    conversation = np.repeat(np.arange(len(found.length)), found.length)
    place = np.arange(len(conversation)) - np.repeat(np.cumsum(found.length) - found.length, found.length)
    kind, reopening = _kinds(rng, people, found, conversation, place)
    gap = _gaps(rng, found, conversation, place, kind, reopening)
    at = _times(found, conversation, place, gap)
    kept = at < end
    conversation, place, kind, at = conversation[kept], place[kept], kind[kept], at[kept]
    return Thread(conversation, kind, at, np.flatnonzero(place == 0), place == 0)


def _kinds(
    rng: np.random.Generator, people: People, found: Cast, conversation: Ints, place: Ints
) -> tuple[Ints, Bools]:
    """Decide what kind each message is; and which are the contact's return after a resolution."""
    kind = _talk(rng, people, found, conversation)
    after_prefix = place - found.prefix[conversation]
    answered = found.answered[conversation]
    first_answer = (after_prefix == 0) & answered
    kind[first_answer & (kind != ECHO)] = AGENT
    _write_prefix(found, conversation, place, kind)
    reopening = _write_reopening(rng, found, conversation, after_prefix, kind)
    remaining = found.length[conversation] - 1 - place
    surveys = found.surveys[conversation]
    outcome = found.outcome[conversation]
    kind[(outcome == ENDS_RESOLVED) & (remaining == surveys)] = RESOLVED
    kind[(outcome == ENDS_RESOLVED) & (remaining < surveys)] = SURVEY
    kind[(outcome == ENDS_SNOOZED) & (remaining == 0)] = SNOOZED
    return kind, reopening


def _talk(rng: np.random.Generator, people: People, found: Cast, conversation: Ints) -> Ints:
    kind = rng.choice(_TALK, len(conversation), p=_TALK_SHARE)
    echoes = np.isin(np.array(people.inbox_channel), _ECHO_CHANNELS)[found.inbox[conversation]]
    kind[(kind == ECHO) & ~echoes] = AGENT
    kind[(kind == CAPTAIN) & (found.account[conversation] != _CAPTAIN_ACCOUNT)] = CONTACT
    kind[~found.answered[conversation]] = CONTACT
    return kind


def _write_prefix(found: Cast, conversation: Ints, place: Ints, kind: Ints) -> None:
    """Put the first message, greeting, talk with the bot and assignment in their places."""
    kind[place == 0] = np.where(found.outbound, AGENT, CONTACT)
    kind[(place == 1) & found.greeting[conversation]] = GREETING
    bot_place = place - 1 - found.greeting[conversation]
    talk = 2 * found.bot_turns[conversation]
    with_bot = (bot_place >= 0) & (bot_place < talk)
    kind[with_bot] = np.where(bot_place % 2 == 0, BOT, CONTACT)[with_bot]
    kind[(bot_place == talk) & found.assigned[conversation]] = ASSIGNED


def _write_reopening(
    rng: np.random.Generator, found: Cast, conversation: Ints, after_prefix: Ints, kind: Ints
) -> Bools:
    """Resolve a conversation midway and let the contact come back to it."""
    room = found.length - found.prefix - found.suffix - found.answered - 4
    start = found.answered + (rng.random(len(room)) * (room + 1)).astype(np.int64)
    step = np.where(found.reopened[conversation], after_prefix - start[conversation], -1)
    for position, what in enumerate((RESOLVED, CONTACT, REOPENED, AGENT)):
        kind[step == position] = what
    reopening: Bools = step == 1
    return reopening


def _gaps(rng: np.random.Generator, found: Cast, conversation: Ints, place: Ints, kind: Ints, reopening: Bools) -> Ints:
    """Return the microseconds between each message and the one before it."""
    count = len(kind)
    quick = _QUICK[kind]
    seconds: Floats = np.where(
        quick[:, 1] > 0,
        quick[:, 0] + rng.random(count) * (quick[:, 1] - quick[:, 0]),
        np.minimum(rng.lognormal(np.log(85), 1.15, count), 6 * 3600),
    )
    first_answer = (place == found.prefix[conversation]) & found.answered[conversation]
    slow = np.minimum(rng.lognormal(np.log(330), 1.3, count), 2 * 86400)
    seconds = np.where(first_answer, slow + _until_morning(rng, found)[conversation] / SECOND, seconds)
    back = np.clip(rng.lognormal(np.log(1.3 * 86400), 0.9, count), 600, 25 * 86400)
    seconds = np.where(reopening, back, seconds)
    remaining = found.length[conversation] - 1 - place
    late = found.late[conversation] & (remaining == found.suffix[conversation]) & (place > 0)
    seconds = np.where(late, 86400 * (1 + 19 * rng.random(count)), seconds)
    seconds = np.where(place == 0, 0.005 + 0.08 * rng.random(count), seconds)
    gap: Ints = (seconds * SECOND).astype(np.int64)
    # The message's clock can be behind the conversation's: an answer before the beginning.
    behind = every(found.number, *CLOCK_BEHIND) & found.outbound
    gap[(place == 0) & behind[conversation]] = -3217
    return gap


def _until_morning(rng: np.random.Generator, found: Cast) -> Ints:
    """Nobody answers at night: return how long it is until somebody is there."""
    of_day = (found.created - 3 * HOUR) % DAY
    waits = np.where(of_day < 8 * HOUR, 8 * HOUR - of_day, 32 * HOUR - of_day)
    by_day = (of_day >= 8 * HOUR) & (of_day < 20 * HOUR)
    waiting: Ints = np.where(by_day, 0, waits + rng.integers(0, 90 * MINUTE, len(of_day)))
    return waiting


def _times(found: Cast, conversation: Ints, place: Ints, gap: Ints) -> Ints:
    """Add the gaps up within each conversation."""
    total = np.cumsum(gap)
    before = (total - gap)[place == 0]
    at: Ints = found.created[conversation] + total - before[conversation]
    return at
