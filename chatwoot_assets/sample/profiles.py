"""The profiles of conversations: who handles each one, how it ends and how long it gets.

Their messages follow from this in `timelines.py`.
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
CLOCK_BEHIND = 307, 5  # the period and offset of these conversations: see `select_every`


@dataclass(frozen=True)
class Profiles:
    """A block of conversations, one element per conversation.

    Attributes:
        number: The position in the whole sample, from 0; the conversation's id is one more.
        created, account, inbox, contact, contact_inbox: As in `Arrivals`.
        outcome: The status it ends with, unless the sample ends before.
        answered: Whether an agent writes.
        agent: The user id of the agent who does the work.
        assigned: Whether the conversation is assigned to that agent.
        outbound: Whether the agent wrote first.
        greeting: Whether a greeting is sent.
        bot_turns: How often the bot writes before a human does.
        bot_only: Whether no human ever writes.
        surveys: The number of satisfaction surveys that are sent.
        returns: How often the contact wrote again days after a resolution.
        late: Whether the last message was written days after the others.
        length: The number of messages.
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
    returns: Ints
    late: Bools
    length: Ints

    @property
    def prefix(self) -> Ints:
        """The number of messages before the talk: the first one, greeting, bot, assignment."""
        return 1 + self.greeting + 2 * self.bot_turns + self.assigned

    @property
    def suffix(self) -> Ints:
        """The number of messages after the talk: resolution and surveys, or snoozing."""
        ends = np.isin(self.outcome, (RESOLVED, SNOOZED))
        return ends + self.surveys


def select_every(number: Ints, period: int, offset: int) -> Bools:
    """Select elements at fixed intervals, for quirks that even a small sample must have."""
    selected: Bools = number % period == offset
    return selected


def draw_profiles(rng: np.random.Generator, people: People, arrivals: Arrivals, block: slice, end: int) -> Profiles:
    """Draw the profiles of a block of conversations."""
    number = np.arange(len(arrivals.created))[block]
    account, inbox, created = arrivals.account[block], arrivals.inbox[block], arrivals.created[block]
    count = len(number)
    has_bot = (people.inbox_bot[inbox] > 0) & (created >= people.bot_since)
    outcome = _outcomes(rng, created, has_bot, end)
    bot_only = has_bot & ((outcome == PENDING) | ((outcome == RESOLVED) & (rng.random(count) < 0.2)))
    answer_rate = np.array([0.6, 0.95, 0.0, 1.0])[outcome]
    answered = (rng.random(count) < answer_rate) & ~bot_only
    outbound = answered & ~has_bot & ((rng.random(count) < 0.05) | select_every(number, *CLOCK_BEHIND))
    greeting = people.inbox_greeting[inbox] & ~outbound & (rng.random(count) < 0.8)
    bot_turns = np.where(has_bot, rng.integers(1, 4, count), 0)
    resolved = outcome == RESOLVED
    surveys = (people.inbox_survey[inbox] & resolved & ~bot_only & (rng.random(count) < 0.8)).astype(np.int64)
    # The message API and two resolutions at once send more than one survey.
    surveys[(surveys > 0) & (number % 60 == 7)] = 2
    surveys[(surveys > 0) & (number % 240 == 31)] = 3
    returns = (rng.random(count) < 0.07).astype(np.int64)
    returns = np.where(people.inbox_endless[inbox] & (rng.random(count) < 0.6), rng.integers(1, 7, count), returns)
    returns = np.where(resolved & answered, returns, 0)
    profiles = Profiles(
        number=number,
        created=created,
        account=account,
        inbox=inbox,
        contact=arrivals.contact[block],
        contact_inbox=arrivals.contact_inbox[block],
        outcome=outcome,
        answered=answered,
        agent=_agents(rng, people, account),
        assigned=(rng.random(count) < np.where(answered, 0.93, 0.3)) & ~bot_only & (outcome != PENDING),
        outbound=outbound,
        greeting=greeting,
        bot_turns=bot_turns,
        bot_only=bot_only,
        surveys=surveys,
        returns=returns,
        late=answered & (returns == 0) & (rng.random(count) < 0.03),
        length=np.zeros(count, np.int64),
    )
    return replace(profiles, length=_lengths(rng, profiles))


def _outcomes(rng: np.random.Generator, created: Ints, has_bot: Bools, end: int) -> Ints:
    """Draw the statuses: most conversations are resolved, but the newest are still open."""
    count = len(created)
    age = (end - created) / DAY
    luck = rng.random(count)
    is_open = luck < 0.025 + 0.5 * np.exp(-age / 1.5)
    outcome = np.where(is_open, OPEN, RESOLVED)
    outcome[(luck > 0.985) & ~is_open] = SNOOZED
    outcome[has_bot & ~is_open & (rng.random(count) < 0.04)] = PENDING
    return outcome


def _agents(rng: np.random.Generator, people: People, account: Ints) -> Ints:
    """Draw an agent of each account; some work more than others, and the super administrator a little."""
    count = len(account)
    place = (rng.random(count) ** 1.4 * people.agents_count[account]).astype(np.int64)
    agent: Ints = np.where(rng.random(count) < 0.005, SUPER_ADMIN, people.agents[account, place])
    return agent


def _lengths(rng: np.random.Generator, profiles: Profiles) -> Ints:
    """Draw the numbers of messages: 12 on average, mostly fewer and rarely many more."""
    count = len(profiles.number)
    drawn = rng.lognormal(np.log(9.2), 0.78, count).astype(np.int64)
    ends = profiles.prefix + profiles.suffix
    drawn = np.where(profiles.answered, drawn, np.minimum(drawn, ends + 2))
    needed = ends + profiles.answered + 4 * profiles.returns
    length: Ints = np.clip(drawn, needed, LONGEST)
    return np.where(profiles.bot_only, ends, length)
