"""The columns of the metrics tables, declared once: COPY, Dagster's column schemas and `docs/tables.md` follow.

The tables are created by `sql/warehouse/migrations/`; a test compares both. What a metric counts, to which day it
belongs and what Chatwoot's own report does differently is in `docs/metrics.md`.
"""

from __future__ import annotations

from functools import partial

from chatwoot_assets.columns import Column, by_name

_count = partial(Column, type="bigint")
_seconds = partial(Column, type="double precision")

_CONVERSATION_DATE = Column(
    "conversation_date", "date", "The day the conversation was created, in the reporting time zone; its partition."
)
_ACCOUNT = Column("account_id", "bigint", "The account.")
_INBOX = Column("inbox_id", "bigint", "The inbox; it may have been deleted.")
_TEAM = Column("team_id", "bigint", "The team the conversation belongs to now; NULL for none.")
_ASSIGNEE = Column("assignee_id", "bigint", "The agent it is assigned to now; NULL for nobody.")
# In tables of sums, where they are part of the primary key.
_SUMMED_TEAM = Column("team_id", "bigint", "The team the conversation belongs to now; 0 for none.")

# What conversations are filtered by, in tables with several rows per conversation. The values are current ones: when
# they change, all rows of the conversation's day are replaced.
_FILTERS = (
    Column("status", "text", "The conversation's status now."),
    Column("labels", "text[]", "The conversation's labels now, sorted; {} for none."),
)

_RESPONSE_INTERVALS = (
    Column("conversation_id", "bigint", "Chatwoot's id of the conversation; with interval_number the primary key."),
    Column("interval_number", "integer", "The number of the interval in its conversation, from 1."),
    _CONVERSATION_DATE,
    _ACCOUNT,
    _INBOX,
    _TEAM,
    _ASSIGNEE,
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
    *_FILTERS,
)

_RESOLUTIONS = (
    Column("conversation_id", "bigint", "Chatwoot's id of the conversation; with resolution_number the primary key."),
    Column("resolution_number", "integer", "The number of the resolution in its conversation, from 1."),
    _CONVERSATION_DATE,
    _ACCOUNT,
    _INBOX,
    _TEAM,
    _ASSIGNEE,
    Column("agent_id", "bigint", "Who was assigned when it was resolved; the agent assigned now if no event is left."),
    Column("resolved_at", "timestamptz", "When it was resolved."),
    Column("resolved_date", "date", "The day of resolved_at, in the reporting time zone."),
    Column("seconds", "double precision", "Seconds from the conversation's creation to resolved_at."),
    Column("business_seconds", "double precision", "The same within working hours; NULL if the inbox has none."),
    Column("reopened_at", "timestamptz", "When it was next reopened; NULL if it was not."),
    Column("reopened_date", "date", "The day of reopened_at, in the reporting time zone."),
    *_FILTERS,
)

_CONVERSATION_FACTS = (
    Column("conversation_id", "bigint", "Chatwoot's id of the conversation; the primary key."),
    _CONVERSATION_DATE,
    _ACCOUNT,
    _INBOX,
    _TEAM,
    _ASSIGNEE,
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
    Column("bot_resolved", "boolean", "Whether a bot resolved it, by Chatwoot's own rule."),
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
)

