"""The timelines of conversations: which kinds of message follow each other, and when.

Only numbers, for a block of conversations at a time. What the messages say is in `messages.py`; what Chatwoot derives
from them is in `outcomes.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chatwoot_assets.sample.profiles import CLOCK_BEHIND, Profiles, select_every
from chatwoot_assets.sample.profiles import RESOLVED as ENDS_RESOLVED
from chatwoot_assets.sample.profiles import SNOOZED as ENDS_SNOOZED
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
# The kinds that end the contact's wait: replies, and a resolution.
ENDS_WAIT = np.isin(np.arange(KINDS), (AGENT, ECHO, BOT, CAPTAIN, RESOLVED))

_TALK = np.array([CONTACT, AGENT, NOTE, LABELLED, AUTOMATION, ECHO, CAPTAIN])
_TALK_SHARE = np.array([0.45, 0.43, 0.05, 0.025, 0.01, 0.02, 0.015])
_ECHO_CHANNELS = ("Channel::Whatsapp", "Channel::Instagram")
_CAPTAIN_ACCOUNT = 2

# For messages that a program writes, the least and the most seconds after the message before.
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
class Timeline:
    """The messages of a block, one element per message, by conversation and in order of time.

    Attributes:
        conversation: The position of the conversation in the block.
        kind: The kind of message, one of this module's constants.
        sent_at: Microseconds since 1970, in UTC.
        first: The position of each conversation's first message; one element per conversation.
        opens: Whether it is the first message of its conversation.
    """

    conversation: Ints
    kind: Ints
    sent_at: Ints
    first: Ints
    opens: Bools


def draw_timeline(rng: np.random.Generator, people: People, profiles: Profiles, end: int) -> Timeline:
    """Draw the messages of a block of conversations, up to the sample's end."""
    conversation = np.repeat(np.arange(len(profiles.length)), profiles.length)
    place = np.arange(len(conversation)) - np.repeat(np.cumsum(profiles.length) - profiles.length, profiles.length)
    kind, reopening = _kinds(rng, people, profiles, conversation, place)
    gap = _gaps(rng, profiles, conversation, place, kind, reopening)
    sent_at = _times(profiles, conversation, place, gap)
    kept = sent_at < end
    conversation, place, kind, sent_at = conversation[kept], place[kept], kind[kept], sent_at[kept]
    return Timeline(conversation, kind, sent_at, np.flatnonzero(place == 0), place == 0)


def _kinds(
    rng: np.random.Generator, people: People, profiles: Profiles, conversation: Ints, place: Ints
) -> tuple[Ints, Bools]:
    """Return each message's kind, and whether it is the contact's return after a resolution."""
    kind = _talk(rng, people, profiles, conversation)
    after_prefix = place - profiles.prefix[conversation]
    answered = profiles.answered[conversation]
    first_answer = (after_prefix == 0) & answered
    kind[first_answer & (kind != ECHO)] = AGENT
    _write_prefix(profiles, conversation, place, kind)
    reopening = _write_reopening(rng, profiles, conversation, after_prefix, kind)
    remaining = profiles.length[conversation] - 1 - place
    surveys = profiles.surveys[conversation]
    outcome = profiles.outcome[conversation]
    kind[(outcome == ENDS_RESOLVED) & (remaining == surveys)] = RESOLVED
    kind[(outcome == ENDS_RESOLVED) & (remaining < surveys)] = SURVEY
    kind[(outcome == ENDS_SNOOZED) & (remaining == 0)] = SNOOZED
    return kind, reopening


def _talk(rng: np.random.Generator, people: People, profiles: Profiles, conversation: Ints) -> Ints:
    kind = rng.choice(_TALK, len(conversation), p=_TALK_SHARE)
    echoes = np.isin(np.array(people.inbox_channel), _ECHO_CHANNELS)[profiles.inbox[conversation]]
    kind[(kind == ECHO) & ~echoes] = AGENT
    kind[(kind == CAPTAIN) & (profiles.account[conversation] != _CAPTAIN_ACCOUNT)] = CONTACT
    kind[~profiles.answered[conversation]] = CONTACT
    return kind


