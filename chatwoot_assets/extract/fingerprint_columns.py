"""The columns that each fingerprint group's hash covers, and how groups belong to datasets and queries.

The rows of a query may be finer than the rows that are stored: see `normalize.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup

# The conversation's id first, then the row's key, then what Chatwoot holds. What the views derive from these columns
# alone (words for codes, flags, hour, weekday) is left out: hashing it cost as much as the rest.
HASHED_COLUMNS: dict[FingerprintGroup, tuple[str, ...]] = {
    FingerprintGroup.CONVERSATIONS: (
        "id", "display_id", "account_id", "inbox_id", "contact_id", "assignee_id", "team_id", "status_code",
        "priority_code", "created_at", "updated_at", "first_reply_created_at", "waiting_since",
    ),
    FingerprintGroup.NAMES: (
        "id", "contact_name", "contact_email", "contact_phone", "inbox_name", "inbox_type", "inbox_timezone",
        "working_hours", "assignee_name", "account_name", "team_name",
    ),
    FingerprintGroup.LABELS: ("conversation_id", "label"),
    FingerprintGroup.MESSAGES: (
        "conversation_id", "id", "created_at", "message_type_code", "sender_type", "sender_id", "private",
        "content_type_code", "marks", "content",
    ),
    FingerprintGroup.CSAT: ("conversation_id", "id", "rating", "feedback_message", "rated_at"),
    FingerprintGroup.EVENTS: (
        "conversation_id", "id", "account_id", "inbox_id", "user_id", "name", "value", "value_in_business_hours",
        "event_start_time", "event_end_time", "created_at",
    ),
}  # fmt: skip

# The groups with many rows per day, each with the query that reads its rows' versions; see `row_versions.py`.
VERSION_QUERIES = {
    FingerprintGroup.MESSAGES: "message_versions.sql",
    FingerprintGroup.EVENTS: "event_versions.sql",
}


def conversation_column(group: FingerprintGroup) -> str:
    """Return the name of the column that holds the conversation's id."""
    return HASHED_COLUMNS[group][0]


def groups_of(dataset: Dataset) -> list[FingerprintGroup]:
    """Return a dataset's groups, in the order of their totals in its fingerprint."""
    return [group for group in FingerprintGroup if group.dataset is dataset]


def group_by_query(groups: Iterable[FingerprintGroup]) -> list[list[FingerprintGroup]]:
    """Return the groups in lists that are read by one query each."""
    by_file: dict[str, list[FingerprintGroup]] = {}
    for group in groups:
        by_file.setdefault(group.file, []).append(group)
    return list(by_file.values())