_CONVERSATION_EVENTS = (
    Column("id", "bigint", "Chatwoot's id of the event; with conversation_id the primary key."),
    Column("conversation_id", "bigint", "The conversation."),
    _CONVERSATION_DATE,
    Column("account_id", "bigint", "The account, as the event has it."),
    Column("inbox_id", "bigint", "The inbox, as the event has it."),
    Column("user_id", "bigint", "The agent, as the event has it; NULL for none."),
    _TEAM,
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

_DAILY_SUMS = (
    _count("created", description="Conversations that were created."),
    _count("resolved", description="Resolutions, each counted once."),
    _count("reopened", description="Openings after a resolution."),
    _count("incoming_messages", description="Public messages from contacts."),
    _count("outgoing_messages", description="Public messages to contacts."),
    _count("private_notes", description="Private notes."),
    _count("human_replies", description="Public replies by humans."),
    _count("responses", description="Waits of contacts that a human ended on the day."),
    _seconds("sum_response_seconds", description="The seconds of these waits."),
    _count("business_responses", description="How many of these waits were in inboxes with working hours."),
    _seconds("sum_response_business_seconds", description="The seconds of these within working hours."),
    _count("first_responses", description="First human replies to a waiting contact."),
    _seconds("sum_first_response_seconds", description="The seconds that these contacts waited."),
    _count("business_first_responses", description="How many of these replies were in inboxes with working hours."),
    _seconds("sum_first_response_business_seconds", description="The seconds of these waits within working hours."),
    _count("csat_offered", description="Surveys sent."),
    _count("csat_answered", description="Conversations rated, dated by their latest rating."),
    _count("sum_rating", description="The sum of these ratings."),
    _count("satisfied", description="How many of these ratings are 4 or 5."),
)


def _daily(group: Column) -> tuple[Column, ...]:
    """Return the columns of the table of daily sums by `group`."""
    event_date = Column("event_date", "date", "The day it happened, in the reporting time zone.")
    return (_CONVERSATION_DATE, event_date, _ACCOUNT, group, *_DAILY_SUMS)


_BACKLOG_CHANGES = (
    _CONVERSATION_DATE,
    Column("change_date", "date", "The day at whose end the change counts, in the reporting time zone."),
    _ACCOUNT,
    _INBOX,
    _SUMMED_TEAM,
    Column("agent_id", "bigint", "The agent it is assigned to now; 0 for nobody."),
    _count("open", description="Open conversations: how many more than at the end of the previous day."),
    _count("pending", description="The same for pending conversations."),
    _count("snoozed", description="The same for snoozed conversations."),
    _count("unassigned", description="The same for open conversations that nobody is assigned to."),
    _count("unattended", description="The same for open conversations that wait for a reply, as Chatwoot counts them."),
)

_HOURLY_MESSAGES = (
    _CONVERSATION_DATE,
    Column("message_date", "date", "The day the messages were written, in the reporting time zone."),
    Column("hour", "smallint", "The hour, 0 to 23, in the reporting time zone."),
    _ACCOUNT,
    _INBOX,
    _SUMMED_TEAM,
    Column("agent_id", "bigint", "The agent who wrote them; 0 for everybody else."),
    _count("incoming", description="Public messages from contacts."),
    _count("outgoing", description="Public messages to contacts."),
    _count("incoming_all", description="Messages of type incoming, as Chatwoot counts them."),
    _count("outgoing_all", description="Messages of type outgoing, including private notes, as Chatwoot counts them."),
)

_EPISODES = (
    Column("conversation_id", "bigint", "Chatwoot's id of the conversation; with episode_number the primary key."),
    Column("episode_number", "integer", "The number of the episode in its conversation, from 1."),
    _CONVERSATION_DATE,
    _ACCOUNT,
    _INBOX,
    Column("contact_id", "bigint", "The contact; it may have been deleted, or be NULL.", personal=True),
    _TEAM,
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
    Column("resolved_by", "text", "Who resolved it: agent, bot, system or unknown; NULL until it is resolved."),
    Column("rating", "smallint", "The conversation's latest CSAT rating, if it was given in this episode."),
    *_FILTERS,
)

TABLES: dict[str, dict[str, Column]] = {
    "response_intervals": by_name(_RESPONSE_INTERVALS),
    "resolutions": by_name(_RESOLUTIONS),
    "conversation_facts": by_name(_CONVERSATION_FACTS),
    "conversation_events": by_name(_CONVERSATION_EVENTS),
    "daily_by_agent": by_name(
        _daily(Column("agent_id", "bigint", "The agent, as docs/metrics.md says; 0 for nobody."))
    ),
    "daily_by_inbox": by_name(_daily(Column("inbox_id", "bigint", "The inbox."))),
    "daily_by_team": by_name(_daily(_SUMMED_TEAM)),
    "daily_by_label": by_name(
        _daily(Column("label", "text", "A label; '' stands for every conversation once, with or without labels."))
    ),
    "backlog_changes": by_name(_BACKLOG_CHANGES),
    "hourly_messages": by_name(_HOURLY_MESSAGES),
}

# The primary keys of the tables of sums: the parts of a large day are added up by them. The other tables have a row
# for each single thing.
SUMMED: dict[str, list[str]] = {
    "daily_by_agent": ["conversation_date", "event_date", "account_id", "agent_id"],
    "daily_by_inbox": ["conversation_date", "event_date", "account_id", "inbox_id"],
    "daily_by_team": ["conversation_date", "event_date", "account_id", "team_id"],
    "daily_by_label": ["conversation_date", "event_date", "account_id", "label"],
    "backlog_changes": ["conversation_date", "change_date", "account_id", "inbox_id", "team_id", "agent_id"],
    "hourly_messages": ["conversation_date", "message_date", "hour", "account_id", "inbox_id", "team_id", "agent_id"],
}

# The table episodes. It is computed by `episodes.py` and not yet created, loaded or documented with the others.
EPISODES: dict[str, Column] = by_name(_EPISODES)
