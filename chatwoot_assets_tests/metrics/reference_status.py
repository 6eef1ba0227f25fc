"""What happened to a conversation's status and assignee, told a second time in plain Python, from its rows."""

from __future__ import annotations

import datetime

from chatwoot_assets_tests.metrics.scenarios import SENTENCES, History, Row

Instant = datetime.datetime

_RANK = {"open": 0, "pending": 1, "snoozed": 2, "resolved": 3}


def said(story: History, conversation: Row, *meanings: str) -> list[tuple[Instant, str]]:
    """Return when the activity messages say one of these, in order, and which."""
    rows = [row for row in story.of("messages", conversation) if row["message_type"] == "activity"]
    rows = [row for row in rows if row["created_at"] is not None and SENTENCES[row["content"]] in meanings]
    return [(row["created_at"], SENTENCES[row["content"]] or "") for row in sorted(rows, key=_order)]


def _order(row: Row) -> tuple[Instant, int]:
    return row["created_at"], row["id"]


def reported(story: History, conversation: Row, name: str) -> dict[Instant, Row]:
    """Return the events of a name by when they took place, the first of each instant, in order of time."""
    found: dict[Instant, Row] = {}
    for row in sorted(story.of("events", conversation), key=lambda row: row["id"]):
        at = row["event_end_time"] or row["created_at"]
        if row["name"] == name and at is not None:
            found.setdefault(at, row)
    return dict(sorted(found.items()))


def _only_said(story: History, conversation: Row, meaning: str, events: dict[Instant, Row]) -> set[Instant]:
    minute = datetime.timedelta(seconds=60)
    times = {at for at, _ in said(story, conversation, meaning)}
    return {at for at in times if all(abs(at - event) > minute for event in events)}


def resolved(story: History, conversation: Row) -> list[tuple[Instant, int | None]]:
    """Return when it was resolved, and by whom, as far as events tell."""
    events = reported(story, conversation, "conversation_resolved")
    found = [(at, row["user_id"]) for at, row in events.items()]
    found += [(at, None) for at in _only_said(story, conversation, "resolved", events)]
    return sorted(found, key=lambda pair: pair[0])


def reopened(story: History, conversation: Row) -> list[Instant]:
    """Return the first opening after each resolution."""
    events = reported(story, conversation, "conversation_opened")
    openings = {at for at, row in events.items() if (row["value"] or 0) > 0}
    openings |= _only_said(story, conversation, "opened", events)
    closings = [at for at, _ in resolved(story, conversation)]
    last_of = {}
    for at in sorted(openings):
        before = [closed for closed in closings if closed < at]
        if before:
            last_of.setdefault(max(before), at)
    return sorted(last_of.values())


def course(story: History, conversation: Row) -> list[tuple[Instant, str]]:
    """Return each status and since when, from the beginning to what Chatwoot says now."""
    events = reported(story, conversation, "conversation_opened")
    opened = [*events, *reported(story, conversation, "conversation_bot_handoff")]
    opened += _only_said(story, conversation, "opened", events)
    known = [(at, "open") for at in opened]
    known += said(story, conversation, "pending", "snoozed")
    known += [(at, "resolved") for at, _ in resolved(story, conversation)]
    known.sort(key=lambda pair: (pair[0], _RANK[pair[1]]))

    names = {row["name"] for row in story.of("events", conversation)}
    by_bot = names & {"conversation_bot_handoff", "conversation_bot_resolved"}
    is_pending = by_bot or (conversation["status"] == "pending" and not known)
    steps = [(conversation["created_at"], "pending" if is_pending else "open")]
    for at, status in known:
        if status != steps[-1][1]:
            steps.append((max(at, conversation["created_at"]), status))
    if steps[-1][1] != conversation["status"]:
        steps.append((max(steps[-1][0], last_message(story, conversation)), conversation["status"]))
    return steps


def last_message(story: History, conversation: Row) -> Instant:
    """Return when its last message was written; without messages, when it began."""
    times = [row["created_at"] for row in story.of("messages", conversation) if row["created_at"] is not None]
    return max(times, default=conversation["created_at"])
