"""Reference implementation of the changes of a conversation's status and assignee."""

from __future__ import annotations

import datetime

from chatwoot_assets_tests.metrics.reference_timeline import find_end_of_import, is_late
from chatwoot_assets_tests.metrics.rows import EVER, NEVER, Row
from chatwoot_assets_tests.metrics.scenario_strategies import SENTENCES
from chatwoot_assets_tests.metrics.scenarios import Scenario

Instant = datetime.datetime

_RANK = {"open": 0, "pending": 1, "snoozed": 2, "resolved": 3}


def find_activity(scenario: Scenario, conversation: Row, *changes: str) -> list[tuple[Instant, str]]:
    """Return when activity messages report one of some changes, and which, in order."""
    rows = [row for row in scenario.rows_of("messages", conversation) if row["message_type"] == "activity"]
    rows = [row for row in rows if row["created_at"] is not None and SENTENCES[row["content"]] in changes]
    return [(row["created_at"], SENTENCES[row["content"]] or "") for row in sorted(rows, key=_order)]


def _order(row: Row) -> tuple[Instant, int]:
    return row["created_at"], row["id"]


def find_events(scenario: Scenario, conversation: Row, name: str) -> dict[Instant, Row]:
    """Return the first event of a name at each instant, in chronological order."""
    events: dict[Instant, Row] = {}
    for row in sorted(scenario.rows_of("events", conversation), key=lambda row: row["id"]):
        instant = row["event_end_time"] or row["created_at"]
        if row["name"] == name and instant is not None:
            events.setdefault(instant, row)
    return dict(sorted(events.items()))


def _find_unreported(scenario: Scenario, conversation: Row, change: str, events: dict[Instant, Row]) -> set[Instant]:
    minute = datetime.timedelta(seconds=60)
    times = {instant for instant, _ in find_activity(scenario, conversation, change)}
    return {instant for instant in times if all(abs(instant - event) > minute for event in events)}


def find_resolutions(scenario: Scenario, conversation: Row) -> list[tuple[Instant, int | None]]:
    """Return when it was resolved, and for whom it counts: 0 for nobody, None for the assignee now."""
    events = find_events(scenario, conversation, "conversation_resolved")
    resolutions = [(instant, row["user_id"] or 0) for instant, row in events.items()]
    resolutions += [(instant, None) for instant in _find_unreported(scenario, conversation, "resolved", events)]
    return sorted(resolutions, key=lambda pair: pair[0])


def find_reopenings(scenario: Scenario, conversation: Row) -> list[Instant]:
    """Return the first opening after each resolution."""
    events = find_events(scenario, conversation, "conversation_opened")
    openings = {instant for instant, row in events.items() if (row["value"] or 0) > 0}
    openings |= _find_unreported(scenario, conversation, "opened", events)
    resolutions = [instant for instant, _ in find_resolutions(scenario, conversation)]
    first_openings: dict[Instant, Instant] = {}
    for opening in sorted(openings):
        earlier = [resolution for resolution in resolutions if resolution < opening]
        if earlier:
            first_openings.setdefault(max(earlier), opening)
    return sorted(first_openings.values())


def find_statuses(scenario: Scenario, conversation: Row) -> list[tuple[Instant, str]]:
    """Return each status and since when it holds, from the beginning to the current one."""
    events = find_events(scenario, conversation, "conversation_opened")
    openings = [*events, *find_events(scenario, conversation, "conversation_bot_handoff")]
    openings += _find_unreported(scenario, conversation, "opened", events)
    changes = [(instant, "open") for instant in openings]
    changes += find_activity(scenario, conversation, "pending", "snoozed")
    changes += [(instant, "resolved") for instant, _ in find_resolutions(scenario, conversation)]
    changes.sort(key=lambda pair: (pair[0], _RANK[pair[1]]))

    messages = [row for row in scenario.rows_of("messages", conversation) if row["created_at"] is not None]
    event_names = {row["name"] for row in scenario.rows_of("events", conversation)}
    bot_since = scenario.bot_inboxes.get(conversation["inbox_id"], NEVER)
    is_bot_inbox = bot_since <= conversation["created_at"]
    is_served = bool(event_names & {"conversation_bot_handoff", "conversation_bot_resolved"})
    if changes:
        instant, status = changes[0]
        is_proven = instant in events and events[instant]["value"] == 0 and status == "open"
        is_proven = is_proven and not conversation["is_imported"]
        is_served |= is_bot_inbox and status != "pending"
    else:
        is_proven = conversation["status"] == "pending"
        is_served |= is_bot_inbox and conversation["status"] != "open"
    first = min(messages, key=_order, default=None)
    is_campaign_of_agent = first is not None and first["campaign"] and first["sender_type"] == "User"
    starts_pending = is_proven or (is_served and not is_campaign_of_agent)
    has_bot = is_bot_inbox or starts_pending or any(row["sender_type"] == "AgentBot" for row in messages)

    statuses = [(conversation["created_at"], "pending" if starts_pending else "open")]
    if conversation["is_imported"]:
        statuses = [(conversation["created_at"], "resolved")]
        changes.insert(0, (EVER, "resolved"))
    imported_until = find_end_of_import(conversation, scenario.events) or EVER
    questions = sorted(
        row["created_at"]
        for row in messages
        if row["message_type"] == "incoming" and not row["private"] and not row["reaction"]
        if not is_late(row, messages) and row["created_at"] >= imported_until
    )
    asked: list[Instant] = []
    for index, (instant, status) in enumerate(changes):
        following = changes[index + 1] if index + 1 < len(changes) else None
        if status != statuses[-1][1]:
            statuses.append((max(instant, conversation["created_at"]), status))
        asked = [
            question
            for question in questions
            if status == "resolved" and question > instant and (following is None or _precedes(question, following))
        ]
        for question in asked:
            is_reopened = following is not None and following[1] == "resolved"
            silent = "pending" if has_bot or bot_since <= question else "open" if is_reopened else status
            if silent != statuses[-1][1]:
                statuses.append((max(question, conversation["created_at"]), silent))
    if statuses[-1][1] != conversation["status"]:
        instant = find_last_message(scenario, conversation)
        if asked and statuses[-1][1] == "resolved" and conversation["status"] in {"open", "pending"}:
            instant = asked[0]
        if conversation["is_imported"] and conversation["imported_at"]:
            instant = max(instant, conversation["imported_at"])
        statuses.append((max(statuses[-1][0], instant), conversation["status"]))
    return statuses


def _precedes(question: Instant, change: tuple[Instant, str]) -> bool:
    """Return whether a contact's message comes before a change; at one instant only openings come before it."""
    return question < change[0] or (question == change[0] and change[1] != "open")


def find_last_message(scenario: Scenario, conversation: Row) -> Instant:
    """Return when its last message was written; without messages, when it was created."""
    times = [row["created_at"] for row in scenario.rows_of("messages", conversation) if row["created_at"] is not None]
    latest: Instant = max(times, default=conversation["created_at"])
    return latest
