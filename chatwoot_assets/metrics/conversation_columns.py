"""The columns of the metrics tables whose rows belong to one conversation each."""

from __future__ import annotations

from chatwoot_assets.columns import Column
from chatwoot_assets.metrics.shared_columns import ACCOUNT, ASSIGNEE, CONVERSATION_DATE, FILTERS, INBOX, PLACE, TEAM

RESPONSE_INTERVALS = (
    Column("conversation_id", "bigint", "Chatwoot's id of the conversation; with interval_number the primary key."),
    Column("interval_number", "integer", "The number of the interval in its conversation, from 1."),
    *PLACE,
    ASSIGNEE,
    Column("is_first_response", "boolean", "Whether the reply that ended it is the conversation's first by a human."),
    Column("started_at", "timestamptz", "When the contact began to wait, or a bot handed over to humans."),
    Column("ended_at", "timestamptz", "When a human replied; NULL if none did."),
    Column("resolved_at", "timestamptz", "When the conversation was resolved without a reply in it; NULL otherwise."),
    Column("started_date", "date", "The day of started_at, in the reporting time zone."),
    Column("ended_date", "date", "The day of ended_at, in the reporting time zone."),
    Column("agent_id", "bigint", "Who replied; NULL for a reply from the channel's own app, and for none."),
    Column("seconds", "double precision", "Seconds from started_at to ended_at; NULL if no human replied."),
    Column("business_seconds", "double precision", "The same within working hours; NULL if the inbox has none."),
    Column("is_open", "boolean", "Whether no human ever replied."),
    *FILTERS,
)

RESOLUTIONS = (
    Column("conversation_id", "bigint", "Chatwoot's id of the conversation; with resolution_number the primary key."),
    Column("resolution_number", "integer", "The number of the resolution in its conversation, from 1."),
    *PLACE,
    ASSIGNEE,
    Column("agent_id", "bigint", "Who was assigned when it was resolved; the agent assigned now if no event is left."),
    Column("resolved_at", "timestamptz", "When it was resolved."),
    Column("resolved_date", "date", "The day of resolved_at, in the reporting time zone."),
    Column("seconds", "double precision", "Seconds from the conversation's creation to resolved_at."),
    Column("business_seconds", "double precision", "The same within working hours; NULL if the inbox has none."),
    Column("reopened_at", "timestamptz", "When it was next reopened; NULL if it was not."),
    Column("reopened_date", "date", "The day of reopened_at, in the reporting time zone."),
    *FILTERS,
)

_BACKLOG = {
    "open": "open",
    "pending": "pending",
    "snoozed": "snoozed",
    "unassigned": "open and nobody was assigned",
    "unattended": "open and had no human reply yet or waited for one",
}

