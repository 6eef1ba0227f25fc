"""The arrivals of conversations: when each one begins, in which inbox and with which contact.

Arrays with one number per conversation, for the whole sample: they are small, and returning contacts connect
conversations that are far apart. What happens within a conversation is in `timelines.py`.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chatwoot_assets.sample.size import HOUR, SECOND, Bools, Floats, Ints, SampleSize

if TYPE_CHECKING:
    from chatwoot_assets.sample.people import People

_WEEKDAYS = np.array([1.15, 1.1, 1.05, 1.0, 0.95, 0.42, 0.22])  # from Monday
# Brazil's public holidays of fixed date are as quiet as Sundays.
_HOLIDAYS = {(1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (11, 20), (12, 25)}
_HOURS = np.array(
    [
        *(0.25, 0.15, 0.1, 0.08, 0.08, 0.15, 0.4, 1.2, 3.2, 5.6, 6.4, 6.0),
        *(4.6, 4.8, 5.9, 6.0, 5.6, 4.8, 3.2, 2.2, 1.8, 1.4, 0.9, 0.5),
    ]
)
_NEW_CONTACTS = 0.42


@dataclass(frozen=True)
class Arrivals:
    """Conversations in order of creation, one element per conversation, and contacts in order of their ids.

    Attributes:
        created: Microseconds since 1970, in UTC, ascending.
        account, inbox: Positions in the tables of `People`.
        contact: The contact's id, from 1.
        contact_inbox: The id of the contact's entry in that inbox.
        first: The position of each contact's first conversation; one element per contact.
        last: The position of each contact's latest conversation; one element per contact.
        pairs: The position of each contact_inbox's first conversation; one element per contact_inbox.
    """

    created: Ints
    account: Ints
    inbox: Ints
    contact: Ints
    contact_inbox: Ints
    first: Ints
    last: Ints
    pairs: Ints


def draw_arrivals(size: SampleSize, people: People) -> Arrivals:
    """Draw when all conversations of a sample begin, and with whom."""
    rng = size.random(1)
    count = size.conversations
    created = _moments(rng, size)
    account = rng.choice(len(people.account_share), count, p=people.account_share)
    contact, is_new = _contacts(rng, account)
    first = np.flatnonzero(is_new)
    drawn = _inboxes(rng, people, account)
    stays = rng.random(count) < 0.85
    inbox = np.where(stays, drawn[first][contact - 1], drawn)
    # A contact has one conversation in an endless inbox; the others are in the account's next inbox.
    again = people.inbox_endless[inbox] & ~_is_first(contact * 1000 + inbox)
    inbox = inbox + again
    last = np.empty(len(first), np.int64)
    last[contact - 1] = np.arange(count)
    pairs, contact_inbox = _pairs(contact, inbox)
    return Arrivals(created, account, inbox, contact, contact_inbox, first, last, pairs)


def _moments(rng: np.random.Generator, size: SampleSize) -> Ints:
    midnights = size.midnights
    per_day = _per_day(rng, size)
    day = np.repeat(np.arange(size.days), per_day)
    hour = rng.choice(24, size.conversations, p=_HOURS / _HOURS.sum())
    moment = midnights[day] + hour * HOUR + rng.integers(0, HOUR, size.conversations)
    # Leave a second for the first message. A day on which clocks go forward is an hour shorter.
    moments: Ints = np.sort(np.minimum(moment, midnights[day + 1] - SECOND))
    return moments


def _per_day(rng: np.random.Generator, size: SampleSize) -> Ints:
    """Draw the number of conversations per day: quiet weekends and holidays, growth, noise, no empty ends."""
    dates = [size.last_day - datetime.timedelta(days) for days in reversed(range(size.days))]
    weekday = np.array([6 if (date.month, date.day) in _HOLIDAYS else date.weekday() for date in dates])
    growth = np.linspace(1.0, 1.35, size.days)
    weight: Floats = _WEEKDAYS[weekday] * growth * rng.lognormal(0, 0.12, size.days)
    edges = np.zeros(size.days, np.int64)
    edges[[0, -1]] = 1 if size.conversations > 1 else 0
    counts: Ints = edges + rng.multinomial(size.conversations - edges.sum(), weight / weight.sum())
    return counts


def _contacts(rng: np.random.Generator, account: Ints) -> tuple[Ints, Bools]:
    """Draw each conversation's contact: a new one, or an earlier one of its account."""
    is_new = rng.random(len(account)) < _NEW_CONTACTS
    for each in np.unique(account):
        is_new[np.argmax(account == each)] = True
    contact: Ints = np.cumsum(is_new)
    # Squaring favours recent contacts: most people return soon or never.
    back = rng.random(len(account)) ** 2
    for each in np.unique(account):
        here = account == each
        own = contact[here & is_new]
        count = np.cumsum(is_new[here])
        earlier = own[count - 1 - (back[here] * count).astype(np.int64)]
        contact[here] = np.where(is_new[here], contact[here], earlier)
    return contact, is_new


def _inboxes(rng: np.random.Generator, people: People, account: Ints) -> Ints:
    """Draw an inbox of each conversation's account, by the inboxes' shares."""
    inbox = np.empty(len(account), np.int64)
    for each in np.unique(account):
        here = account == each
        own = np.flatnonzero(people.inbox_account == each)
        share = people.inbox_share[own] / people.inbox_share[own].sum()
        inbox[here] = rng.choice(own, int(here.sum()), p=share)
    # The deleted inbox has a conversation even in a tiny sample.
    gone = np.flatnonzero(people.inbox_gone)[0]
    own_first = np.flatnonzero(account == people.inbox_account[gone])[:1]
    inbox[own_first] = gone
    return inbox


def _is_first(values: Ints) -> Bools:
    """Return whether each value appears for the first time."""
    first = np.zeros(len(values), np.bool_)
    first[np.unique(values, return_index=True)[1]] = True
    return first


def _pairs(contact: Ints, inbox: Ints) -> tuple[Ints, Ints]:
    """Number the distinct pairs of contact and inbox from 1, in order of appearance."""
    _, position, inverse = np.unique(contact * 1000 + inbox, return_index=True, return_inverse=True)
    order = np.argsort(position)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(1, len(order) + 1)
    return position[order], rank[inverse]
