"""Every column of the extracted datasets and of conversas_analytics, declared once.

The Parquet schemas (`schemas.py`), the hashed columns (`fingerprint_columns.py`) and the table's columns
(`warehouse/columns.py`) follow from these declarations. SQL files cannot follow: a test compares the queries in
`sql/extract/` with the declarations, others compare the views and the migrations.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import partial

from chatwoot_assets.columns import Column
from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup


class Origin(Enum):
    """Where a column's values come from."""

    VIEW = "selected from a view by a query in sql/extract/"
    EXTRACT = "computed from selected columns by normalize.py"
    LOAD = "computed from the extracts by conversations/transform.py"


@dataclass(frozen=True, kw_only=True)
class DatasetColumn(Column):
    """A column on its way from Chatwoot's views to conversas_analytics.

    Attributes:
        origin: Where its values come from.
        group: The fingerprint group that hashes it; None if its values follow from hashed columns.
        is_extracted: Whether the dataset's Parquet files have it.
        is_loaded: Whether conversas_analytics has it.
        is_never_null: Whether a NULL means that Chatwoot's value could not be read.
    """

    origin: Origin
    group: FingerprintGroup | None = None
    is_extracted: bool = True
    is_loaded: bool = False
    is_never_null: bool = False


# A column of Chatwoot's conversations; a name that belongs to one of its ids; a value that the view derives from these.
_own = partial(DatasetColumn, origin=Origin.VIEW, group=FingerprintGroup.CONVERSATIONS, is_loaded=True)
_named = partial(DatasetColumn, origin=Origin.VIEW, group=FingerprintGroup.NAMES, is_loaded=True)
_derived = partial(DatasetColumn, origin=Origin.VIEW, is_loaded=True)
# A value that is computed while loading, from messages for example.
_computed = partial(DatasetColumn, origin=Origin.LOAD, is_extracted=False, is_loaded=True)


def _listed(element: str, name: str, group: FingerprintGroup, meaning: str) -> tuple[DatasetColumn, DatasetColumn]:
    """Return the column with one element of a list per row, as it is read, and the column with the whole list."""
    described = f"One of its {meaning}, in a row of its own."
    return (
        DatasetColumn(element, "text", described, origin=Origin.VIEW, group=group, is_extracted=False),
        DatasetColumn(name, "text[]", f"Its {meaning}, sorted; {{}} for none.", origin=Origin.EXTRACT),
    )


# The order within a group is that of its hash: a column that moves makes all days differ. The order of the loaded
# columns is that of the table, where a new column comes last.
_CONVERSATION = (
    # The hash of every group begins with it, so it belongs to none.
    _derived("id", "bigint", "Chatwoot's id of the conversation; the primary key."),
    _own("display_id", "bigint", "The number that people see, counted within an account."),
    _own("account_id", "bigint", "The account."),
    _own("inbox_id", "bigint", "The inbox; it may have been deleted."),
    _own("contact_id", "bigint", "The contact; it may have been deleted, or be NULL.", personal=True),
    _own("assignee_id", "bigint", "The agent it is assigned to now; NULL for nobody."),
    _own("team_id", "bigint", "The team it belongs to now; NULL for none."),
    _derived("status", "text", "open, resolved, pending or snoozed; unknown(n) for a code that is not known."),
    _own("status_code", "smallint", "Chatwoot's code of the status."),
    _derived("priority", "text", "low, medium, high or urgent; NULL for none."),
    _own("priority_code", "smallint", "Chatwoot's code of the priority."),
    _own("created_at", "timestamptz", "When it was created."),
    _own(
        "updated_at",
        "timestamptz",
        "When Chatwoot last marked it as changed; many changes do not.",
        is_never_null=True,
    ),
    _own(
        "first_reply_created_at",
        "timestamptz",
        "When it was first replied to, for first_response_seconds.",
        is_extracted=False,
        is_loaded=False,
    ),
    _own(
        "waiting_since",
        "timestamptz",
        "Since when its contact waits for a reply, by Chatwoot; NULL for no wait.",
        is_loaded=False,
    ),
    _named("contact_name", "text", "The contact's name, as of the extract.", personal=True),
    _named("contact_email", "text", "The contact's e-mail address, as of the extract.", personal=True),
    _named("contact_phone", "text", "The contact's phone number, as of the extract.", personal=True),
    _named("inbox_name", "text", "The inbox's name, as of the extract."),
    _named("inbox_type", "text", "The inbox's channel, such as Channel::Whatsapp."),
    _named("inbox_timezone", "text", "The time zone of the inbox's working hours.", is_loaded=False),
    _named(
        "working_hours",
        "text",
        "JSON, one [weekday, opens, closes] per opening of the inbox; NULL if it has no working hours.",
        is_loaded=False,
    ),
    _named("assignee_name", "text", "The agent's name, as of the extract."),
    _named("account_name", "text", "The account's name, as of the extract.", is_loaded=False),
    _named("team_name", "text", "The team's name, as of the extract.", is_loaded=False),
    *_listed("label", "labels", FingerprintGroup.LABELS, "labels"),
    *_listed("sla", "slas", FingerprintGroup.SLAS, "SLAs as JSON"),
    *_listed("call_values", "calls", FingerprintGroup.CALLS, "calls as JSON"),
    _computed("t_messages", "integer", "Number of messages, private notes and activity included."),
    _computed("client_sender_id", "bigint", "The contact that wrote last; NULL for none.", personal=True),
    _computed("client_phone", "text", "The phone number of the conversation's contact.", personal=True),
)  # fmt: skip

