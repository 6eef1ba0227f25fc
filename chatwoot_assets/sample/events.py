"""The rows of `reporting_events`: what Chatwoot notes down for its own reports.

Written by a background job, so later than what they are about, now and then twice; those of an agent
are deleted with the agent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from chatwoot_assets.sample.casting import Cast, every
from chatwoot_assets.sample.outcomes import NEVER, Outcome
from chatwoot_assets.sample.size import DAY, HOUR, SECOND, Ints
from chatwoot_assets.sample.threads import AGENT, BOT, ECHO, HUMAN, REOPENED, RESOLVED, Thread

if TYPE_CHECKING:
    from chatwoot_assets.sample.people import People

_FIRST_MONDAY = 4 * DAY  # 1970-01-05
_LOCAL = 3 * HOUR  # America/Sao_Paulo is three hours behind UTC, without daylight saving time since 2019

NAMES = (
    "first_response",
    "reply_time",
    "conversation_resolved",
    "conversation_bot_handoff",
    "conversation_bot_resolved",
    "conversation_opened",
)
FIRST_RESPONSE, REPLY_TIME, IS_RESOLVED, HANDOFF, BOT_RESOLVED, OPENED = range(len(NAMES))


def event_frame(
    rng: np.random.Generator, people: People, found: Cast, said: Thread, outcome: Outcome, end: int
) -> pl.DataFrame:
    """Make the rows of reporting_events, in order of their creation, without their ids."""
    name, message, start, zero = _events(found, said, outcome)
    conversation = said.conversation[message]
    finish = said.at[message]
    user = _users(said, outcome, name, message)
    late = np.where(rng.random(len(name)) < 0.01, 3600.0, 1.0) * rng.lognormal(0.7, 0.8, len(name))
    created = finish + (late * SECOND).astype(np.int64)
    kept = (created < end) & ~people.user_gone[user]
    # A job that is tried again writes its event a second time.
    again = np.flatnonzero(kept & every(np.arange(len(name)), 401, at=3) & (created + 30 * SECOND < end))
    chosen = np.append(np.flatnonzero(kept), again)
    created = np.append(created[kept], created[again] + 30 * SECOND - 1)
    order = np.argsort(created, kind="stable")
    chosen, created = chosen[order], created[order]
    inbox = found.inbox[conversation[chosen]]
    start, finish, zero = start[chosen], finish[chosen], zero[chosen]
    worked = _business(people, inbox, finish) - _business(people, inbox, start)
    return pl.DataFrame(
        {
            "name": pl.Series(NAMES).gather(name[chosen]),
            "value": np.where(zero, 0, finish - start) / SECOND,
            "value_in_business_hours": np.where(people.inbox_has_hours[inbox] & ~zero, worked, 0) / SECOND,
            "account_id": found.account[conversation[chosen]] + 1,
            "inbox_id": people.inbox_id[inbox],
            "user_id": pl.Series(user[chosen]).replace(0, None),
            "conversation_id": found.number[conversation[chosen]] + 1,
            "event_start_time": start.view("datetime64[us]"),
            "event_end_time": finish.view("datetime64[us]"),
            "created_at": created.view("datetime64[us]"),
            "updated_at": created.view("datetime64[us]"),
        }
    )


def _events(found: Cast, said: Thread, outcome: Outcome) -> tuple[Ints, Ints, Ints, Ints]:
    """Return each event's name, message and start, and whether its value is 0 by definition."""
    created = found.created[said.conversation]
    handoff = _handoffs(found, said)
    begun = created.copy()
    handed = np.full(len(found.number), NEVER)
    handed[said.conversation[handoff]] = said.at[handoff]
    after_bot = handed[said.conversation]
    begun = np.where(after_bot != NEVER, after_bot, begun)
    reopened = np.flatnonzero(said.kind == REOPENED)
    waited = (outcome.wait_start != NEVER) & HUMAN[said.kind] & ~outcome.is_first_reply
    resolved = np.flatnonzero(said.kind == RESOLVED)
    by_bot = resolved[found.bot_only[said.conversation[resolved]]]
    parts = [
        (FIRST_RESPONSE, outcome.first_reply[outcome.first_reply >= 0], begun, False),
        (REPLY_TIME, np.flatnonzero(waited), outcome.wait_start, False),
        (IS_RESOLVED, resolved, created, False),
        (HANDOFF, handoff, created, False),
        (BOT_RESOLVED, by_bot, created, False),
        # The contact's message and the resolution before it come first: two messages back.
        (OPENED, reopened, np.append([0, 0], said.at)[: len(said.at)], False),
        (OPENED, handoff, said.at, True),
    ]
    name = np.concatenate([np.full(len(message), code) for code, message, _, _ in parts])
    start = np.concatenate([begin[message] for _, message, begin, _ in parts])
    zero = np.concatenate([np.full(len(message), none) for _, message, _, none in parts])
    return name, np.concatenate([message for _, message, _, _ in parts]), start, zero


def _handoffs(found: Cast, said: Thread) -> Ints:
    """Return the contact's last message to each bot that then gave way to a human."""
    position = np.where(said.kind == BOT, np.arange(len(said.kind)), -1)
    last_bot = np.maximum.reduceat(position, said.first)
    gave_way = found.answered & (last_bot >= 0) & (last_bot + 1 < np.append(said.first[1:], len(said.at)))
    handoffs: Ints = last_bot[gave_way] + 1
    return handoffs


def _users(said: Thread, outcome: Outcome, name: Ints, message: Ints) -> Ints:
    """Return whose event it is: the writer of a first response, else the assignee; 0 for nobody's."""
    by_writer = np.where(said.kind[message] == AGENT, outcome.writer[message], 0)
    assignee = outcome.assignee[said.conversation[message]]
    user = np.where(name == FIRST_RESPONSE, by_writer, assignee)
    nobody = np.isin(name, (HANDOFF, BOT_RESOLVED, OPENED)) | ((name == FIRST_RESPONSE) & (said.kind[message] == ECHO))
    users: Ints = np.where(nobody, 0, user)
    return users


def _business(people: People, inbox: Ints, at: Ints) -> Ints:
    """Return the opening hours of an inbox between the first Monday of 1970 and a time."""
    hours = people.inbox_hours[inbox]
    length = hours[:, :, 1] - hours[:, :, 0]
    local = at - _LOCAL - _FIRST_MONDAY
    weeks, of_week = np.divmod(local, 7 * DAY)
    day, of_day = np.divmod(of_week, DAY)
    row = np.arange(len(at))
    days_before = np.cumsum(length, axis=1)[row, day] - length[row, day]
    today = np.clip(of_day - hours[row, day, 0], 0, length[row, day])
    total: Ints = weeks * length.sum(axis=1) + days_before + today
    return total
