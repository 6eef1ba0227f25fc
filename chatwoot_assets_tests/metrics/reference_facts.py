"""The rows of response_intervals and conversation_facts, told again in plain Python, one conversation at a time.

What is counted in opening hours is left out; `test_business_hours.py` and the tests of each table are about that.
"""

from __future__ import annotations

import datetime

from chatwoot_assets_tests.metrics.histories import History
from chatwoot_assets_tests.metrics.reference import (
    day_of,
    happened_at_all,
    in_order,
    is_human,
    kind,
    meaning,
    reopenings,
    resolutions,
    waits,
)
from chatwoot_assets_tests.metrics.rows import Row


def intervals(history: History) -> list[Row]:
    """Return the rows of one conversation's waits."""
    (row,) = history.conversations
    found = []
    for number, wait in enumerate(waits(history), 1):
        reply = wait["reply"]
        started, ended = wait["started_at"], reply and reply["created_at"]
        by_user = reply and reply["sender_type"] == "User" and not reply["external_echo"]
        found.append(
            {
                "conversation_id": row["id"],
                "interval_number": number,
                **{name: row[name] for name in ("conversation_date", "account_id", "inbox_id", "team_id")},
                "assignee_id": row["assignee_id"],
                "is_first_response": wait["is_first"],
                "started_at": started,
                "ended_at": ended,
                "resolved_at": wait["resolved_at"],
                "started_date": day_of(started, history.zone),
                "ended_date": day_of(ended, history.zone),
                "agent_id": reply["sender_id"] if by_user else None,
                "seconds": ended and (ended - started).total_seconds(),
                "is_open": reply is None,
                **{name: row[name] for name in ("status", "labels")},
            }
        )
    return found


def facts(history: History) -> Row:
    """Return the row of one conversation."""
    (row,) = history.conversations
    kept = ("conversation_date", "account_id", "inbox_id", "team_id", "assignee_id", "status", "created_at")
    kept += ("conversation_hour", "day_of_week", "account_name", "team_name", "labels", "is_resolved")
    return {
        "conversation_id": row["id"],
        **{name: row[name] for name in kept},
        **_waiting(history),
        **_resolving(history),
        **_assigning(history),
        **_writing(history),
        **_rating(history),
    }


def _waiting(history: History) -> Row:
    (row,) = history.conversations
    found = intervals(history)
    answered = [one["seconds"] for one in found if not one["is_open"]]
    running = [one["started_at"] for one in found if one["is_open"] and one["resolved_at"] is None]
    first = [one["seconds"] for one in found if one["is_first_response"]]
    return {
        "first_response_seconds": first[0] if first else None,
        "waits_answered": len(answered),
        "waits_open": len(found) - len(answered),
        "sum_wait_seconds": float(sum(answered)),
        "waiting_since": running[-1] if running else None,
        "needs_reply": bool(running) and row["status"] == "open",
    }


def _resolving(history: History) -> Row:
    (row,) = history.conversations
    times = [at for at, _ in resolutions(history)]
    unknown = row["is_resolved"] and not times
    undone = len(times) if not row["is_resolved"] else len(times) - 1
    first, last = (times[0], times[-1]) if times else (None, None)
    return {
        "resolutions": None if unknown else len(times),
        "first_resolved_at": first,
        "last_resolved_at": last,
        "last_resolved_date": day_of(last, history.zone),
        "first_resolution_seconds": _since(row["created_at"], first),
        "last_resolution_seconds": _since(row["created_at"], last),
        "reopens": None if unknown else max(len(reopenings(history)), undone),
        "bot_resolved": happened_at_all(history, "conversation_bot_resolved"),
        "bot_handed_off": happened_at_all(history, "conversation_bot_handoff"),
    }


def _since(start: datetime.datetime, end: datetime.datetime | None) -> float | None:
    return None if end is None else (end - start).total_seconds()


def _assigning(history: History) -> Row:
    (row,) = history.conversations
    agents = [said[1] for said in map(meaning, in_order(history)) if said and said[0] == "assigned"]
    moves = [agents[place] for place in range(1, len(agents)) if agents[place] != agents[place - 1]]
    back = any(
        agents[place] != agents[place - 1] and agents[place] in agents[:place] for place in range(1, len(agents))
    )
    if not agents and row["assignee_id"] is not None:
        return dict.fromkeys(("assignments", "reassignments", "returned_to_agent"))
    return {"assignments": len(agents), "reassignments": len(moves), "returned_to_agent": back}


def _writing(history: History) -> Row:
    written = in_order(history)
    replies = sum(is_human(one, history.bots) for one in written)
    senders = [sender for one in written if (sender := kind(one, history.bots))]
    return {
        "human_replies": replies,
        "touch": ["none", "one", "two", "multi"][min(replies, 3)],
        "last_sender": senders[-1] if senders else None,
        "incoming_messages": sum(one["message_type"] == "incoming" for one in written),
        "outgoing_messages": sum(one["message_type"] == "outgoing" for one in written),
        "private_notes": sum(one["private"] and one["message_type"] != "activity" for one in written),
    }


def _rating(history: History) -> Row:
    rated = history.csat[0] if history.csat else None
    surveys = [one for one in in_order(history) if one["content_type"] == "input_csat" and not one["deleted"]]
    return {
        "csat_offered": bool(surveys) or rated is not None,
        "csat_answered": rated is not None and rated["rating"] is not None,
        "rating": rated and rated["rating"],
        "rated_at": rated and rated["rated_at"],
        "csat_responses": rated["csat_responses"] if rated else 0,
    }
