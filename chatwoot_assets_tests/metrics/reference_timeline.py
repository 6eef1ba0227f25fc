"""Reference implementation of messages, resolutions, status changes and waits.

Each function looks at the rows of one conversation, in plain loops. It shares no code with the product. The rows that
follow from these are in `reference_facts.py`.
"""

from __future__ import annotations

import datetime
import zoneinfo

from chatwoot_assets_tests.metrics.histories import History
from chatwoot_assets_tests.metrics.rows import EVER, NEVER, Row

MINUTE = datetime.timedelta(minutes=1)


def sort_messages(history: History) -> list[Row]:
    """Return the messages whose time is known, in order, and whether an import wrote each of them."""
    dated = [row for row in history.messages if row["created_at"] is not None]
    imported = [(row["id"], find_end_of_import(row, history.events)) for row in history.conversations]
    ends = {id_: end for id_, end in imported if end}
    dated = [
        {**row, "is_late": is_late(row, dated) or row["created_at"] < ends.get(row["conversation_id"], EVER)}
        for row in dated
    ]
    return sorted(dated, key=lambda row: (row["conversation_id"], row["created_at"], row["id"]))


def find_end_of_import(conversation: Row, events: list[Row]) -> datetime.datetime | None:
    """Return before which instant a conversation's messages are imported; None if Chatwoot's imports did not write it.

    Where nothing tells that instant, all of them are.
    """
    if not conversation["is_imported"]:
        return None
    if conversation["imported_at"] is not None:
        return conversation["imported_at"]  # type: ignore[no-any-return]  # the row's columns have no types
    times = [
        row["event_end_time"]
        for row in events
        if row["conversation_id"] == conversation["id"] and row["event_end_time"] is not None
    ]
    return min(times) - MINUTE if times else NEVER


def is_late(row: Row, messages: list[Row]) -> bool:
    """Return whether a message is more than an hour older than one of its conversation with a lower id."""
    return any(
        other["conversation_id"] == row["conversation_id"]
        and other["id"] < row["id"]
        and other["created_at"] - row["created_at"] > 60 * MINUTE
        for other in messages
    )


def is_human_reply(row: Row, history: History) -> bool:
    """Return whether a message is a human's reply."""
    if row["message_type"] != "outgoing" or row["private"] or row["automated"] or row["campaign"] or row["reaction"]:
        return False
    if row.get("is_late"):
        return False
    if row["external_echo"] or _is_proven_reply(row, history):
        return True
    return row["sender_type"] == "User" and row["sender_id"] not in history.bots


def is_question_of_contact(row: Row) -> bool:
    """Return whether a message waits for a reply."""
    return row["message_type"] == "incoming" and not row["private"] and not row["reaction"] and not row.get("is_late")


def _is_proven_reply(row: Row, history: History) -> bool:
    """Return whether a message lost its sender and was written when Chatwoot recorded a human reply."""
    if row["message_type"] != "outgoing" or row["sender_type"] is not None or row["sender_id"] is not None:
        return False
    times = {
        event["event_end_time"]
        for event in history.events
        if event["conversation_id"] == row["conversation_id"] and event["name"] in {"first_response", "reply_time"}
    }
    for conversation in history.conversations:
        if conversation["id"] == row["conversation_id"] and conversation["first_response_seconds"] is not None:
            waited = datetime.timedelta(seconds=conversation["first_response_seconds"])
            times.add(conversation["created_at"] + waited)
    return row["created_at"] in times


def find_sender_kind(row: Row, history: History) -> str | None:
    """Return what kind of sender wrote a public message; None for other messages."""
    if row["private"] or row["message_type"] == "activity" or row["reaction"]:
        return None
    if row["message_type"] == "incoming":
        return "contact"
    if row["automated"] or row["campaign"]:
        return "automation"
    if row["external_echo"] or _is_proven_reply(row, history):
        return "agent"
    if row["sender_type"] == "User":
        return "bot" if row["sender_id"] in history.bots else "agent"
    return {"AgentBot": "bot", "Captain::Assistant": "bot", "Contact": "contact"}.get(row["sender_type"], "system")


def parse_activity(row: Row) -> tuple[str, str | None] | None:
    """Return the change that a message reports, if any, and the agent that it assigns."""
    text = row["content"]
    if row["message_type"] != "activity" or text is None:
        return None
    for part, change in (
        ("resolved by", "resolved"),
        ("resolvida", "resolved"),
        ("marcada por el sistema", "resolved"),
        ("reaberta", "opened"),
        ("reopened", "opened"),
        ("pending", "pending"),
        ("adiada", "snoozed"),
        ("unassigned", "unassigned"),
        ("has muted", "muted"),
        ("reativou", "unmuted"),
    ):
        if part in text:
            return change, None
    for name in ("Ana", "Zé", "Bia", "bruno", "vendas"):
        if text.startswith((f"Assigned to {name}", f"Atribuído a {name}", f"{name} self-assigned")):
            return "assigned", name
    return None


