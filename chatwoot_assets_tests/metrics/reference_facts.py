"""Reference implementation of response_intervals and conversation_facts.

Each function looks at the rows of one conversation. Durations in opening hours are left out; `test_business_hours.py`
and the tests of each table cover them.
"""

from __future__ import annotations

import datetime

from chatwoot_assets_tests.metrics.histories import History
from chatwoot_assets_tests.metrics.reference_timeline import (
    find_events,
    find_reopenings,
    find_resolutions,
    find_sender_kind,
    find_status_changes,
    find_waits,
    has_event,
    is_human_reply,
    is_team,
    local_date,
    parse_activity,
    sort_messages,
)
from chatwoot_assets_tests.metrics.rows import Row


def compute_intervals(history: History) -> list[Row]:
    """Return the rows of the conversation's waits."""
    (row,) = history.conversations
    intervals = []
    for number, wait in enumerate(find_waits(history), 1):
        reply = wait["reply"]
        started, ended = wait["started_at"], reply and reply["created_at"]
        is_from_user = reply and reply["sender_type"] == "User" and not reply["external_echo"]
        intervals.append(
            {
                "conversation_id": row["id"],
                "interval_number": number,
                **{name: row[name] for name in ("conversation_date", "account_id", "inbox_id", "team_id")},
                "assignee_id": row["assignee_id"],
                "is_first_response": wait["is_first"],
                "started_at": started,
                "ended_at": ended,
                "resolved_at": wait["resolved_at"],
                "started_date": local_date(started, history.zone),
                "ended_date": local_date(ended, history.zone),
                "agent_id": reply["sender_id"] if is_from_user else None,
                "seconds": ended and (ended - started).total_seconds(),
                "is_open": reply is None,
                **{name: row[name] for name in ("status", "labels")},
            }
        )
    return intervals


def compute_facts(history: History) -> Row:
    """Return the row of the conversation."""
    (row,) = history.conversations
    kept = ["conversation_date", "account_id", "inbox_id", "team_id", "assignee_id", "status", "created_at"]
    kept += ["conversation_hour", "day_of_week", "account_name", "team_name", "labels", "is_resolved"]
    return {
        "conversation_id": row["id"],
        **{name: row[name] for name in kept},
        **_wait_facts(history),
        **_resolution_facts(history),
        **_assignment_facts(history),
        **_message_facts(history),
        **_csat_facts(history),
        "is_imported": bool(row["is_imported"]),
        "is_unassigned": row["is_unassigned"],
        "captain_outcomes": row["captain_outcomes"],
        "is_unattended": row["status"] == "open"
        and (row["first_response_seconds"] is None or row["waiting_since"] is not None),
    }


def _wait_facts(history: History) -> Row:
    (row,) = history.conversations
    intervals = compute_intervals(history)
    answered = [interval["seconds"] for interval in intervals if not interval["is_open"]]
    running = [
        interval["started_at"] for interval in intervals if interval["is_open"] and interval["resolved_at"] is None
    ]
    first = [interval["seconds"] for interval in intervals if interval["is_first_response"]]
    return {
        "first_response_seconds": first[0] if first else None,
        "waits_answered": len(answered),
        "waits_open": len(intervals) - len(answered),
        "sum_wait_seconds": float(sum(answered)),
        "waiting_since": running[-1] if running else None,
        "needs_reply": bool(running) and row["status"] == "open",
    }


def _resolution_facts(history: History) -> Row:
    (row,) = history.conversations
    times = [instant for instant, _, _ in find_resolutions(history)]
    is_unknown = row["is_resolved"] and not times
    undone = len(times) if not row["is_resolved"] else len(times) - 1
    first, last = (times[0], times[-1]) if times else (None, None)
    return {
        "resolutions": None if is_unknown else len(times),
        "first_resolved_at": first,
        "last_resolved_at": last,
        "last_resolved_date": local_date(last, history.zone),
        "first_resolution_seconds": _seconds_between(row["created_at"], first),
        "last_resolution_seconds": _seconds_between(row["created_at"], last),
        "reopens": None if is_unknown else max(len(find_reopenings(history)), undone),
        "bot_resolved": has_event(history, "conversation_bot_resolved"),
        "bot_handed_off": has_event(history, "conversation_bot_handoff"),
        "bot_reopened": any(
            datetime.timedelta(0) < opened_at - resolved_at <= datetime.timedelta(days=7)
            for resolved_at in find_events(history, "conversation_bot_resolved")
            for opened_at, status, _ in find_status_changes(history)
            if status != "resolved"
        ),
    }


def _seconds_between(start: datetime.datetime, end: datetime.datetime | None) -> float | None:
    return None if end is None else (end - start).total_seconds()


def _assignment_facts(history: History) -> Row:
    (row,) = history.conversations
    parsed = [(message, parse_activity(message) or ("", None)) for message in sort_messages(history)]
    named = [
        (name, is_team(message, name, history)) for message, (change, name) in parsed if change == "assigned" and name
    ]
    agents = [agent for agent, is_of_team in named if not is_of_team]
    moves = [agents[index] for index in range(1, len(agents)) if agents[index] != agents[index - 1]]
    is_returned = any(
        agents[index] != agents[index - 1] and agents[index] in agents[:index] for index in range(1, len(agents))
    )
    changes = [
        change for _, (change, name) in parsed if change == "unassigned" or (change == "assigned" and name in agents)
    ]
    # Who was assigned without a sentence is not known.
    has_silent = (
        changes[0] == "unassigned"
        if changes
        else (row["assignee_id"] is not None or any(user for _, user, _ in find_resolutions(history)))
    )
    if has_silent or None in [is_of_team for _, is_of_team in named]:
        return dict.fromkeys(("assignments", "reassignments", "returned_to_agent"))
    return {"assignments": len(agents), "reassignments": len(moves), "returned_to_agent": is_returned}


def _message_facts(history: History) -> Row:
    messages = sort_messages(history)
    replies = sum(is_human_reply(message, history) for message in messages)
    senders = [sender for message in messages if (sender := find_sender_kind(message, history))]
    return {
        "human_replies": replies,
        "touch": ["none", "one", "two", "multi"][min(replies, 3)],
        "bot_messages": senders.count("bot"),
        "last_sender": senders[-1] if senders else None,
        "incoming_messages": sum(message["message_type"] == "incoming" for message in messages),
        "outgoing_messages": sum(message["message_type"] == "outgoing" for message in messages),
        "private_notes": sum(message["private"] and message["message_type"] != "activity" for message in messages),
    }


def _csat_facts(history: History) -> Row:
    rating = history.csat[0] if history.csat else None
    surveys = [
        message
        for message in sort_messages(history)
        if message["content_type"] == "input_csat" and not message["deleted"]
    ]
    return {
        "csat_offered": bool(surveys) or rating is not None,
        "csat_answered": rating is not None and rating["rating"] is not None,
        "rating": rating and rating["rating"],
        "rated_at": rating and rating["rated_at"],
        "rating_agent_id": rating and rating["assigned_agent_id"],
        "csat_responses": rating["csat_responses"] if rating else 0,
    }
