"""The rows of `reporting_events`, which Chatwoot records for its own reports.

A background job writes them: later than the events themselves, and sometimes twice. An agent's events are deleted with
the agent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from chatwoot_assets.sample.outcomes import NEVER, Outcome
from chatwoot_assets.sample.profiles import Profiles, select_every
from chatwoot_assets.sample.size import DAY, SECOND, Ints
from chatwoot_assets.sample.timelines import AGENT, BOT, ECHO, HUMAN, REOPENED, RESOLVED, Timeline

if TYPE_CHECKING:
    from chatwoot_assets.sample.people import People

_FIRST_MONDAY = 4 * DAY  # 1970-01-05

NAMES = (
    "first_response",
    "reply_time",
    "conversation_resolved",
    "conversation_bot_handoff",
    "conversation_bot_resolved",
    "conversation_opened",
)
FIRST_RESPONSE, REPLY_TIME, IS_RESOLVED, HANDOFF, BOT_RESOLVED, OPENED = range(len(NAMES))


def create_events(
    rng: np.random.Generator, people: People, profiles: Profiles, timeline: Timeline, outcome: Outcome, end: int
) -> pl.DataFrame:
    """Return the rows of reporting_events, in order of creation, without ids."""
    name, message, start, zero = _events(profiles, timeline, outcome)
    conversation = timeline.conversation[message]
    finish = timeline.sent_at[message]
    user = _users(timeline, outcome, name, message, zero)
    late = np.where(rng.random(len(name)) < 0.01, 3600.0, 1.0) * rng.lognormal(0.7, 0.8, len(name))
    created = finish + (late * SECOND).astype(np.int64)
    kept = (created < end) & ~people.user_gone[user]
    # A job that is retried writes its event a second time.
    again = np.flatnonzero(kept & select_every(np.arange(len(name)), 401, offset=3) & (created + 30 * SECOND < end))
    chosen = np.append(np.flatnonzero(kept), again)
    created = np.append(created[kept], created[again] + 30 * SECOND - 1)
    order = np.argsort(created, kind="stable")
    chosen, created = chosen[order], created[order]
    inbox = profiles.inbox[conversation[chosen]]
    start, finish, zero = start[chosen], finish[chosen], zero[chosen]
    worked = _business(people, inbox, finish) - _business(people, inbox, start)
    return pl.DataFrame(
        {
            "name": pl.Series(NAMES).gather(name[chosen]),
            "value": np.where(zero, 0, finish - start) / SECOND,
            "value_in_business_hours": np.where(people.inbox_has_hours[inbox] & ~zero, worked, 0) / SECOND,
            "account_id": profiles.account[conversation[chosen]] + 1,
            "inbox_id": people.inbox_id[inbox],
            "user_id": pl.Series(user[chosen]).replace(0, None),
            "conversation_id": profiles.number[conversation[chosen]] + 1,
            "event_start_time": start.view("datetime64[us]"),
            "event_end_time": finish.view("datetime64[us]"),
            "created_at": created.view("datetime64[us]"),
            "updated_at": created.view("datetime64[us]"),
        }
    )


def _events(profiles: Profiles, timeline: Timeline, outcome: Outcome) -> tuple[Ints, Ints, Ints, Ints]:
    """Return each event's name, message and start, and whether its value is always 0."""
    created = profiles.created[timeline.conversation]
    handoff = _handoffs(profiles, timeline)
    begun = created.copy()
    handed = np.full(len(profiles.number), NEVER)
    handed[timeline.conversation[handoff]] = timeline.sent_at[handoff]
    after_bot = handed[timeline.conversation]
    begun = np.where(after_bot != NEVER, after_bot, begun)
    reopened = np.flatnonzero(timeline.kind == REOPENED)
    waited = (outcome.wait_start != NEVER) & HUMAN[timeline.kind] & ~outcome.is_first_reply
    resolved = np.flatnonzero(timeline.kind == RESOLVED)
    by_bot = resolved[profiles.bot_only[timeline.conversation[resolved]]]
    parts = [
        (FIRST_RESPONSE, outcome.first_reply[outcome.first_reply >= 0], begun, False),
        (REPLY_TIME, np.flatnonzero(waited), outcome.wait_start, False),
        (IS_RESOLVED, resolved, created, False),
        (HANDOFF, handoff, created, False),
        (BOT_RESOLVED, by_bot, created, False),
        # It starts at the resolution, two messages before: the contact's message is in between.
        (OPENED, reopened, np.append([0, 0], timeline.sent_at)[: len(timeline.sent_at)], False),
        (OPENED, handoff, timeline.sent_at, True),
    ]
    name = np.concatenate([np.full(len(message), code) for code, message, _, _ in parts])
    start = np.concatenate([begin[message] for _, message, begin, _ in parts])
    zero = np.concatenate([np.full(len(message), none) for _, message, _, none in parts])
    return name, np.concatenate([message for _, message, _, _ in parts]), start, zero


def _handoffs(profiles: Profiles, timeline: Timeline) -> Ints:
    """Return the contact's last message to the bot in each conversation that a human took over."""
    position = np.where(timeline.kind == BOT, np.arange(len(timeline.kind)), -1)
    last_bot = np.maximum.reduceat(position, timeline.first)
    gave_way = (
        profiles.answered & (last_bot >= 0) & (last_bot + 1 < np.append(timeline.first[1:], len(timeline.sent_at)))
    )
    handoffs: Ints = last_bot[gave_way] + 1
    return handoffs


def _users(timeline: Timeline, outcome: Outcome, name: Ints, message: Ints, zero: Ints) -> Ints:
    """Return each event's user: the writer of a first response, otherwise the assignee; 0 for none.

    Nobody is assigned yet when a bot hands over, which opens the conversation for the first time.
    """
    by_writer = np.where(timeline.kind[message] == AGENT, outcome.writer[message], 0)
    assignee = outcome.assignee[timeline.conversation[message]]
    user = np.where(name == FIRST_RESPONSE, by_writer, assignee)
    nobody = (
        np.isin(name, (HANDOFF, BOT_RESOLVED))
        | ((name == OPENED) & zero)
        | ((name == FIRST_RESPONSE) & (timeline.kind[message] == ECHO))
    )
    users: Ints = np.where(nobody, 0, user)
    return users


def _business(people: People, inbox: Ints, time: Ints) -> Ints:
    """Return the opening hours, in microseconds, of inboxes from the first Monday of 1970 until a time."""
    hours = people.inbox_hours[inbox]
    length = hours[:, :, 1] - hours[:, :, 0]
    # By the inbox's clock; Brazil has had no daylight saving time since 2019.
    local = time - people.inbox_offset[inbox] - _FIRST_MONDAY
    weeks, of_week = np.divmod(local, 7 * DAY)
    day, of_day = np.divmod(of_week, DAY)
    row = np.arange(len(time))
    days_before = np.cumsum(length, axis=1)[row, day] - length[row, day]
    today = np.clip(of_day - hours[row, day, 0], 0, length[row, day])
    total: Ints = weeks * length.sum(axis=1) + days_before + today
    return total
