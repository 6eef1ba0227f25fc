"""The columns that each fingerprint group's hash covers, and the queries that read several groups at once.

Which column belongs to which group is declared in `columns.py`. The rows of a query may be finer than those that are
stored: see `normalize.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from chatwoot_assets.extract.columns import DATASET_COLUMNS
from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup

# The conversation's id, then the columns of Chatwoot that the group compares. What the views derive from these alone
# (words for codes, flags, hour, weekday) is left out: hashing it cost as much as the rest.
HASHED_COLUMNS: dict[FingerprintGroup, tuple[str, ...]] = {
    group: (
        group.conversation_column,
        *(column.name for column in DATASET_COLUMNS[group.dataset] if column.group is group),
    )
    for group in FingerprintGroup
}

# The groups that cost most to hash, each with the query for what shows that its rows are the same; see `blocks.py`.
VERSION_QUERIES = {
    FingerprintGroup.NAMES: "name_versions.sql",
    FingerprintGroup.MESSAGES: "message_versions.sql",
    FingerprintGroup.EVENTS: "event_versions.sql",
}


def groups_of(dataset: Dataset) -> list[FingerprintGroup]:
    """Return a dataset's groups, in the order of their totals in its fingerprint."""
    return [group for group in FingerprintGroup if group.dataset is dataset]


def group_by_query(groups: Iterable[FingerprintGroup]) -> list[list[FingerprintGroup]]:
    """Return the groups in lists that are read by one query each."""
    by_file: dict[str, list[FingerprintGroup]] = {}
    for group in groups:
        by_file.setdefault(group.file, []).append(group)
    return list(by_file.values())
