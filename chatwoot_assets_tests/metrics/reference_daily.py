"""What happened on each day and how large the backlog was, told a second time in plain Python, from the rows."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from chatwoot_assets_tests.metrics.reference_status import course, last_message, reopened, resolved, said
from chatwoot_assets_tests.metrics.scenarios import BOTS, History, Row

Key = tuple[Any, ...]
# When, by which agent (None for the assignee), what, and how much of it.
Happening = tuple[datetime.datetime | None, int | None, str, Fraction | int]


def daily(story: History) -> dict[str, dict[Key, dict[str, float]]]:
    """Return of each table the measures that are not 0, by conversation_date, event_date, account_id and group."""
    tables: dict[str, dict[Key, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for conversation in story.conversations:
        for at, agent, what, amount in _happenings(story, conversation):
            assignee = conversation["assignee_id"] or 0
            day = conversation["conversation_date"] if at is None else story.day(at)
            groups = {
                "daily_by_agent": [assignee if agent is None else agent],
                "daily_by_inbox": [conversation["inbox_id"]],
                "daily_by_team": [conversation["team_id"] or 0],
                "daily_by_label": ["", *conversation["labels"]],
            }
            for table, values in groups.items():
                for value in values:
                    key = (conversation["conversation_date"], day, conversation["account_id"], value)
                    tables[table][key][what] += amount  # type: ignore[assignment]  # counts and sums
    return {
        table: {key: {what: float(amount) for what, amount in found.items() if amount} for key, found in rows.items()}
        for table, rows in tables.items()
    }


def _happenings(story: History, conversation: Row) -> Iterator[Happening]:
    yield None, None, "created", 1
    for at, user in resolved(story, conversation):
        yield at, user, "resolved", 1
    for at in reopened(story, conversation):
        yield at, None, "reopened", 1
    for message in story.of("messages", conversation):
        if message["created_at"] is not None:
            yield from _of_message(message)
    for wait in story.of("intervals", conversation):
        if wait["ended_at"] is not None:
            yield from _of_wait(wait)
    yield from _of_survey(story, conversation)


def _of_message(message: Row) -> Iterator[Happening]:
    at, kind, private = message["created_at"], message["message_type"], message["private"]
    if message["sender_type"] == "User" and message["sender_id"] is not None:
        agent = message["sender_id"]
    else:
        agent = None if kind == "incoming" else 0
    if private and kind != "activity":
        yield at, agent, "private_notes", 1
    elif kind in {"incoming", "outgoing"} and not private:
        yield at, agent, f"{kind}_messages", 1
        if kind == "outgoing" and is_human_reply(message):
            yield at, agent, "human_replies", 1


def is_human_reply(message: Row) -> bool:
    """Return whether a message is a human's reply to a contact."""
    if message["message_type"] != "outgoing" or message["private"] or message["automated"] or message["campaign"]:
        return False
    return message["external_echo"] or (message["sender_type"] == "User" and message["sender_id"] not in BOTS)


def _of_wait(wait: Row) -> Iterator[Happening]:
    at, agent = wait["ended_at"], wait["agent_id"] or 0
    for name in ["response", "first_response"] if wait["is_first_response"] else ["response"]:
        yield at, agent, f"{name}s", 1
        yield at, agent, f"sum_{name}_seconds", _exact(wait["seconds"])
        if wait["business_seconds"] is not None:
            yield at, agent, f"business_{name}s", 1
            yield at, agent, f"sum_{name}_business_seconds", _exact(wait["business_seconds"])


def _exact(seconds: float) -> Fraction:
    return Fraction(round(seconds * 1_000_000), 1_000_000)


def _of_survey(story: History, conversation: Row) -> Iterator[Happening]:
    surveys = [
        message["created_at"]
        for message in story.of("messages", conversation)
        if message["content_type"] == "input_csat" and not message["deleted"] and message["created_at"] is not None
    ]
    ratings = story.of("csat", conversation)
    if surveys or ratings:
        yield min(surveys) if surveys else ratings[0]["rated_at"], None, "csat_offered", 1
    for rating in ratings:
        if rating["rating"] is not None:
            yield rating["rated_at"], None, "csat_answered", 1
            yield rating["rated_at"], None, "sum_rating", rating["rating"]
            yield rating["rated_at"], None, "satisfied", int(rating["rating"] >= 4)


def backlog(story: History, day: datetime.date) -> Counter[Key]:
    """Return how many conversations are in each part of the backlog at the end of a day.

    By conversation_date, account_id, inbox_id, team_id, agent_id and part; as far as anything is known.
    """
    found: Counter[Key] = Counter()
    for conversation in story.conversations:
        if conversation["conversation_date"] > day:
            continue
        key = tuple(
            conversation[name] or 0
            for name in ("conversation_date", "account_id", "inbox_id", "team_id", "assignee_id")
        )
        for part in _parts(story, conversation, day):
            found[(*key, part)] += 1
    return found


def _parts(story: History, conversation: Row, day: datetime.date) -> list[str]:
    # What is dated before the conversation is so from its first day on.
    def until(at: datetime.datetime | None) -> bool:
        return at is not None and max(story.day(at), conversation["conversation_date"]) <= day

    status = [status for at, status in course(story, conversation) if until(at)][-1]
    if status != "open":
        return [status] if status in {"pending", "snoozed"} else []
    waits = story.of("intervals", conversation)
    assignments = said(story, conversation, "assigned", "unassigned")
    replies = [row["created_at"] for row in story.of("messages", conversation) if is_human_reply(row)]
    ends = [(wait["started_at"], wait["ended_at"] or wait["resolved_at"]) for wait in waits]
    changes = [at for at, _ in course(story, conversation) + assignments] + [at for pair in ends for at in pair if at]
    if all(until(at) for at in [*changes, last_message(story, conversation)]):
        is_assigned = conversation["assignee_id"] is not None
        is_attended = conversation["first_response_seconds"] is not None and conversation["waiting_since"] is None
    else:
        made = [what == "assigned" for at, what in assignments if until(at)]
        before = assignments[0][1] == "unassigned" if assignments else conversation["assignee_id"] is not None
        is_assigned = [before, *made][-1]
        is_waiting = any(until(start) and not until(end) for start, end in ends)
        is_attended = any(map(until, replies)) and not is_waiting
    return ["open", *([] if is_assigned else ["unassigned"]), *([] if is_attended else ["unattended"])]