def is_team(message: Row, name: str, history: History) -> bool | None:
    """Return whether the name that a sentence assigns is a team's; None if undecided."""
    if "self-assigned" in message["content"] or " via " in message["content"]:
        return False
    (row,) = history.conversations
    sentences = {message["content"] for message in sort_messages(history) if message["message_type"] == "activity"}
    users = {known["name"] for known in history.names if not known["is_team"]} | {row["assignee_name"]}
    teams = {known["name"] for known in history.names if known["is_team"]} | {row["team_name"]}
    if "bruno self-assigned this conversation" in sentences:
        users.add("bruno")
    if "Atribuído a Ana via vendas por Zé" in sentences:
        teams.add("vendas")
    if name != name.lower():
        return False
    return None if (name in users) == (name in teams) else name in teams


def find_activity(history: History, change: str) -> list[datetime.datetime]:
    """Return when activity messages report a change."""
    times = {row["created_at"] for row in sort_messages(history) if (parse_activity(row) or (None,))[0] == change}
    return sorted(times)


def find_events(history: History, name: str) -> dict[datetime.datetime, Row]:
    """Return the first event of a name at each instant, by the instant."""
    events: dict[datetime.datetime, Row] = {}
    for row in sorted(history.events, key=lambda row: row["id"]):
        instant = row["event_end_time"] or row["created_at"]
        if row["name"] == name and instant is not None:
            events.setdefault(instant, row)
    return events


def has_event(history: History, name: str) -> bool:
    """Return whether there is an event of a name, with or without a time."""
    return any(row["name"] == name for row in history.events)


def find_unreported(times: list[datetime.datetime], events: dict[datetime.datetime, Row]) -> list[datetime.datetime]:
    """Return the times that are more than a minute away from every event."""
    return [instant for instant in times if all(abs(instant - other) > MINUTE for other in events)]


def find_resolutions(history: History) -> list[tuple[datetime.datetime, int | None, bool]]:
    """Return when the conversation was resolved, the user of the event, and whether there is an event."""
    events = find_events(history, "conversation_resolved")
    resolutions: list[tuple[datetime.datetime, int | None, bool]] = [
        (instant, row["user_id"], True) for instant, row in events.items()
    ]
    resolutions += [(instant, None, False) for instant in find_unreported(find_activity(history, "resolved"), events)]
    return sorted(resolutions, key=lambda resolution: resolution[0])


def find_openings(history: History) -> list[datetime.datetime]:
    """Return when the conversation was opened again."""
    events = find_events(history, "conversation_opened")
    reported = [instant for instant, row in events.items() if row["value"] is not None and row["value"] > 0]
    return sorted(reported + find_unreported(find_activity(history, "opened"), events))


def find_reopenings(history: History) -> list[datetime.datetime]:
    """Return the openings that ended a resolution."""
    openings, resolutions = find_openings(history), [instant for instant, _, _ in find_resolutions(history)]
    reopenings = []
    for index, resolved_at in enumerate(resolutions):
        until = resolutions[index + 1] if index + 1 < len(resolutions) else max(openings, default=resolved_at)
        reopenings += [opened_at for opened_at in openings if resolved_at < opened_at <= until][:1]
    return reopenings


def find_status_changes(history: History) -> list[tuple[datetime.datetime, str, bool]]:
    """Return each status of the conversation: its start, its name, whether it is estimated."""
    (row,) = history.conversations
    changes = _find_recorded_changes(history)
    bot_since = history.active_bot_inboxes.get(row["inbox_id"], NEVER)
    starts_pending = _starts_pending(history, changes)
    is_always_served = bot_since <= row["created_at"] or starts_pending or has_message_of_bot(history)
    statuses = [(row["created_at"], "pending" if starts_pending else "open", False)]
    if row["is_imported"]:
        statuses = [(row["created_at"], "resolved", not changes or changes[0][2] != "open")]
    questions = [
        (message["created_at"], 0.5, "question")
        for message in sort_messages(history)
        if is_question_of_contact(message) and _can_reopen(message, history)
    ]
    recorded, asked_at = "resolved" if row["is_imported"] else "", None
    steps = sorted(changes + questions)
    for index, (instant, _, step) in enumerate(steps):
        status, is_estimated = step, False
        is_served_by_bot = is_always_served or bot_since <= instant
        if step != "question":
            recorded, asked_at = step, None
        elif recorded != "resolved":
            continue
        else:
            asked_at = asked_at or instant
            later = [other for _, _, other in steps[index:] if other != "question"]
            if not is_served_by_bot and later[:1] != ["resolved"]:
                continue
            status, is_estimated = ("pending", False) if is_served_by_bot else ("open", True)
        if status != statuses[-1][1]:
            statuses.append((max(instant, row["created_at"]), status, is_estimated))
    if row["status"] is not None and row["status"] != statuses[-1][1]:
        times = [message["created_at"] for message in sort_messages(history)]
        if statuses[-1][1] == "resolved" and row["status"] in {"open", "pending"} and asked_at:
            times = [asked_at]
        if row["is_imported"] and row["imported_at"]:
            times.append(row["imported_at"])
        statuses.append((max([statuses[-1][0], *times]), row["status"], True))
    return statuses


