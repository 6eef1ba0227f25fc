"""The columns of the metrics tables of sums."""

from __future__ import annotations

from functools import partial

from chatwoot_assets.columns import Column
from chatwoot_assets.metrics.shared_columns import ACCOUNT, CONVERSATION_DATE, INBOX

_count = partial(Column, type="bigint")
_seconds = partial(Column, type="double precision")

# In tables of sums, where they are part of the primary key.
SUMMED_TEAM = Column("team_id", "bigint", "The team the conversation belongs to now; 0 for none.")

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
    _count("episodes_started", description="Episodes that began."),
    _count("episodes_resolved", description="Episodes, dated by their last resolution."),
    _seconds("sum_resolution_seconds", description="The seconds from their start to that resolution."),
    _count(
        "resolution_count", description="How many of them count in these seconds: none that ended before its start."
    ),
    _seconds("sum_resolution_business_seconds", description="The same seconds within working hours."),
    _count("business_resolution_count", description="How many of these were in inboxes with working hours."),
    _count("incoming_all", description="Messages of type incoming, as Chatwoot counts them."),
    _count("outgoing_all", description="Messages of type outgoing, including private notes, as Chatwoot counts them."),
    _count("first_response_targets_met", description="Targets of first responses that were met, dated by the reply."),
    _count(
        "first_response_targets_missed", description="Those that were missed, dated by the late reply or resolution."
    ),
    _count("next_reply_targets_met", description="The same for later replies: met."),
    _count("next_reply_targets_missed", description="The same for later replies: missed."),
    _count("resolution_targets_met", description="Targets of resolutions that were met, dated by the resolution."),
    _count("resolution_targets_missed", description="Those that were missed, dated by the late resolution."),
)


def daily(group: Column) -> tuple[Column, ...]:
    """Return the columns of the table of daily sums by `group`."""
    event_date = Column("event_date", "date", "The day it happened, in the reporting time zone.")
    return (CONVERSATION_DATE, event_date, ACCOUNT, group, *_DAILY_SUMS)


BACKLOG_CHANGES = (
    CONVERSATION_DATE,
    Column("change_date", "date", "The day at whose end the change counts, in the reporting time zone."),
    ACCOUNT,
    INBOX,
    SUMMED_TEAM,
    Column("agent_id", "bigint", "The agent it is assigned to now; 0 for nobody."),
    _count("open", description="Open conversations: how many more than at the end of the previous day."),
    _count("pending", description="The same for pending conversations."),
    _count("snoozed", description="The same for snoozed conversations."),
    _count("unassigned", description="The same for open conversations that nobody is assigned to."),
    _count("unattended", description="The same for open conversations that wait for a reply, as Chatwoot counts them."),
)

HOURLY_MESSAGES = (
    CONVERSATION_DATE,
    Column("message_date", "date", "The day the messages were written, in the reporting time zone."),
    Column("hour", "smallint", "The hour, 0 to 23, in the reporting time zone."),
    ACCOUNT,
    INBOX,
    SUMMED_TEAM,
    Column("agent_id", "bigint", "The agent who wrote them; 0 for everybody else."),
    _count("incoming", description="Public messages from contacts."),
    _count("outgoing", description="Public messages to contacts."),
    _count("incoming_all", description="Messages of type incoming, as Chatwoot counts them."),
    _count("outgoing_all", description="Messages of type outgoing, including private notes, as Chatwoot counts them."),
    _count("surveys", description="Messages that ask for a rating, as Chatwoot counts them."),
)
