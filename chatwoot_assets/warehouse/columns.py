"""The columns of the local tables, with types and meanings: what COPY fills and the UI shows.

The tables themselves are made by `sql/warehouse/migrations/`; a test holds both together.
"""

from __future__ import annotations

# Of each column its type in PostgreSQL, and its meaning.
CONVERSAS_ANALYTICS: dict[str, tuple[str, str]] = {
    "id": ("bigint", "Chatwoot's conversation id; the key."),
    "display_id": ("integer", "The number that people see, counted within an account."),
    "account_id": ("integer", "The account."),
    "inbox_id": ("integer", "The inbox; it may be gone."),
    "contact_id": ("bigint", "The contact; it may be gone, or NULL."),
    "assignee_id": ("integer", "The agent it is assigned to now; NULL for nobody."),
    "team_id": ("bigint", "The team it belongs to now."),
    "status": ("text", "open, resolved, pending or snoozed; unknown(n) for a code that is not known."),
    "status_code": ("smallint", "Chatwoot's code of the status."),
    "priority": ("text", "low, medium, high or urgent; NULL for none."),
    "priority_code": ("smallint", "Chatwoot's code of the priority."),
    "created_at": ("timestamptz", "When it began."),
    "updated_at": ("timestamptz", "When Chatwoot last said it changed; many changes do not say so."),
    "contact_name": ("text", "The contact's name, as of the extract."),
    "contact_email": ("text", "The contact's e-mail address, as of the extract."),
    "contact_phone": ("text", "The contact's phone number, as of the extract."),
    "inbox_name": ("text", "The inbox's name, as of the extract."),
    "inbox_type": ("text", "The inbox's channel, such as Channel::Whatsapp."),
    "assignee_name": ("text", "The agent's name, as of the extract."),
    "message_compiled": ("jsonb", "All messages, in order of created_at, id; [] for none."),
    "t_messages": ("integer", "Number of messages, private notes and activity included."),
    "client_sender_id": ("bigint", "The contact that wrote last."),
    "client_phone": ("text", "The phone number of the conversation's contact."),
    "rating": ("smallint", "The latest CSAT rating, 1 to 5."),
    "feedback_message": ("text", "What was written with that rating."),
    "rated_at": ("timestamptz", "When that rating was given."),
    "csat_responses": ("integer", "How many ratings there are; 0 for none."),
    "first_response_seconds": (
        "double precision",
        "Seconds from created_at to the first reply; NULL for none.",
    ),
    "is_resolved": ("boolean", "Whether the status is resolved."),
    "is_assigned": ("boolean", "Whether an agent is assigned."),
    "conversation_date": ("date", "The day it began, in the reporting time zone; its partition."),
    "conversation_hour": ("smallint", "The hour it began, 0 to 23, in the reporting time zone."),
    "day_of_week": ("smallint", "The weekday it began, Sunday is 0, in the reporting time zone."),
    "user_msg_count": ("integer", "Number of public messages from agents."),
    "contact_msg_count": ("integer", "Number of public messages from contacts."),
    "first_message_at": ("timestamptz", "When the first public message was written."),
    "last_message_at": ("timestamptz", "When the last public message was written."),
    "duration_seconds": ("double precision", "Seconds from the first to the last public message."),
    "extracted_at": ("timestamptz", "The snapshot of Chatwoot that the row was read in."),
}

DAILY_SUMMARY: dict[str, tuple[str, str]] = {
    "conversation_date": ("date", "The day, in the reporting time zone."),
    "account_id": ("integer", "The account."),
    "inbox_id": ("integer", "The inbox."),
    "inbox_name": ("text", "The inbox's name, as of the extract; NULL where it is gone."),
    "status": ("text", "The conversations' status, as of the extract."),
    "total_conversations": ("bigint", "Number of conversations that began on the day."),
    "responded_conversations": ("bigint", "How many of them got a first reply."),
    "sum_first_response_seconds": ("double precision", "Sum of their first_response_seconds; 0 for none."),
    "avg_response_time": ("double precision", "Average seconds to the first reply; NULL for none."),
    "total_rated": ("bigint", "How many of them have a rating."),
    "sum_rating": ("bigint", "Sum of their latest ratings; 0 for none."),
    "avg_rating": ("double precision", "Average of their latest ratings; NULL for none."),
}