def _find_recorded_changes(history: History) -> list[tuple[datetime.datetime, float, str]]:
    opened = find_events(history, "conversation_opened")
    changes = [(instant, 0.0, "open") for instant in [*opened, *find_events(history, "conversation_bot_handoff")]]
    changes += [(instant, 0.0, "open") for instant in find_unreported(find_activity(history, "opened"), opened)]
    changes += [(instant, 1.0, "pending") for instant in find_activity(history, "pending")]
    changes += [(instant, 2.0, "snoozed") for instant in find_activity(history, "snoozed")]
    return sorted(changes + [(instant, 3.0, "resolved") for instant, _, _ in find_resolutions(history)])


def _starts_pending(history: History, changes: list[tuple[datetime.datetime, float, str]]) -> bool:
    """Return whether the conversation was pending when it began."""
    (row,) = history.conversations
    if not changes and row["status"] == "pending":
        return True
    if changes:
        instant, _, status = changes[0]
        opening = find_events(history, "conversation_opened").get(instant)
        if status == "open" and opening is not None and opening["value"] == 0 and not row["is_imported"]:
            return True
    first = next(iter(sort_messages(history)), None)
    if first is not None and first["campaign"] and first["sender_type"] == "User":
        return False
    if has_event(history, "conversation_bot_handoff") or has_event(history, "conversation_bot_resolved"):
        return True
    is_in_bot_inbox = history.active_bot_inboxes.get(row["inbox_id"], NEVER) <= row["created_at"]
    return is_in_bot_inbox and (changes[0][2] != "pending" if changes else row["status"] != "open")


def _can_reopen(message: Row, history: History) -> bool:
    """Return whether a contact's message can change the status: of one who is not muted, before the last change."""
    (row,) = history.conversations
    if row["status_changed_at"] is not None and message["created_at"] > row["status_changed_at"]:
        return False
    mutes = [
        (other["created_at"], change[0] == "muted")
        for other in sort_messages(history)
        if (change := parse_activity(other)) and change[0] in {"muted", "unmuted"}
        if other["created_at"] <= message["created_at"]
    ]
    return not mutes or not mutes[-1][1]


def has_message_of_bot(history: History) -> bool:
    """Return whether a bot wrote to the conversation."""
    return any(row["sender_type"] in {"AgentBot", "Captain::Assistant"} for row in sort_messages(history))


def find_waits(history: History) -> list[Row]:
    """Return the contact's waits: each start, and the reply or resolution that ended it."""
    steps = [(row["created_at"], 0, row["id"], row) for row in sort_messages(history)]
    steps += [(instant, 1, 0, {"handoff": True}) for instant in find_events(history, "conversation_bot_handoff")]
    steps += [(instant, 2, 0, {"resolved": True}) for instant, _, _ in find_resolutions(history)]
    waits: list[Row] = []
    started_at: datetime.datetime | None = None
    is_replied = False
    for instant, _, _, step in sorted(steps, key=lambda step: step[:3]):
        if "handoff" in step:
            started_at = started_at and instant
        elif "resolved" in step:
            if started_at:
                waits.append({"started_at": started_at, "resolved_at": instant, "reply": None, "is_first": False})
            started_at = None
        elif is_question_of_contact(step):
            started_at = started_at or instant
        elif is_human_reply(step, history):
            if started_at:
                waits.append({"started_at": started_at, "resolved_at": None, "reply": step, "is_first": not is_replied})
            started_at, is_replied = None, True
    if started_at:
        waits.append({"started_at": started_at, "resolved_at": None, "reply": None, "is_first": False})
    return waits


def local_date(instant: datetime.datetime | None, zone: str) -> datetime.date | None:
    """Return the date of an instant in a time zone."""
    return instant and instant.replace(tzinfo=datetime.timezone.utc).astimezone(zoneinfo.ZoneInfo(zone)).date()
