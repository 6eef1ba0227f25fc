"""The datasets of an extract, and the groups of their columns that are compared with the source.

A dataset is one set of rows that is read per day, stored as one Parquet file per day, and shown as one Dagster
asset. Which columns it has is in `schemas.py`; which of them a fingerprint covers is in `fingerprint_columns.py`.
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
    A dataset's fingerprint consists of its groups' totals in the order of their definition here.

    Attributes:
        key: the group's name in SQL: part of a column alias, and the key of stored row versions.
        dataset: the dataset that the columns belong to.
        file: the query below `sql/extract/`; groups with the same file are read by one query.
        day_column: the column whose day is the row's partition.
    """

    CONVERSATIONS = ("extract_conversations", Dataset.CONVERSATIONS, "conversations.sql", "created_at")
    NAMES = ("names", Dataset.CONVERSATIONS, "conversations.sql", "created_at")
    LABELS = ("labels", Dataset.CONVERSATIONS, "labels.sql", "conversation_created_at")
    MESSAGES = ("extract_messages", Dataset.MESSAGES, "messages.sql", "conversation_created_at")
    CSAT = ("extract_csat", Dataset.CSAT, "csat.sql", "conversation_created_at")
    EVENTS = ("extract_reporting_events", Dataset.EVENTS, "events.sql", "conversation_created_at")

    def __init__(self, key: str, dataset: Dataset, file: str, day_column: str) -> None:
        self.key = key
        self.dataset = dataset
        self.file = file
        self.day_column = day_column