_compared = partial(DatasetColumn, origin=Origin.VIEW, group=FingerprintGroup.CSAT)
_CSAT = (
    DatasetColumn("conversation_id", "bigint", "The rated conversation.", origin=Origin.VIEW),
    DatasetColumn("conversation_created_at", "timestamptz", "When it was created.", origin=Origin.VIEW),
    _compared("id", "bigint", "Chatwoot's id of the response."),
    _compared("rating", "smallint", "The CSAT rating, 1 to 5; of several the latest.", is_loaded=True),
    _compared("feedback_message", "text", "The comment given with that rating.", is_loaded=True, personal=True),
    _compared("rated_at", "timestamptz", "When that rating was given.", is_loaded=True, is_never_null=True),
    _compared("assigned_agent_id", "bigint", "The agent who was assigned when it was given; NULL for nobody."),
    _compared("review_notes", "text", "What the team noted about it; NULL before Chatwoot 4.10.", personal=True),
    _compared("review_notes_updated_at", "timestamptz", "When the notes were last written."),
    _compared("review_notes_updated_by_id", "bigint", "Who wrote them last; NULL if Chatwoot did not keep it."),
    DatasetColumn("csat_responses", "integer", "Number of ratings; 0 for none.", origin=Origin.EXTRACT, is_loaded=True),
)

_CONVERSATION_REST = (
    _derived(
        "first_response_seconds", "double precision", "Seconds from created_at to the first reply; NULL for none."
    ),
    _derived("is_resolved", "boolean", "Whether the status is resolved."),
    _derived("is_assigned", "boolean", "Whether an agent is assigned."),
    _computed("conversation_date", "date", "The day it was created, in the reporting time zone; its partition."),
    _derived("conversation_hour", "smallint", "The hour it was created, 0 to 23, in the reporting time zone."),
    _derived("day_of_week", "smallint", "The weekday it was created, 0 for Sunday, in the reporting time zone."),
    _computed("user_msg_count", "integer", "Number of public messages from agents."),
    _computed("contact_msg_count", "integer", "Number of public messages from contacts."),
    _computed("first_message_at", "timestamptz", "When the first public message was written."),
    _computed("last_message_at", "timestamptz", "When the last public message was written."),
    _computed("duration_seconds", "double precision", "Seconds from the first to the last public message."),
    _computed("extracted_at", "timestamptz", "The instant of the snapshot that the row was read from."),
    _own(
        "custom_attributes",
        "jsonb",
        "The allowed attributes of the conversation; {} for none, null for a value that does not fit its type.",
        personal=True,
    ),
    _named("contact_attributes", "jsonb", "The allowed custom attributes of its contact, likewise.", personal=True),
    _own(
        "status_changed_at",
        "timestamptz",
        "When its present status began; NULL before Chatwoot 4.17, and if it did not change since.",
        is_loaded=False,
    ),
    _own(
        "is_unassigned",
        "boolean",
        "Whether Chatwoot counts it as unassigned: no agent and, since 4.18, no bot owns it.",
        is_loaded=False,
    ),
    _own("is_imported", "boolean", "Whether Chatwoot's import from Intercom or Freshdesk wrote it.", is_loaded=False),
    _own("imported_at", "timestamptz", "When that import wrote it, where Chatwoot keeps that.", is_loaded=False),
    _own("captain_outcomes", "jsonb", "Its engagements of Captain, in order; NULL for none.", is_loaded=False),
    _own(
        "participants",
        "jsonb",
        "The users who take part in it and since when, in order: whom it was assigned to among them; NULL for none.",
        is_loaded=False,
    ),
    _named(
        "inbox_auto_assigns", "boolean", "Whether its inbox assigns conversations automatically now.", is_loaded=False
    ),
)

