"""What is read of Chatwoot, and compared with it: each kind of row's readings.

A reading is what is compared at once, by a hash of its own: some columns of a query's rows. Whoever compares asks
for those that are worth their cost, and the server does only what these need. A kind has a reading of its own name;
conversations' by that they are found. The rows of a query may be finer than those that are kept: see `gathered.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from chatwoot_assets.extract.schemas import CONVERSATIONS, CSAT, EVENTS, MESSAGES

NAMES = "names"
LABELS = "labels"


@dataclass(frozen=True)
class FingerprintGroup:
    """Some columns of a kind's rows.

    Attributes:
        kind: the kind of row.
        file: the query below `sql/extract/`; readings of one file are read by one query.
        day_column: the column whose day is the row's partition.
        hashed: what its hash covers: the conversation's id first, the row's key, what Chatwoot holds. What views make
            of it by their definition alone (words for codes, flags, hour, weekday) is left out: it cost as much as the
            rest.
    """

    kind: str
    file: str
    day_column: str
    hashed: tuple[str, ...]

    @property
    def conversation(self) -> str:
        """The column that holds the conversation's id."""
        return self.hashed[0]


FINGERPRINT_GROUPS = {
    CONVERSATIONS: FingerprintGroup(CONVERSATIONS, "conversations.sql", "created_at", (
        "id", "display_id", "account_id", "inbox_id", "contact_id", "assignee_id", "team_id", "status_code",
        "priority_code", "created_at", "updated_at", "first_reply_created_at", "waiting_since",
    )),
    # Apart from the conversations' own columns: without them the server has nothing to join.
    NAMES: FingerprintGroup(CONVERSATIONS, "conversations.sql", "created_at", (
        "id", "contact_name", "contact_email", "contact_phone", "inbox_name", "inbox_type", "inbox_timezone",
        "working_hours", "assignee_name", "account_name", "team_name",
    )),
    LABELS: FingerprintGroup(CONVERSATIONS, "labels.sql", "conversation_created_at", ("conversation_id", "label")),
    MESSAGES: FingerprintGroup(MESSAGES, "messages.sql", "conversation_created_at", (
        "conversation_id", "id", "created_at", "message_type_code", "sender_type", "sender_id", "private",
        "content_type_code", "marks", "content",
    )),
    CSAT: FingerprintGroup(CSAT, "csat.sql", "conversation_created_at", (
        "conversation_id", "id", "rating", "feedback_message", "rated_at",
    )),
    EVENTS: FingerprintGroup(EVENTS, "events.sql", "conversation_created_at", (
        "conversation_id", "id", "account_id", "inbox_id", "user_id", "name", "value", "value_in_business_hours",
        "event_start_time", "event_end_time", "created_at",
    )),
}  # fmt: skip
# Of the readings that are made of many rows, the query of their rows' versions; see `row_versions.py`.
VERSIONS = {MESSAGES: "message_versions.sql", EVENTS: "event_versions.sql"}


def groups_of(kind: str) -> list[str]:
    """Return the readings of a kind of row, in the order in which they are in its fingerprint."""
    return [name for name, reading in FINGERPRINT_GROUPS.items() if reading.kind == kind]


def group_by_query(readings: list[str]) -> list[list[str]]:
    """Return the readings in groups that one query each reads."""
    files = dict.fromkeys(FINGERPRINT_GROUPS[reading].file for reading in readings)
    return [[reading for reading in readings if FINGERPRINT_GROUPS[reading].file == file] for file in files]
