"""Reference implementation of episodes: one pass over everything that happened to a conversation, in plain Python.

Durations in opening hours are left out; the test of the table compares them with `reference_hours.py`.
"""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass, field
from typing import Any

from chatwoot_assets_tests.metrics.histories import History
from chatwoot_assets_tests.metrics.reference_timeline import (
    find_events,
    find_resolutions,
    find_sender_kind,
    find_status_changes,
    is_human_reply,
    is_question_of_contact,
    is_team,
    local_date,
    parse_activity,
    sort_messages,
)
from chatwoot_assets_tests.metrics.rows import EVER, Row

Instant = datetime.datetime
Step = tuple[Instant, int, int, str, Any]

MINUTE = datetime.timedelta(minutes=1)
_ORDER = ("message", "handoff", "opening", "resolution", "current status")


@dataclass
class Episode:
    """An episode while the pass is in it.

    Attributes:
        started_at: When it began.
        initiated_by: Who began it; None until a public message tells.
        messages: Its messages.
        resolutions: When it was resolved, by which user of an event, and whether there is one.
        is_resolved: Whether its last change of status is a resolution.
        reopenings: How often it was opened again.
        asked_at: Since when its contact waits.
        first_reply: Its first human reply, and since when the contact had waited for it.
    """

    started_at: Instant
    initiated_by: str | None
    messages: list[Row] = field(default_factory=list)
    resolutions: list[tuple[Instant, int | None, bool]] = field(default_factory=list)
    is_resolved: bool = False
    reopenings: int = 0
    asked_at: Instant | None = None
    first_reply: tuple[Row, Instant | None] | None = None


def compute_episodes(history: History, gap: datetime.timedelta) -> list[Row]:
    """Return the rows of the conversation's episodes."""
    (row,) = history.conversations
    episodes = _split(history, gap)
    rating = history.csat[0] if history.csat else None
    count = begun = len(episodes)
    if rating and rating["rated_at"] is not None:
        begun = max(1, sum(episode.started_at <= rating["rated_at"] for episode in episodes))
    return [
        {
            "conversation_id": row["id"],
            "episode_number": number,
            **{name: row[name] for name in ("conversation_date", "account_id", "inbox_id", "contact_id", "team_id")},
            **_describe(history, episode, episodes[number].started_at if number < count else None),
            "rating": rating["rating"] if rating and number == begun else None,
            **{name: row[name] for name in ("status", "labels")},
        }
        for number, episode in enumerate(episodes, 1)
    ]


def _split(history: History, gap: datetime.timedelta) -> list[Episode]:
    """Return the episodes, in order."""
    (row,) = history.conversations
    steps = _collect_steps(history)
    is_begun_by_message = bool(steps) and steps[0][3] == "message"
    if is_begun_by_message and row["is_imported"]:
        message = steps[0][4]
        is_begun_by_message = not is_question_of_contact(message) and not is_human_reply(message, history)
    first_at = steps[0][0] if is_begun_by_message else row["created_at"]
    episodes = [Episode(first_at, None)]
    resolved_since = EVER if row["is_imported"] else None
    for instant, _, _, kind, value in steps:
        is_question = kind == "message" and is_question_of_contact(value)
        is_reply = kind == "message" and is_human_reply(value, history)
        if (is_question or is_reply or kind == "opening") and resolved_since is not None:
            if instant - resolved_since >= gap:
                sender = "contact" if is_question else "agent" if is_reply else value
                episodes.append(Episode(instant, sender))
                resolved_since = None
            elif kind == "opening":
                episodes[-1].reopenings += 1
        episode = episodes[-1]
        if kind == "message":
            episode.messages.append(value)
            if episode.initiated_by is None and find_sender_kind(value, history) is not None:
                is_of_contact = value["message_type"] == "incoming"
                episode.initiated_by = "contact" if is_of_contact else "agent" if is_reply else "system"
        if is_question:
            episode.asked_at = episode.asked_at or instant
        elif is_reply:
            episode.first_reply = episode.first_reply or (value, episode.asked_at)
            episode.asked_at = None
        elif kind == "handoff":
            episode.asked_at = episode.asked_at and instant
        elif kind == "opening":
            resolved_since, episode.is_resolved = None, False
            episode.initiated_by = episode.initiated_by or value
        elif kind == "resolution":
            resolved_since, episode.is_resolved, episode.asked_at = instant, True, None
            episode.resolutions.append((instant, *value))
    return episodes


def _collect_steps(history: History) -> list[Step]:
    steps: list[tuple[Instant, str, int, Any]] = [
        (row["created_at"], "message", row["id"], row) for row in sort_messages(history)
    ]
    steps += [(instant, "handoff", 0, None) for instant in find_events(history, "conversation_bot_handoff")]
    steps += [(instant, "resolution", 0, (user, known)) for instant, user, known in find_resolutions(history)]
    statuses = find_status_changes(history)
    for index, (instant, _, is_estimated) in enumerate(statuses):
        if index and statuses[index - 1][1] == "resolved":
            kind = "current status" if is_estimated and index == len(statuses) - 1 else "opening"
            sender = "agent" if _find_actor(history, instant, "opened") == "agent" else "system"
            steps.append((instant, kind, 0, sender))
    ordered = sorted(((instant, _ORDER.index(kind), number, value) for instant, kind, number, value in steps), key=_key)
    return [(*step[:3], _ORDER[min(step[1], 4)].replace("current status", "opening"), step[3]) for step in ordered]


def _key(step: tuple[Instant, int, int, Any]) -> tuple[Instant, int, int]:
    return step[:3]


