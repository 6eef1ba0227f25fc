"""The datasets of an extract, and the groups of their columns that are compared with the source.

A dataset is one set of rows that is read per day, stored as one Parquet file per day, and shown as one Dagster
asset. Its columns are declared in `columns.py`.
"""

from __future__ import annotations

from enum import Enum


class Dataset(Enum):
    """A set of extracted rows; its value is the name of its asset and of its directory."""

    CONVERSATIONS = "extract_conversations"
    MESSAGES = "extract_messages"
    CSAT = "extract_csat"
    EVENTS = "extract_reporting_events"


class FingerprintGroup(Enum):
    """Columns of a dataset that are hashed together, so that they can be compared without the others.

    The server computes only what the compared groups need: without the names, for example, it has nothing to join.
    A dataset's fingerprint has one total per group, in the order of the groups here.

    Attributes:
        key: Its name in SQL: part of a column alias, and of a key in conversation_block.
        dataset: The dataset that the columns belong to.
        file: The query in `sql/extract/`; groups with the same file are read by one query.
        conversation_column: The column with the conversation's id.
        day_column: The column whose day is the row's partition.
    """

    CONVERSATIONS = ("extract_conversations", Dataset.CONVERSATIONS, "conversations.sql")
    NAMES = ("names", Dataset.CONVERSATIONS, "conversations.sql")
    LABELS = ("labels", Dataset.CONVERSATIONS, "labels.sql")
    SLAS = ("slas", Dataset.CONVERSATIONS, "slas.sql")
    CALLS = ("calls", Dataset.CONVERSATIONS, "calls.sql")
    MESSAGES = ("extract_messages", Dataset.MESSAGES, "messages.sql")
    CSAT = ("extract_csat", Dataset.CSAT, "csat.sql")
    EVENTS = ("extract_reporting_events", Dataset.EVENTS, "events.sql")

    def __init__(self, key: str, dataset: Dataset, file: str) -> None:
        self.key = key
        self.dataset = dataset
        self.file = file
        is_per_conversation = file == "conversations.sql"
        self.conversation_column = "id" if is_per_conversation else "conversation_id"
        self.day_column = "created_at" if is_per_conversation else "conversation_created_at"
