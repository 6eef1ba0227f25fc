"""Search the files of the extracts for a contact or a conversation.

Every file that exists is read, not only those of partitions: a day that is no longer a partition still has a file, and
a run that was killed may have left an unfinished one. A file that cannot be read, or does not have its checksum, is
reported, because it may contain anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from chatwoot_assets.erasure.subject import (
    CONVERSATIONS_KIND,
    EVENTS_KIND,
    MESSAGES_KIND,
    RATINGS_KIND,
    Found,
    Subject,
    add_up,
)
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.object_store import list_objects
from chatwoot_assets.extract.parquet_file import DamagedFileError, read_content
from chatwoot_assets.extract.schemas import SCHEMAS
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.progress import Progress, Report

_KINDS = {
    Dataset.CONVERSATIONS: CONVERSATIONS_KIND,
    Dataset.MESSAGES: MESSAGES_KIND,
    Dataset.CSAT: RATINGS_KIND,
    Dataset.EVENTS: EVENTS_KIND,
}
_KEYS = {
    Dataset.CONVERSATIONS: ("id", "contact_id"),
    Dataset.MESSAGES: ("conversation_id", "sender_type", "sender_id"),
    Dataset.CSAT: ("conversation_id",),
    Dataset.EVENTS: ("conversation_id",),
}


@dataclass
class FileSearch:
    """The result of a search.

    Attributes:
        found: The rows that belong to the subject.
        files: The number of Parquet files that were read.
        unreadable: The paths of files that could not be read, or do not have their checksum.
        unfinished: The paths of files that are not ours, or that a run did not finish.
    """

    found: list[Found] = field(default_factory=list)
    files: int = 0
    unreadable: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)


def find_in_files(store: ExtractStore, subject: Subject, report: Report) -> FileSearch:
    """Return the rows of all files that belong to the subject, and the files that cannot be read.

    Raises:
        ExtractError: The object store cannot be used.
    """
    result = FileSearch()
    rows: list[tuple[str, str, int]] = []
    # Conversations come first: the files of messages, ratings and events do not name the contact of a conversation.
    conversations = {subject.id} if subject.kind == "conversation" else set()
    paths = {dataset: _list_files(store, dataset) for dataset in Dataset}
    total = sum(map(len, paths.values()))
    done = read = 0
    for dataset in Dataset:
        for path in paths[dataset]:
            done += 1
            if not path.endswith(".parquet"):
                result.unfinished.append(path)
                continue
            try:
                row_count, ids, matching = _search(dataset, path, _belongs_to(dataset, subject, conversations))
            except (DamagedFileError, OSError, PolarsError):
                result.unreadable.append(path)
                continue
            result.files += 1
            read += row_count
            if matching:
                rows.append((_KINDS[dataset], Path(path).stem, matching))
            if dataset is Dataset.CONVERSATIONS:
                conversations.update(ids)
            report(Progress("the files", done, total, "files", read))
    result.found = add_up(rows)
    return result


def _list_files(store: ExtractStore, dataset: Dataset) -> list[str]:
    """Return the paths of everything in a dataset's directory, in order."""
    directory = store.path_pattern(dataset).rpartition("/")[0]
    if not store.is_local:
        return list_objects(directory)
    return [str(path) for path in sorted(Path(directory).rglob("*")) if not path.is_dir()]


def _search(dataset: Dataset, path: str, condition: pl.Expr) -> tuple[int, list[int], int]:
    """Return a file's number of rows, and the conversations and the number of the rows that match."""
    scan = pl.scan_parquet(
        read_content(path),
        # The rows themselves are searched, not the file's statistics about them.
        use_statistics=False,
        schema={name: SCHEMAS[dataset][name] for name in _KEYS[dataset]},
        extra_columns="ignore",
    )
    ids = pl.col(_KEYS[dataset][0]).filter(condition)
    rows, found, matching = scan.select(pl.len(), ids.implode().alias("ids"), condition.sum()).collect().row(0)
    return rows, found, matching


def _belongs_to(dataset: Dataset, subject: Subject, conversations: set[int]) -> pl.Expr:
    """Return the condition that a row belongs to the subject; it is never NULL."""
    if dataset is Dataset.CONVERSATIONS:
        column = "id" if subject.kind == "conversation" else "contact_id"
        condition = pl.col(column) == subject.id
    else:
        condition = pl.col("conversation_id").is_in(sorted(conversations))
        if dataset is Dataset.MESSAGES and subject.kind == "contact":
            condition |= (pl.col("sender_type") == "Contact") & (pl.col("sender_id") == subject.id)
    return condition.fill_null(value=False).alias("matching")
