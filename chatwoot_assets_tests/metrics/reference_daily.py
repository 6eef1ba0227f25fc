"""Reference implementation of the daily tables and the backlog, in plain Python."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from chatwoot_assets_tests.metrics.reference_status import (
    find_activity,
    find_last_message,
    find_reopenings,
    find_resolutions,
    find_statuses,
)
from chatwoot_assets_tests.metrics.reference_timeline import find_end_of_import, is_late
from chatwoot_assets_tests.metrics.rows import Row
from chatwoot_assets_tests.metrics.scenarios import BOTS, Scenario

Key = tuple[Any, ...]
# When, by which agent (None for the assignee), the measure, and by how much it grows.
Happening = tuple[datetime.datetime | None, int | None, str, Fraction | int]


def compute_daily(scenario: Scenario) -> dict[str, dict[Key, dict[str, float]]]:
    """Return each table's measures other than 0.

    The key is conversation_date, event_date, account_id and the group.
    """
    tables: dict[str, dict[Key, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for conversation in scenario.conversations:
        for instant, agent, measure, amount in _find_happenings(scenario, conversation):
            assignee = conversation["assignee_id"] or 0
            day = conversation["conversation_date"] if instant is None else scenario.date(instant)
            groups = {
                "daily_by_agent": [assignee if agent is None else agent],
                "daily_by_inbox": [conversation["inbox_id"]],
                "daily_by_team": [conversation["team_id"] or 0],
                "daily_by_label": ["", *conversation["labels"]],
            }
            for table, values in groups.items():
                for value in values:
                    key = (conversation["conversation_date"], day, conversation["account_id"], value)
                    tables[table][key][measure] += amount  # type: ignore[assignment]  # counts and sums
    return {
        table: {
            key: {measure: float(amount) for measure, amount in measures.items() if amount}
            for key, measures in rows.items()
        }
        for table, rows in tables.items()
    }


def _find_happenings(scenario: Scenario, conversation: Row) -> Iterator[Happening]:
    yield None, None, "created", 1
    for instant, user in find_resolutions(scenario, conversation):
        yield instant, user, "resolved", 1
    for instant in find_reopenings(scenario, conversation):
        yield instant, None, "reopened", 1
    for message in scenario.rows_of("messages", conversation):
        if message["created_at"] is not None:
            yield from _count_message(scenario, message)
    for wait in scenario.rows_of("intervals", conversation):
        if wait["ended_at"] is not None:
            yield from _count_wait(wait)
    for episode in scenario.rows_of("episodes", conversation):
        yield from _count_episode(episode)
    for target in scenario.rows_of("targets", conversation):
        if target["ended_at"] is not None:
            state = "met" if target["is_met"] else "missed"
            yield target["ended_at"], target["agent_id"] or 0, f"{target['target']}_targets_{state}", 1
    yield from _count_survey(scenario, conversation)


def _count_message(scenario: Scenario, message: Row) -> Iterator[Happening]:
    instant, message_type, private = message["created_at"], message["message_type"], message["private"]
    if message["sender_type"] == "User" and message["sender_id"] is not None:
        agent = message["sender_id"]
    else:
        agent = None if message_type == "incoming" else 0
    if message_type in {"incoming", "outgoing"}:
        yield instant, agent, f"{message_type}_all", 1
    if private and message_type != "activity":
        yield instant, agent, "private_notes", 1
    elif message_type in {"incoming", "outgoing"} and not private:
        yield instant, agent, f"{message_type}_messages", 1
        if message_type == "outgoing" and is_human_reply(scenario, message):
            yield instant, agent, "human_replies", 1


def is_human_reply(scenario: Scenario, message: Row) -> bool:
    """Return whether a message is a human's reply to a contact."""
    if message["message_type"] != "outgoing" or message["private"]:
        return False
    if message["automated"] or message["campaign"] or message["reaction"]:
        return False
    dated = [row for row in scenario.messages if row["created_at"] is not None]
    if message["created_at"] is not None:
        ends = [
            find_end_of_import(row, scenario.events)
            for row in scenario.conversations
            if row["id"] == message["conversation_id"]
        ]
        if is_late(message, dated) or any(end and message["created_at"] < end for end in ends):
            return False
    if message["sender_type"] is None and message["sender_id"] is None:
        return message["external_echo"] or message["created_at"] in _find_reply_times(scenario, message)
    return message["external_echo"] or (message["sender_type"] == "User" and message["sender_id"] not in BOTS)


def _find_reply_times(scenario: Scenario, message: Row) -> set[datetime.datetime]:
    """Return when Chatwoot recorded human replies in a message's conversation."""
    times = {
        row["event_end_time"]
        for row in scenario.events
        if row["conversation_id"] == message["conversation_id"] and row["name"] in {"first_response", "reply_time"}
    }
    times |= {
        row["created_at"] + datetime.timedelta(seconds=row["first_response_seconds"])
        for row in scenario.conversations
        if row["id"] == message["conversation_id"] and row["first_response_seconds"] is not None
    }
    return times - {None}


def _count_wait(wait: Row) -> Iterator[Happening]:
    instant, agent = wait["ended_at"], wait["agent_id"] or 0
    for name in ["response", "first_response"] if wait["is_first_response"] else ["response"]:
        yield instant, agent, f"{name}s", 1
        yield instant, agent, f"sum_{name}_seconds", _round(wait["seconds"])
        if wait["business_seconds"] is not None:
            yield instant, agent, f"business_{name}s", 1
            yield instant, agent, f"sum_{name}_business_seconds", _round(wait["business_seconds"])