CONVERSATION_FACTS = (
    Column("conversation_id", "bigint", "Chatwoot's id of the conversation; the primary key."),
    *PLACE,
    ASSIGNEE,
    Column("status", "text", "open, resolved, pending or snoozed; unknown(n) for a code that is not known."),
    Column("created_at", "timestamptz", "When it was created."),
    Column("conversation_hour", "smallint", "The hour it was created, 0 to 23, in the reporting time zone."),
    Column("day_of_week", "smallint", "The weekday it was created, 0 for Sunday, in the reporting time zone."),
    Column("account_name", "text", "The account's name, as of the extract."),
    Column("team_name", "text", "The team's name, as of the extract."),
    Column("labels", "text[]", "Its labels now, sorted; {} for none."),
    Column("is_resolved", "boolean", "Whether the status is resolved."),
    Column(
        "first_response_seconds",
        "double precision",
        "Seconds the contact waited for the first human reply; NULL for none.",
    ),
    Column(
        "first_response_business_seconds",
        "double precision",
        "The same within working hours; NULL if the inbox has none.",
    ),
    Column("waits_answered", "integer", "How many of the contact's waits a human ended."),
    Column("waits_open", "integer", "How many no human ended."),
    Column("sum_wait_seconds", "double precision", "Seconds of the answered waits; 0 for none."),
    Column(
        "sum_wait_business_seconds",
        "double precision",
        "The same within working hours; NULL if the inbox has none.",
    ),
    Column("resolutions", "integer", "How often it was resolved; NULL if it is resolved and nobody knows when."),
    Column(
        "first_resolution_seconds",
        "double precision",
        "Seconds from its creation to its first resolution; NULL for none.",
    ),
    Column(
        "last_resolution_seconds",
        "double precision",
        "Seconds from its creation to its last resolution; NULL for none.",
    ),
    Column(
        "first_resolution_business_seconds",
        "double precision",
        "Seconds to the first within working hours; NULL if the inbox has none.",
    ),
    Column(
        "last_resolution_business_seconds",
        "double precision",
        "Seconds to the last within working hours; NULL if the inbox has none.",
    ),
    Column("first_resolved_at", "timestamptz", "When it was first resolved; NULL for never, or if not known."),
    Column("last_resolved_at", "timestamptz", "When it was last resolved; NULL for never, or if not known."),
    Column("last_resolved_date", "date", "The day of last_resolved_at, in the reporting time zone."),
    Column("reopens", "integer", "How often it was reopened, including a reopening that lasts; NULL if not known."),
    Column("assignments", "integer", "How often it was given to an agent; NULL if Chatwoot kept no record of that."),
    Column("reassignments", "integer", "How often it passed from one agent to another; NULL if not known."),
    Column("returned_to_agent", "boolean", "Whether it came back to an agent who had it before; NULL if not known."),
    Column("human_replies", "integer", "Public replies by humans."),
    Column("touch", "text", "How many human replies there were: none, one, two or multi."),
    Column("bot_resolved", "boolean", "Whether Chatwoot recorded that a bot resolved it."),
    Column("bot_handed_off", "boolean", "Whether a bot handed it over to humans."),
    Column(
        "last_sender",
        "text",
        "Who last wrote in public: contact, agent, bot, automation or system; NULL for nobody.",
    ),
    Column("needs_reply", "boolean", "Whether it is open and its contact waits for a human."),
    Column("waiting_since", "timestamptz", "Since when its contact waits for a human; NULL for no wait."),
    Column("csat_offered", "boolean", "Whether a survey was sent."),
    Column("csat_answered", "boolean", "Whether there is a rating."),
    Column("rating", "smallint", "The latest CSAT rating, 1 to 5."),
    Column("rated_at", "timestamptz", "When that rating was given."),
    Column("csat_responses", "integer", "Number of ratings; 0 for none."),
    Column("incoming_messages", "integer", "Messages of type incoming, as Chatwoot counts them."),
    Column(
        "outgoing_messages", "integer", "Messages of type outgoing, including private notes, as Chatwoot counts them."
    ),
    Column("private_notes", "integer", "Private notes."),
    Column("rating_agent_id", "bigint", "Who was assigned when it was last rated; NULL for nobody."),
    Column("bot_messages", "integer", "Public messages by bots."),
    Column("bot_reopened", "boolean", "Whether it went on within 7 days after a bot had resolved it."),
    Column("is_unattended", "boolean", "Whether it is open and unattended, as Chatwoot counts it now."),
    Column("is_imported", "boolean", "Whether one of Chatwoot's imports wrote it, or it began before IMPORTED_BEFORE."),
    Column("is_unassigned", "boolean", "Whether neither an agent nor, since Chatwoot 4.18, a bot has it now."),
    *(
        Column(f"{part}_days", "datemultirange", f"The days at whose end it was {meaning}; NULL for none.")
        for part, meaning in _BACKLOG.items()
    ),
    Column("captain_outcomes", "jsonb", "Engagements of Captain; NULL for none. The view captain_outcomes lists them."),
)

CONVERSATION_EVENTS = (
    Column("id", "bigint", "Chatwoot's id of the event; with conversation_id the primary key."),
    Column("conversation_id", "bigint", "The conversation."),
    CONVERSATION_DATE,
    Column("account_id", "bigint", "The account, as the event has it."),
    Column("inbox_id", "bigint", "The inbox, as the event has it."),
    Column("user_id", "bigint", "The agent, as the event has it; NULL for none."),
    TEAM,
    Column("name", "text", "What happened, in Chatwoot's word, such as first_response."),
    Column("value", "double precision", "Seconds, as Chatwoot computed them."),
    Column(
        "value_in_business_hours",
        "double precision",
        "The same within working hours; Chatwoot writes 0 for an inbox without them.",
    ),
    Column("event_start_at", "timestamptz", "When it began."),
    Column("event_end_at", "timestamptz", "When it ended."),
    Column("created_at", "timestamptz", "When Chatwoot recorded it, by which its own reports go."),
    Column("event_date", "date", "The day of created_at, in the reporting time zone."),
)

