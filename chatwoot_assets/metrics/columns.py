"""The columns of the metrics' tables, with types and meanings: what COPY fills and the UI shows.

The tables themselves are made by `sql/warehouse/migrations/`; a test holds both together. What a metric is, by which
date it is dated and what Chatwoot's own report does differently is in `docs/metrics.md`.
"""

from __future__ import annotations

Columns = dict[str, tuple[str, str]]

_DAY: Columns = {
    "conversation_date": ("date", "The day the conversation began, in the reporting time zone; its partition.")
}
_PLACE: Columns = {
    "account_id": ("integer", "The account."),
    "inbox_id": ("integer", "The inbox; it may be gone."),
}

# Of a row that is not a conversation's own: what conversations are chosen by. As they are now: whatever changes of a
# conversation, all rows of its day are replaced.
_CHOSEN_BY: Columns = {
    "status": ("text", "The status the conversation has now."),
    "labels": ("text[]", "The labels the conversation has now, in order; {} for none."),
}

RESPONSE_INTERVALS: Columns = {
    "conversation_id": ("bigint", "Chatwoot's conversation id; with interval_number the key."),
    "interval_number": ("integer", "Which of the waits of the contact it is, from 1."),
    **_DAY,
    **_PLACE,
    "team_id": ("bigint", "The team the conversation belongs to now."),
    "assignee_id": ("integer", "The agent it is assigned to now."),
    "is_first_response": ("boolean", "Whether the reply that ended it is the conversation's first by a human."),
    "started_at": ("timestamptz", "When the contact began to wait, or a bot handed over to humans."),
    "ended_at": ("timestamptz", "When a human replied; NULL where none did."),
    "resolved_at": ("timestamptz", "When the conversation was resolved without a reply to this wait; NULL otherwise."),
    "started_date": ("date", "The day of started_at, in the reporting time zone."),
    "ended_date": ("date", "The day of ended_at, in the reporting time zone."),
    "agent_id": ("bigint", "Who replied; NULL for a reply from the channel's own app, and for none."),
    "seconds": ("double precision", "Seconds from started_at to ended_at; NULL where none replied."),
    "business_seconds": ("double precision", "The opening hours of the inbox in it; NULL where it has none."),
    "is_open": ("boolean", "Whether no human ever replied."),
    **_CHOSEN_BY,
}

RESOLUTIONS: Columns = {
    "conversation_id": ("bigint", "Chatwoot's conversation id; with resolution_number the key."),
    "resolution_number": ("integer", "Which of the conversation's resolutions it is, from 1."),
    **_DAY,
    **_PLACE,
    "team_id": ("bigint", "The team the conversation belongs to now."),
    "assignee_id": ("integer", "The agent it is assigned to now."),
    "agent_id": ("bigint", "Who was assigned when it was resolved; NULL where Chatwoot kept nothing of that."),
    "resolved_at": ("timestamptz", "When it was resolved."),
    "resolved_date": ("date", "The day of resolved_at, in the reporting time zone."),
    "seconds": ("double precision", "Seconds from the conversation's beginning to resolved_at."),
    "business_seconds": ("double precision", "The opening hours of the inbox in them; NULL where it has none."),
    "reopened_at": ("timestamptz", "When it was opened again after that; NULL where it was not."),
    "reopened_date": ("date", "The day of reopened_at, in the reporting time zone."),
    **_CHOSEN_BY,
}

