"""Searching the files of the extracts for a contact or a conversation.

Every file that exists is read, not only those of partitions: a day that is no longer a partition still has a file, and
a run that was killed may have left an unfinished one. A file that cannot be read is reported, because it may contain
anything.
"""

from __future__ import annotations

from collections.abc import Iterator
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
        files: The number of Parquet files that were read; on an object store, of those that are not empty.
        unreadable: The paths, or patterns of paths, of files that could not be read.
        unfinished: The paths of files that are not ours, or that a run did not finish.
    """

    found: list[Found] = field(default_factory=list)
    files: int = 0
    unreadable: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)


def find_in_files(store: ExtractStore, subject: Subject, report: Report) -> FileSearch:
    """Return the rows of all files that belong to the subject, and the files that cannot be read."""
    result = FileSearch()
    rows: list[tuple[str, str, int]] = []
    # Conversations come first: the files of messages, ratings and events do not name the contact of a conversation.
    conversations = {subject.id} if subject.kind == "conversation" else set()
    is_remote = "://" in store.url
    paths = {
        dataset: [store.path_pattern(dataset)] if is_remote else list(_list_files(store, dataset))
        for dataset in Dataset
    }
    total = sum(map(len, paths.values()))
    done = read = 0
    for dataset in Dataset:
        for path in paths[dataset]:
            done += 1
            if not path.endswith(".parquet"):
                result.unfinished.append(path)
                continue
            try:
                frame = _search(dataset, path, is_remote, _belongs_to(dataset, subject, conversations))
            except (OSError, PolarsError):
                result.unreadable.append(path)
                continue
            result.files += frame.height
            for file, row_count, ids, matching in frame.iter_rows():
                read += row_count
                if matching:
                    rows.append((_KINDS[dataset], Path(file).stem, matching))
                if dataset is Dataset.CONVERSATIONS:
                    conversations.update(ids)
            report(Progress("the files", done, total, "files", read))
    result.found = add_up(rows)
    return result


def _list_files(store: ExtractStore, dataset: Dataset) -> Iterator[str]:
    """Yield the paths of everything in a dataset's directory, in order."""
    directory = Path(store.path_pattern(dataset)).parent
    if directory.is_dir():
        yield from (str(path) for path in sorted(directory.rglob("*")) if not path.is_dir())


def _search(dataset: Dataset, path: str, is_pattern: bool, condition: pl.Expr) -> pl.DataFrame:
    """Return a row per file: its path, its number of rows, and the conversations and number of matching rows."""
    scan = pl.scan_parquet(
        path,
        glob=is_pattern,
        # The rows themselves are searched, not the file's statistics about them.
        use_statistics=False,
        # With a schema, a pattern that matches no file is not an error.
        schema={name: SCHEMAS[dataset][name] for name in _KEYS[dataset]},
        extra_columns="ignore",
        include_file_paths="file",
    )
    columns = (pl.len().alias("rows"), pl.col(_KEYS[dataset][0]).filter(condition).alias("ids"), condition.sum())
    if is_pattern:
        return scan.group_by("file").agg(columns).collect()
    # A file without rows still gives a row.
    rows, ids, matching = columns
    return scan.select(pl.lit(path).alias("file"), rows, ids.implode(), matching).collect()


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