def _find_actor(history: History, instant: Instant, change: str) -> str | None:
    """Return who made a change by the sentence about it: the next within a minute, else the one before."""
    sentences: dict[Instant, str] = {}
    for row in sort_messages(history):
        if (parse_activity(row) or (None,))[0] == change:
            text = row["content"].lower()
            actor = "system" if "system" in text or "sistema" in text else "bot" if "captain" in text else "agent"
            sentences.setdefault(row["created_at"], actor)
    later = [time for time in sentences if instant <= time <= instant + MINUTE]
    earlier = [time for time in sentences if instant - MINUTE <= time <= instant]
    return sentences[min(later)] if later else sentences[max(earlier)] if earlier else None


def _describe(history: History, episode: Episode, following: Instant | None) -> Row:
    (row,) = history.conversations
    resolved_at, user, is_reported = episode.resolutions[-1] if episode.is_resolved else (None, None, False)
    reply, asked_at = episode.first_reply or (None, None)
    is_from_user = reply and reply["sender_type"] == "User" and not reply["external_echo"]
    undone = len(episode.resolutions) - 1 if episode.is_resolved else len(episode.resolutions)
    public = [message for message in episode.messages if not message["private"]]
    types = [message["message_type"] for message in public]
    return {
        "agent_id": user if is_reported else row["assignee_id"],
        "initiated_by": episode.initiated_by or "system",
        "started_at": episode.started_at,
        "started_date": local_date(episode.started_at, history.zone),
        "resolved_at": resolved_at,
        "resolved_date": local_date(resolved_at, history.zone),
        "resolution_seconds": resolved_at and (resolved_at - episode.started_at).total_seconds(),
        "first_response_seconds": (reply["created_at"] - asked_at).total_seconds() if reply and asked_at else None,
        "first_response_agent_id": reply["sender_id"] if reply and asked_at and is_from_user else None,
        "replies": sum(is_human_reply(message, history) for message in episode.messages),
        "reopens": max(episode.reopenings, undone, 0),
        "incoming_messages": types.count("incoming"),
        "outgoing_messages": types.count("outgoing"),
        **_count_seconds(history, episode.started_at, resolved_at),
        **_measure_assignment(history, episode, resolved_at, following),
        "resolved_by": resolved_at and _find_resolver(history, resolved_at),
    }


def _measure_assignment(
    history: History, episode: Episode, resolved_at: Instant | None, following: Instant | None
) -> Row:
    """Return when the episode was first assigned to an agent, and what passed until its first reply and resolution."""
    since: Instant | None = None
    has_agent: bool | None = None  # when the episode begins; None while no sentence has told
    until = resolved_at or following
    for message in sort_messages(history):
        change, agent = parse_activity(message) or (None, None)
        is_of_team = is_team(message, agent, history) if change == "assigned" and agent else False
        if is_of_team is None:
            return dict.fromkeys(("assigned_at", "assignment_to_reply_seconds", "assignment_to_resolution_seconds"))
        if is_of_team or change not in {"assigned", "unassigned"}:
            continue
        instant = message["created_at"]
        if instant < episode.started_at:
            has_agent = change == "assigned"
        elif has_agent is None:
            has_agent = change == "unassigned"  # Only who has an agent can lose it.
        if not has_agent and change == "assigned" and instant >= episode.started_at and since is None:
            since = instant if until is None or instant <= until else None
    replied_at = episode.first_reply[0]["created_at"] if episode.first_reply else None
    if since and replied_at and replied_at < since:
        replied_at = None
    return {
        "assigned_at": since,
        "assignment_to_reply_seconds": (replied_at - since).total_seconds() if since and replied_at else None,
        "assignment_to_resolution_seconds": (resolved_at - since).total_seconds() if since and resolved_at else None,
    }


def _find_resolver(history: History, resolved_at: Instant) -> str:
    actor = _find_actor(history, resolved_at, "resolved")
    by_bot = find_events(history, "conversation_bot_resolved")
    return actor or ("bot" if any(abs(instant - resolved_at) <= MINUTE for instant in by_bot) else "unknown")


def _count_seconds(history: History, start: Instant, end: Instant | None) -> Row:
    """Return the seconds in each status between two instants, and the unassigned ones."""
    names = ("open", "pending", "snoozed", "unassigned")
    if end is None:
        return {f"{name}_seconds": None for name in names}
    (row,) = history.conversations
    statuses = find_status_changes(history)
    assignments: list[tuple[Instant, bool]] = []
    is_known = True
    for message in sort_messages(history):
        change, agent = parse_activity(message) or (None, None)
        if change == "unassigned":
            assignments.append((message["created_at"], False))
        elif change == "assigned" and agent:
            is_of_team = is_team(message, agent, history)
            is_known = is_known and is_of_team is not None
            if not is_of_team:
                assignments.append((message["created_at"], is_of_team is not None))
    if not assignments:
        is_known = row["assignee_id"] is None and not any(user for _, user, _ in find_resolutions(history))
    was_assigned = bool(assignments) and not assignments[0][1]
    spent = dict.fromkeys(names, datetime.timedelta())
    instants = sorted({start, end, *(change[0] for change in statuses), *(change[0] for change in assignments)})
    for instant, following in itertools.pairwise(instants):
        if instant < start or following > end or instant < row["created_at"]:
            continue
        _, status, is_estimated = [change for change in statuses if change[0] <= instant][-1]
        if is_estimated:
            return {f"{name}_seconds": None for name in names}
        if status in spent:
            spent[status] += following - instant
        is_assigned = ([was_assigned] + [assigned for time, assigned in assignments if time <= instant])[-1]
        if status == "open" and not is_assigned:
            spent["unassigned"] += following - instant
    seconds = {f"{name}_seconds": spent[name].total_seconds() for name in names}
    return seconds if is_known or not spent["open"] else {**seconds, "unassigned_seconds": None}