CONVERSATION_FACTS: Columns = {
    "conversation_id": ("bigint", "Chatwoot's conversation id; the key."),
    **_DAY,
    **_PLACE,
    "team_id": ("bigint", "The team it belongs to now."),
    "assignee_id": ("integer", "The agent it is assigned to now; NULL for nobody."),
    "status": ("text", "open, resolved, pending or snoozed; unknown(n) for a code that is not known."),
    "created_at": ("timestamptz", "When it began."),
    "conversation_hour": ("smallint", "The hour it began, in the reporting time zone."),
    "day_of_week": ("smallint", "The weekday it began, Sunday is 0, in the reporting time zone."),
    "account_name": ("text", "The account's name, as of the extract."),
    "team_name": ("text", "The team's name, as of the extract."),
    "labels": ("text[]", "Its labels now, in order; {} for none."),
    "is_resolved": ("boolean", "Whether the status is resolved."),
    "first_response_seconds": (
        "double precision",
        "Seconds the contact waited for the first human reply; NULL for none.",
    ),
    "first_response_business_seconds": (
        "double precision",
        "The same in opening hours; NULL where the inbox has none.",
    ),
    "waits_answered": ("integer", "Waits of the contact that a human ended."),
    "waits_open": ("integer", "Waits that no human ended."),
    "sum_wait_seconds": ("double precision", "Seconds of the answered waits; 0 for none."),
    "sum_wait_business_seconds": ("double precision", "The same in opening hours; NULL where the inbox has none."),
    "resolutions": ("integer", "How often it was resolved; NULL where it is resolved and nobody knows when."),
    "first_resolution_seconds": (
        "double precision",
        "Seconds from its beginning to its first resolution; NULL for none.",
    ),
    "last_resolution_seconds": (
        "double precision",
        "Seconds from its beginning to its last resolution; NULL for none.",
    ),
    "first_resolution_business_seconds": ("double precision", "The first in opening hours; NULL where there are none."),
    "last_resolution_business_seconds": ("double precision", "The last in opening hours; NULL where there are none."),
    "first_resolved_at": ("timestamptz", "When it was first resolved; NULL for never, or not known."),
    "last_resolved_at": ("timestamptz", "When it was last resolved; NULL for never, or not known."),
    "last_resolved_date": ("date", "The day of last_resolved_at, in the reporting time zone."),
    "reopens": ("integer", "How often it was opened after a resolution, one still open too; NULL where not known."),
    "assignments": ("integer", "How often it was given to an agent; NULL where Chatwoot kept nothing of it."),
    "reassignments": ("integer", "How often from one agent to another; NULL where not known."),
    "returned_to_agent": ("boolean", "Whether it came back to an agent who had had it before; NULL where not known."),
    "human_replies": ("integer", "Public replies by humans."),
    "touch": ("text", "none, one, two or multi: how many human replies there were."),
    "bot_resolved": ("boolean", "Whether a bot resolved it, by Chatwoot's own rule."),
    "bot_handed_off": ("boolean", "Whether a bot handed it over to humans."),
    "last_sender": ("text", "Who wrote last in public: contact, agent, bot, automation or system; NULL for nobody."),
    "needs_reply": ("boolean", "Whether it is open and its contact waits for a human."),
    "waiting_since": ("timestamptz", "Since when its contact waits for a human; NULL for no wait."),
    "csat_offered": ("boolean", "Whether a survey was sent."),
    "csat_answered": ("boolean", "Whether there is a rating."),
    "rating": ("smallint", "The latest CSAT rating, 1 to 5."),
    "rated_at": ("timestamptz", "When that rating was given."),
    "csat_responses": ("integer", "How many ratings there are; 0 for none."),
    "incoming_messages": ("integer", "Messages of type incoming, as Chatwoot counts them."),
    "outgoing_messages": ("integer", "Messages of type outgoing, private notes included, as Chatwoot counts them."),
    "private_notes": ("integer", "Private notes."),
}

CONVERSATION_EVENTS: Columns = {
    "id": ("bigint", "Chatwoot's id of the event; with conversation_id the key."),
    "conversation_id": ("bigint", "The conversation."),
    **_DAY,
    "account_id": ("integer", "The account, as the event says."),
    "inbox_id": ("integer", "The inbox, as the event says."),
    "user_id": ("integer", "The agent, as the event says; NULL for none."),
    "team_id": ("bigint", "The team the conversation belongs to now."),
    "name": ("text", "What happened, in Chatwoot's word, such as first_response."),
    "value": ("double precision", "Seconds, as Chatwoot computed them."),
    "value_in_business_hours": (
        "double precision",
        "The same in opening hours; Chatwoot writes 0 where there are none.",
    ),
    "event_start_at": ("timestamptz", "When it began."),
    "event_end_at": ("timestamptz", "When it ended."),
    "created_at": ("timestamptz", "When Chatwoot wrote it down; its own reports go by that."),
    "event_date": ("date", "The day of created_at, in the reporting time zone."),
}