_sent = partial(DatasetColumn, origin=Origin.VIEW, group=FingerprintGroup.MESSAGES)
_decoded = partial(DatasetColumn, origin=Origin.EXTRACT)
_MESSAGE = (
    DatasetColumn("conversation_id", "bigint", "The conversation.", origin=Origin.VIEW),
    DatasetColumn("conversation_created_at", "timestamptz", "When it was created.", origin=Origin.VIEW),
    _sent("id", "bigint", "Chatwoot's id of the message."),
    _sent("created_at", "timestamptz", "When it was written.", is_never_null=True),
    _sent("message_type_code", "integer", "Chatwoot's code of the type.", is_extracted=False),
    _decoded("message_type", "text", "incoming, outgoing, activity or template; unknown(n) for an unknown code."),
    _decoded(
        "content_type", "text", "What the content is, such as text or input_csat; unknown(n) for an unknown code."
    ),
    _sent("sender_type", "text", "What sent it, such as Contact or User; NULL for nobody."),
    _sent("sender_id", "bigint", "The id of that contact or user.", personal=True),
    _sent("private", "boolean", "Whether it is a private note."),
    _decoded("deleted", "boolean", "Whether its content was deleted; NULL if that cannot be read.", is_never_null=True),
    _decoded("automated", "boolean", "Whether an automation rule sent it."),
    _decoded("external_echo", "boolean", "Whether it was written in the channel's own app."),
    _decoded("campaign", "boolean", "Whether it belongs to a campaign."),
    _decoded("reaction", "boolean", "Whether it is a reaction to another message, such as a thumb."),
    _sent("content_type_code", "integer", "Chatwoot's code of the content type.", is_extracted=False),
    _sent(
        "marks",
        "smallint",
        "Sum of 1 deleted, 2 unknown whether deleted, 4 automated, 8 external echo, 16 campaign, 32 reaction.",
        is_extracted=False,
    ),
    _sent("content", "text", "What was written.", personal=True),
)

_noted = partial(DatasetColumn, origin=Origin.VIEW, group=FingerprintGroup.EVENTS)
_EVENT = (
    DatasetColumn("conversation_id", "bigint", "The conversation.", origin=Origin.VIEW),
    DatasetColumn("conversation_created_at", "timestamptz", "When it was created.", origin=Origin.VIEW),
    _noted("id", "bigint", "Chatwoot's id of the event."),
    _noted("account_id", "bigint", "The account, as the event has it."),
    _noted("inbox_id", "bigint", "The inbox, as the event has it."),
    _noted("user_id", "bigint", "The agent, as the event has it; NULL for none."),
    _noted("name", "text", "What happened, in Chatwoot's word, such as first_response."),
    _noted("value", "double precision", "Seconds, as Chatwoot computed them."),
    _noted("value_in_business_hours", "double precision", "The same within working hours."),
    _noted("event_start_time", "timestamptz", "When it began."),
    _noted("event_end_time", "timestamptz", "When it ended."),
    _noted("created_at", "timestamptz", "When Chatwoot recorded it.", is_never_null=True),
)

# They show which conversations of a day changed, without reading the day's rows; see conversation_changes.py.
CONVERSATION_FINGERPRINTS = {
    group: DatasetColumn(
        f"{group.name.lower()}_fingerprint",
        "bigint",
        f"Sum of the hashes of the conversation's rows in the fingerprint group {group.name.lower()}.",
        origin=Origin.EXTRACT,
    )
    for group in FingerprintGroup
}

DATASET_COLUMNS = {
    Dataset.CONVERSATIONS: (*_CONVERSATION, *_CONVERSATION_REST, *CONVERSATION_FINGERPRINTS.values()),
    Dataset.MESSAGES: _MESSAGE,
    Dataset.CSAT: _CSAT,
    Dataset.EVENTS: _EVENT,
}

# The columns of conversas_analytics, in the table's order.
LOADED_COLUMNS = tuple(column for column in (*_CONVERSATION, *_CSAT, *_CONVERSATION_REST) if column.is_loaded)