EPISODES = (
    Column("conversation_id", "bigint", "Chatwoot's id of the conversation; with episode_number the primary key."),
    Column("episode_number", "integer", "The number of the episode in its conversation, from 1."),
    CONVERSATION_DATE,
    ACCOUNT,
    INBOX,
    Column("contact_id", "bigint", "The contact; it may have been deleted, or be NULL.", personal=True),
    TEAM,
    Column(
        "agent_id",
        "bigint",
        "Who was assigned at its last resolution; while it is open, who is assigned now. NULL for nobody.",
    ),
    Column("initiated_by", "text", "Who began it: contact, agent or system."),
    Column("started_at", "timestamptz", "When it began."),
    Column("started_date", "date", "The day of started_at, in the reporting time zone."),
    Column("resolved_at", "timestamptz", "When it was last resolved; NULL while it is open, or if not known."),
    Column("resolved_date", "date", "The day of resolved_at, in the reporting time zone."),
    Column("resolution_seconds", "double precision", "Seconds from started_at to resolved_at."),
    Column(
        "resolution_business_seconds", "double precision", "The same within working hours; NULL if the inbox has none."
    ),
    Column(
        "first_response_seconds",
        "double precision",
        "Seconds the contact waited for its first human reply; NULL for none.",
    ),
    Column(
        "first_response_business_seconds",
        "double precision",
        "The same within working hours; NULL if the inbox has none.",
    ),
    Column(
        "first_response_agent_id", "bigint", "Who gave that reply; NULL for one from the channel's own app, and none."
    ),
    Column("replies", "integer", "Public replies by humans."),
    Column("reopens", "integer", "How often it was reopened before a resolution had lasted for the gap."),
    Column("incoming_messages", "integer", "Public messages from contacts."),
    Column("outgoing_messages", "integer", "Public messages to contacts."),
    Column("open_seconds", "double precision", "Seconds it was open; NULL until it is resolved, or if not known."),
    Column("pending_seconds", "double precision", "The same for pending."),
    Column("snoozed_seconds", "double precision", "The same for snoozed."),
    Column("unassigned_seconds", "double precision", "Seconds it was open and nobody was assigned; NULL if not known."),
    Column("assigned_at", "timestamptz", "When an agent was first assigned in it; NULL if not known, and for never."),
    Column(
        "assignment_to_reply_seconds",
        "double precision",
        "Seconds from assigned_at to its first human reply; NULL if that came before, or for none.",
    ),
    Column(
        "assignment_to_resolution_seconds",
        "double precision",
        "Seconds from assigned_at to resolved_at; NULL while it is open.",
    ),
    Column("resolved_by", "text", "Who resolved it: agent, bot, system or unknown; NULL until it is resolved."),
    Column("rating", "smallint", "The conversation's latest CSAT rating, if it was given in this episode."),
    *FILTERS,
)

RATINGS = (
    Column("conversation_id", "bigint", "The rated conversation."),
    Column("id", "bigint", "Chatwoot's id of the response; the primary key together with the conversation."),
    *PLACE,
    Column("agent_id", "bigint", "The agent who was assigned when it was given; NULL for nobody."),
    Column("rating", "smallint", "The CSAT rating, 1 to 5."),
    Column("rated_at", "timestamptz", "When it was given; NULL if that cannot be read."),
    Column("rated_date", "date", "The day of rated_at, in the reporting time zone."),
    *FILTERS,
    Column("review_notes", "text", "What the team noted about it; NULL before Chatwoot 4.10.", personal=True),
    Column("reviewed_at", "timestamptz", "When the notes were last written; NULL for none."),
    Column("reviewer_id", "bigint", "The agent who wrote them last; NULL if Chatwoot did not keep it."),
)