def _count_episode(episode: Row) -> Iterator[Happening]:
    agent, seconds, in_hours = (
        episode[name] for name in ("agent_id", "resolution_seconds", "resolution_business_seconds")
    )
    yield episode["started_at"], agent or 0, "episodes_started", 1
    if episode["resolved_at"] is None:
        return
    resolved = (episode["resolved_at"], agent or 0)
    yield *resolved, "episodes_resolved", 1
    if seconds >= 0:
        yield *resolved, "sum_resolution_seconds", _round(seconds)
        yield *resolved, "resolution_count", 1
        if in_hours is not None:
            yield *resolved, "sum_resolution_business_seconds", _round(in_hours)
            yield *resolved, "business_resolution_count", 1


def _round(seconds: float) -> Fraction:
    """Return seconds as an exact number of microseconds."""
    return Fraction(round(seconds * 1_000_000), 1_000_000)


def _count_survey(scenario: Scenario, conversation: Row) -> Iterator[Happening]:
    surveys = [
        message["created_at"]
        for message in scenario.rows_of("messages", conversation)
        if message["content_type"] == "input_csat" and not message["deleted"] and message["created_at"] is not None
    ]
    ratings = scenario.rows_of("csat", conversation)
    if surveys or ratings:
        agent = (ratings[0]["assigned_agent_id"] or 0) if ratings else None
        yield min(surveys) if surveys else ratings[0]["rated_at"], agent, "csat_offered", 1
    for rating in ratings:
        if rating["rating"] is not None:
            agent = rating["assigned_agent_id"] or 0
            yield rating["rated_at"], agent, "csat_answered", 1
            yield rating["rated_at"], agent, "sum_rating", rating["rating"]
            yield rating["rated_at"], agent, "satisfied", int(rating["rating"] >= 4)


def count_backlog(scenario: Scenario, day: datetime.date) -> Counter[Key]:
    """Return how many conversations are in each part of the backlog at the end of a day.

    The key is conversation_date, account_id, inbox_id, team_id, agent_id and the part.
    """
    backlog: Counter[Key] = Counter()
    for conversation in scenario.conversations:
        if conversation["conversation_date"] > day:
            continue
        key = tuple(
            conversation[name] or 0
            for name in ("conversation_date", "account_id", "inbox_id", "team_id", "assignee_id")
        )
        backlog.update((*key, part) for part in _find_parts(scenario, conversation, day))
    return backlog


def _find_backlog_start(scenario: Scenario, conversation: Row) -> datetime.datetime | None:
    """Return since when an imported conversation can be in the backlog."""
    events = [
        (instant, row["name"] or "~")
        for row in scenario.rows_of("events", conversation)
        if (instant := row["event_end_time"] or row["created_at"]) is not None
    ]
    first_at, name = min(events, default=(None, ""))
    written = [row["created_at"] for row in scenario.rows_of("messages", conversation) if row["created_at"] is not None]
    imported_at = None if name == "conversation_opened" else conversation["imported_at"]
    return imported_at or first_at or max(written, default=None)


def _find_parts(scenario: Scenario, conversation: Row, day: datetime.date) -> list[str]:
    # What is dated before the conversation counts from the conversation's first day on.
    def has_passed(instant: datetime.datetime | None) -> bool:
        return instant is not None and max([scenario.date(instant), *first_days]) <= day

    first_days = [conversation["conversation_date"]]
    if conversation["is_imported"] and (start := _find_backlog_start(scenario, conversation)):
        first_days.append(scenario.date(start))
    statuses = find_statuses(scenario, conversation)
    status = [None, *(status for instant, status in statuses if has_passed(instant))][-1]
    if status != "open":
        return [status] if status in {"pending", "snoozed"} else []
    waits = scenario.rows_of("intervals", conversation)
    assignments = find_activity(scenario, conversation, "assigned", "unassigned")
    replies = [row["created_at"] for row in scenario.rows_of("messages", conversation) if is_human_reply(scenario, row)]
    spans = [(wait["started_at"], wait["ended_at"] or wait["resolved_at"]) for wait in waits]
    spans += [
        (event["event_start_time"], event["event_end_time"])
        for event in scenario.rows_of("events", conversation)
        if event["name"] == "reply_time"
        and None not in (event["event_start_time"], event["event_end_time"])
        and event["event_start_time"] <= event["event_end_time"]
    ]
    changes = [instant for instant, _ in statuses + assignments] + [end for span in spans for end in span if end]
    if all(has_passed(instant) for instant in [*changes, find_last_message(scenario, conversation)]):
        is_assigned = conversation["assignee_id"] is not None
        is_attended = conversation["first_response_seconds"] is not None and conversation["waiting_since"] is None
    else:
        passed = [change == "assigned" for instant, change in assignments if has_passed(instant)]
        initially = assignments[0][1] == "unassigned" if assignments else conversation["assignee_id"] is not None
        is_assigned = [initially, *passed][-1]
        is_waiting = any(has_passed(start) and not has_passed(end) for start, end in spans)
        is_attended = any(map(has_passed, replies)) and not is_waiting
    return ["open", *([] if is_assigned else ["unassigned"]), *([] if is_attended else ["unattended"])]
