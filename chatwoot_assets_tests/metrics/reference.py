"""Messages, resolutions, the course of a status and waits, told again in plain loops over one conversation's rows.

It shares no code with the product. What is computed per conversation from these is in `retold_facts.py`.
"""

from __future__ import annotations

import datetime
import zoneinfo

from chatwoot_assets_tests.metrics.histories import History
from chatwoot_assets_tests.metrics.rows import Row

MINUTE = datetime.timedelta(minutes=1)


def in_order(history: History) -> list[Row]:
    """Return the messages whose time is known, in order."""
    known = [row for row in history.messages if row["created_at"] is not None]
    return sorted(known, key=lambda row: (row["conversation_id"], row["created_at"], row["id"]))


def is_human(row: Row, bots: frozenset[int]) -> bool:
    """Return whether a message is a human's reply."""
    if row["message_type"] != "outgoing" or row["private"] or row["automated"] or row["campaign"]:
        return False
    if row["external_echo"]:
        return True
    return row["sender_type"] == "User" and row["sender_id"] not in bots


def kind(row: Row, bots: frozenset[int]) -> str | None:
    """Return who wrote a message that everybody sees."""
    if row["private"] or row["message_type"] == "activity":
        return None
    if row["message_type"] == "incoming":
        return "contact"
    if row["automated"] or row["campaign"]:
        return "automation"
    if row["external_echo"]:
        return "agent"
    if row["sender_type"] == "User":
        return "bot" if row["sender_id"] in bots else "agent"
    return {"AgentBot": "bot", "Captain::Assistant": "bot", "Contact": "contact"}.get(row["sender_type"], "system")


def meaning(row: Row) -> tuple[str, str | None] | None:
    """Return what a message says that happened, and who was assigned; None for anything that it does not say."""
    text = row["content"]
    if row["message_type"] != "activity" or text is None:
        return None
    for part, what in (
        ("resolved by", "resolved"),
        ("resolvida", "resolved"),
        ("reaberta", "opened"),
        ("reopened", "opened"),
        ("pending", "pending"),
        ("adiada", "snoozed"),
        ("unassigned", "unassigned"),
        ("uído a vendas por", "team_assigned"),
    ):
        if part in text:
            return what, None
    for name in ("Ana", "Zé", "Bia"):
        if text.startswith((f"Assigned to {name}", f"Atribuído a {name}", f"{name} self-assigned")):
            return "assigned", name
    return None


def told(history: History, what: str) -> list[datetime.datetime]:
    """Return when sentences say that something happened."""
    found = {row["created_at"] for row in in_order(history) if (meaning(row) or (None,))[0] == what}
    return sorted(found)


def happened(history: History, name: str) -> dict[datetime.datetime, Row]:
    """Return the events of a name by the time at which they took place; the first of each."""
    found: dict[datetime.datetime, Row] = {}
    for row in sorted(history.events, key=lambda row: row["id"]):
        at = row["event_end_time"] or row["created_at"]
        if row["name"] == name and at is not None:
            found.setdefault(at, row)
    return found


def unreported(times: list[datetime.datetime], events: dict[datetime.datetime, Row]) -> list[datetime.datetime]:
    """Return the times that are more than a minute away from every event."""
    return [at for at in times if all(abs(at - other) > MINUTE for other in events)]


def resolutions(history: History) -> list[tuple[datetime.datetime, int | None]]:
    """Return when one conversation was resolved, and whose event says so."""
    events = happened(history, "conversation_resolved")
    found: list[tuple[datetime.datetime, int | None]] = [(at, row["user_id"]) for at, row in events.items()]
    found += [(at, None) for at in unreported(told(history, "resolved"), events)]
    return sorted(found, key=lambda one: one[0])


def openings(history: History) -> list[datetime.datetime]:
    """Return when one conversation was opened again."""
    events = happened(history, "conversation_opened")
    again = [at for at, row in events.items() if row["value"] is not None and row["value"] > 0]
    return sorted(again + unreported(told(history, "opened"), events))


def reopenings(history: History) -> list[datetime.datetime]:
    """Return the openings that ended a resolution."""
    opened, resolved = openings(history), [at for at, _ in resolutions(history)]
    found = []
    for place, at in enumerate(resolved):
        until = resolved[place + 1] if place + 1 < len(resolved) else max(opened, default=at)
        found += [other for other in opened if at < other <= until][:1]
    return found


def course(history: History) -> list[tuple[datetime.datetime, str, bool]]:
    """Return the status of one conversation over time."""
    (row,) = history.conversations
    opened = happened(history, "conversation_opened")
    handed, ended = (happened_at_all(history, f"conversation_bot_{name}") for name in ("handoff", "resolved"))
    changes = [(at, 0, "open") for at in [*opened, *happened(history, "conversation_bot_handoff")]]
    changes += [(at, 0, "open") for at in unreported(told(history, "opened"), opened)]
    changes += [(at, 1, "pending") for at in told(history, "pending")]
    changes += [(at, 2, "snoozed") for at in told(history, "snoozed")]
    changes += [(at, 3, "resolved") for at, _ in resolutions(history)]
    served = handed or ended or (row["status"] == "pending" and not changes)
    found = [(row["created_at"], "pending" if served else "open", False)]
    for at, _, status in sorted(changes):
        if status != found[-1][1]:
            found.append((max(at, row["created_at"]), status, False))
    if row["status"] is not None and row["status"] != found[-1][1]:
        times = [one["created_at"] for one in in_order(history)]
        found.append((max([found[-1][0], *times]), row["status"], True))
    return found


def happened_at_all(history: History, name: str) -> bool:
    """Return whether there is an event of a name, whatever its time."""
    return any(row["name"] == name for row in history.events)


def waits(history: History) -> list[Row]:
    """Return the waits of one conversation's contact: when, answered by which message, or resolved."""
    steps = [(row["created_at"], 0, row["id"], row) for row in in_order(history)]
    steps += [(at, 1, 0, {"handoff": True}) for at in happened(history, "conversation_bot_handoff")]
    steps += [(at, 2, 0, {"resolved": True}) for at, _ in resolutions(history)]
    found: list[Row] = []
    waiting: datetime.datetime | None = None
    replied = False
    for at, _, _, step in sorted(steps, key=lambda one: one[:3]):
        if "handoff" in step:
            waiting = waiting and at
        elif "resolved" in step:
            if waiting:
                found.append({"started_at": waiting, "resolved_at": at, "reply": None, "is_first": False})
            waiting = None
        elif step["message_type"] == "incoming" and not step["private"]:
            waiting = waiting or at
        elif is_human(step, history.bots):
            if waiting:
                found.append({"started_at": waiting, "resolved_at": None, "reply": step, "is_first": not replied})
            waiting, replied = None, True
    if waiting:
        found.append({"started_at": waiting, "resolved_at": None, "reply": None, "is_first": False})
    return found


def day_of(at: datetime.datetime | None, zone: str) -> datetime.date | None:
    """Return the day of an instant in a time zone."""
    return at and at.replace(tzinfo=datetime.timezone.utc).astimezone(zoneinfo.ZoneInfo(zone)).date()
