"""What is decided about a conversation as a whole: who handles it, how it ends, how long it gets.

Its messages follow from this in `threads.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from chatwoot_assets.sample.people import SUPER_ADMIN, People
from chatwoot_assets.sample.size import DAY, Bools, Ints

if TYPE_CHECKING:
    from chatwoot_assets.sample.arrivals import Arrivals

OPEN, RESOLVED, PENDING, SNOOZED = range(4)
LONGEST = 80
CLOCK_BEHIND = 307, 5  # every so many conversations, from this one on: see `every`


@dataclass(frozen=True)
class Cast:
    """One block of conversations, an element each.

    Attributes:
        number: position in the whole sample, from 0; the conversation's id is one more.
        created, account, inbox, contact, contact_inbox: as in `Arrivals`.
        outcome: the status it ends with, unless the sample's end comes first.
        answered: an agent writes at all.
        agent: user id of who does the work, and `assigned` whether it is assigned to them.
        outbound: the agent wrote first.
        greeting: a greeting is sent.
        bot_turns: how often the bot speaks before a human does; `bot_only` if none does.
        surveys: how many satisfaction surveys are sent.
        reopened: it was resolved before, and the contact wrote again days later.
        late: its last message was written days after the rest.
        length: the number of messages.
    """

    number: Ints
    created: Ints
    account: Ints
    inbox: Ints
    contact: Ints
    contact_inbox: Ints
    outcome: Ints
    answered: Bools
    agent: Ints
    assigned: Bools
    outbound: Bools
    greeting: Bools
    bot_turns: Ints
    bot_only: Bools
    surveys: Ints
    reopened: Bools
    late: Bools
    length: Ints

    @property
    def prefix(self) -> Ints:
        """How many messages come before the talk: the first one, greeting, bot, assignment."""
        return 1 + self.greeting + 2 * self.bot_turns + self.assigned

    @property
    def suffix(self) -> Ints:
        """How many come after it: resolution and surveys, or snoozing."""
        ends = np.isin(self.outcome, (RESOLVED, SNOOZED))
        return ends + self.surveys


def every(number: Ints, period: int, at: int) -> Bools:
    """Pick conversations at fixed intervals: quirks that even a small sample must have."""
    picked: Bools = number % period == at
    return picked


def cast(rng: np.random.Generator, people: People, arrived: Arrivals, block: slice, end: int) -> Cast:
    """Decide about the conversations of a block."""
    number = np.arange(len(arrived.created))[block]
    account, inbox, created = arrived.account[block], arrived.inbox[block], arrived.created[block]
    count = len(number)
    has_bot = (people.inbox_bot[inbox] > 0) & (rng.random(count) < 0.6)
    outcome = _outcomes(rng, created, has_bot, end)
    bot_only = has_bot & ((outcome == PENDING) | ((outcome == RESOLVED) & (rng.random(count) < 0.2)))
    answer_rate = np.array([0.6, 0.95, 0.0, 1.0])[outcome]
    answered = (rng.random(count) < answer_rate) & ~bot_only
    outbound = answered & ~has_bot & ((rng.random(count) < 0.05) | every(number, *CLOCK_BEHIND))
    greeting = people.inbox_greeting[inbox] & ~outbound & (rng.random(count) < 0.8)
    bot_turns = np.where(has_bot, rng.integers(1, 4, count), 0)
    resolved = outcome == RESOLVED
    surveys = (people.inbox_survey[inbox] & resolved & ~bot_only & (rng.random(count) < 0.8)).astype(np.int64)
    # The message API and two resolutions at once send more than one survey.
    surveys[(surveys > 0) & (number % 60 == 7)] = 2
    surveys[(surveys > 0) & (number % 240 == 31)] = 3
    reopened = resolved & answered & (rng.random(count) < 0.07)
    found = Cast(
        number=number,
        created=created,
        account=account,
        inbox=inbox,
        contact=arrived.contact[block],
        contact_inbox=arrived.contact_inbox[block],
        outcome=outcome,
        answered=answered,
        agent=_agents(rng, people, account),
        assigned=(rng.random(count) < np.where(answered, 0.93, 0.3)) & ~bot_only & (outcome != PENDING),
        outbound=outbound,
        greeting=greeting,
        bot_turns=bot_turns,
        bot_only=bot_only,
        surveys=surveys,
        reopened=reopened,
        late=answered & ~reopened & (rng.random(count) < 0.03),
        length=np.zeros(count, np.int64),
    )
    return replace(found, length=_lengths(rng, found))


def _outcomes(rng: np.random.Generator, created: Ints, has_bot: Bools, end: int) -> Ints:
    """Most are resolved, but the newest are still open."""
    count = len(created)
    age = (end - created) / DAY
    luck = rng.random(count)
    is_open = luck < 0.025 + 0.5 * np.exp(-age / 1.5)
    outcome = np.where(is_open, OPEN, RESOLVED)
    outcome[(luck > 0.985) & ~is_open] = SNOOZED
    outcome[has_bot & ~is_open & (rng.random(count) < 0.04)] = PENDING
    return outcome


def _agents(rng: np.random.Generator, people: People, account: Ints) -> Ints:
    """Choose an agent of the account; some work more than others, the super administrator a little."""
    count = len(account)
    place = (rng.random(count) ** 1.4 * people.agents_count[account]).astype(np.int64)
    agent: Ints = np.where(rng.random(count) < 0.005, SUPER_ADMIN, people.agents[account, place])
    return agent


def _lengths(rng: np.random.Generator, found: Cast) -> Ints:
    """Draw how many messages there are: 12 on average, many few and few many."""
    count = len(found.number)
    drawn = rng.lognormal(np.log(9.2), 0.78, count).astype(np.int64)
    ends = found.prefix + found.suffix
    drawn = np.where(found.answered, drawn, np.minimum(drawn, ends + 2))
    needed = ends + found.answered + 4 * found.reopened
    length: Ints = np.clip(drawn, needed, LONGEST)
    return np.where(found.bot_only, ends, length)