def _write_prefix(profiles: Profiles, conversation: Ints, place: Ints, kind: Ints) -> None:
    """Put the first message, the greeting, the talk with the bot and the assignment in their places."""
    kind[place == 0] = np.where(profiles.outbound, AGENT, CONTACT)
    kind[(place == 1) & profiles.greeting[conversation]] = GREETING
    bot_place = place - 1 - profiles.greeting[conversation]
    talk = 2 * profiles.bot_turns[conversation]
    with_bot = (bot_place >= 0) & (bot_place < talk)
    kind[with_bot] = np.where(bot_place % 2 == 0, BOT, CONTACT)[with_bot]
    kind[(bot_place == talk) & profiles.assigned[conversation]] = ASSIGNED


def _write_reopening(
    rng: np.random.Generator, profiles: Profiles, conversation: Ints, after_prefix: Ints, kind: Ints
) -> Bools:
    """Resolve some conversations midway, once or more often, and let their contacts come back."""
    steps = RESOLVED, CONTACT, REOPENED, AGENT
    room = profiles.length - profiles.prefix - profiles.suffix - profiles.answered - len(steps) * profiles.returns
    most = int(profiles.returns.max(initial=0))
    luck = np.sort(rng.random((len(room), most)), axis=1)
    reopening: Bools = np.zeros(len(kind), np.bool_)
    for number in range(most):
        start = profiles.answered + len(steps) * number + (luck[:, number] * (room + 1)).astype(np.int64)
        step = np.where(profiles.returns[conversation] > number, after_prefix - start[conversation], -1)
        for position, kind_at_position in enumerate(steps):
            kind[step == position] = kind_at_position
        reopening |= step == 1
    return reopening


def _gaps(
    rng: np.random.Generator, profiles: Profiles, conversation: Ints, place: Ints, kind: Ints, reopening: Bools
) -> Ints:
    """Return the microseconds between each message and the one before it."""
    count = len(kind)
    quick = _QUICK[kind]
    seconds: Floats = np.where(
        quick[:, 1] > 0,
        quick[:, 0] + rng.random(count) * (quick[:, 1] - quick[:, 0]),
        np.minimum(rng.lognormal(np.log(85), 1.15, count), 6 * 3600),
    )
    first_answer = (place == profiles.prefix[conversation]) & profiles.answered[conversation]
    slow = np.minimum(rng.lognormal(np.log(330), 1.3, count), 2 * 86400)
    seconds = np.where(first_answer, slow + _until_morning(rng, profiles)[conversation] / SECOND, seconds)
    # Contacts who come back often do so after about a week.
    slowness = np.where(profiles.returns > 1, 5, 1)[conversation]
    back = np.clip(slowness * rng.lognormal(np.log(1.3 * 86400), 0.9, count), 600, 25 * 86400)
    seconds = np.where(reopening, back, seconds)
    remaining = profiles.length[conversation] - 1 - place
    late = profiles.late[conversation] & (remaining == profiles.suffix[conversation]) & (place > 0)
    seconds = np.where(late, 86400 * (1 + 19 * rng.random(count)), seconds)
    seconds = np.where(place == 0, 0.005 + 0.08 * rng.random(count), seconds)
    gap: Ints = (seconds * SECOND).astype(np.int64)
    # The clock of a message can be behind the clock of its conversation: a reply before the beginning.
    behind = select_every(profiles.number, *CLOCK_BEHIND) & profiles.outbound
    gap[(place == 0) & behind[conversation]] = -3217
    return gap


def _until_morning(rng: np.random.Generator, profiles: Profiles) -> Ints:
    """Return the time until an agent is at work: nobody answers at night."""
    of_day = (profiles.created - 3 * HOUR) % DAY
    waits = np.where(of_day < 8 * HOUR, 8 * HOUR - of_day, 32 * HOUR - of_day)
    by_day = (of_day >= 8 * HOUR) & (of_day < 20 * HOUR)
    waiting: Ints = np.where(by_day, 0, waits + rng.integers(0, 90 * MINUTE, len(of_day)))
    return waiting


def _times(profiles: Profiles, conversation: Ints, place: Ints, gap: Ints) -> Ints:
    """Return the times of messages: the gaps added up within each conversation."""
    total = np.cumsum(gap)
    before = (total - gap)[place == 0]
    sent_at: Ints = profiles.created[conversation] + total - before[conversation]
    return sent_at