_MEASURES: Columns = {
    "created": ("bigint", "Conversations that began."),
    "resolved": ("bigint", "Resolutions, each once."),
    "reopened": ("bigint", "Openings after a resolution."),
    "incoming_messages": ("bigint", "Public messages of contacts."),
    "outgoing_messages": ("bigint", "Public messages to contacts."),
    "private_notes": ("bigint", "Private notes."),
    "human_replies": ("bigint", "Public replies by humans."),
    "responses": ("bigint", "Waits of contacts that a human ended on the day."),
    "sum_response_seconds": ("double precision", "Their seconds."),
    "business_responses": ("bigint", "Those of them in inboxes with opening hours."),
    "sum_response_business_seconds": ("double precision", "Their seconds in opening hours."),
    "first_responses": ("bigint", "First human replies to a waiting contact."),
    "sum_first_response_seconds": ("double precision", "The seconds of those waits."),
    "business_first_responses": ("bigint", "Those of them in inboxes with opening hours."),
    "sum_first_response_business_seconds": ("double precision", "Their seconds in opening hours."),
    "csat_offered": ("bigint", "Surveys sent."),
    "csat_answered": ("bigint", "Conversations rated, by their latest rating."),
    "sum_rating": ("bigint", "The sum of those ratings."),
    "satisfied": ("bigint", "Those of 4 or 5."),
}


def _daily(group: str, kind: str, meaning: str) -> Columns:
    return {
        **_DAY,
        "event_date": ("date", "The day it happened, in the reporting time zone."),
        "account_id": ("integer", "The account."),
        group: (kind, meaning),
        **_MEASURES,
    }


TABLES: dict[str, Columns] = {
    "response_intervals": RESPONSE_INTERVALS,
    "resolutions": RESOLUTIONS,
    "conversation_facts": CONVERSATION_FACTS,
    "conversation_events": CONVERSATION_EVENTS,
    "daily_by_agent": _daily("agent_id", "bigint", "Whose it is: see docs/metrics.md; 0 for nobody's."),
    "daily_by_inbox": _daily("inbox_id", "integer", "The inbox."),
    "daily_by_team": _daily("team_id", "bigint", "The team the conversation belongs to now; 0 for none."),
    "daily_by_label": _daily("label", "text", "A label; '' is every conversation once, labelled or not."),
    "backlog_changes": {
        **_DAY,
        "change_date": ("date", "The day at whose end it counts, in the reporting time zone."),
        **_PLACE,
        "team_id": ("bigint", "The team the conversation belongs to now; 0 for none."),
        "agent_id": ("bigint", "The agent it is assigned to now; 0 for nobody."),
        "open": ("bigint", "How many more are open than at the end of the day before."),
        "pending": ("bigint", "The same of pending ones."),
        "snoozed": ("bigint", "The same of snoozed ones."),
        "unassigned": ("bigint", "The same of open ones that nobody is assigned to."),
        "unattended": ("bigint", "The same of open ones that wait for a reply, as Chatwoot counts them."),
    },
    "hourly_messages": {
        **_DAY,
        "message_date": ("date", "The day the messages were written, in the reporting time zone."),
        "hour": ("smallint", "The hour, 0 to 23, in the reporting time zone."),
        **_PLACE,
        "team_id": ("bigint", "The team the conversation belongs to now; 0 for none."),
        "agent_id": ("bigint", "Who wrote them, where that is an agent; 0 for everybody else."),
        "incoming": ("bigint", "Public messages of contacts."),
        "outgoing": ("bigint", "Public messages to contacts."),
        "incoming_all": ("bigint", "Messages of type incoming, as Chatwoot counts them."),
        "outgoing_all": ("bigint", "Messages of type outgoing, private notes included, as Chatwoot counts them."),
    },
}

# What makes a row of a table of sums its own; several parts of a day add up to it. The other tables have a row of
# their own for each thing.
SUMMED: dict[str, list[str]] = {
    **{
        f"daily_by_{group}": [
            "conversation_date",
            "event_date",
            "account_id",
            "label" if group == "label" else f"{group}_id",
        ]
        for group in ("agent", "inbox", "team", "label")
    },
    "backlog_changes": ["conversation_date", "change_date", "account_id", "inbox_id", "team_id", "agent_id"],
    "hourly_messages": ["conversation_date", "message_date", "hour", "account_id", "inbox_id", "team_id", "agent_id"],
}
