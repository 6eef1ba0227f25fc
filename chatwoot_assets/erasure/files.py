"""What is left of a contact or a conversation in the extracts' files: every file that is there is read.

Not the files of the partitions, but what a listing shows: a day that is no partition any more still has its
file, and a run that was killed its unfinished one. A file that cannot be read is named: nobody knows what
is in it.
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
class InFiles:
    """What the files hold of the subject.

    Attributes:
        found: the rows.
        files: how many Parquet files were read; of an object store, those that are not empty.
        unreadable: the paths of files, or patterns of them, that could not be read.
        unfinished: the paths of files that are none of ours, or that a run did not finish.
    """

    found: list[Found] = field(default_factory=list)
    files: int = 0
    unreadable: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)


def find_in_files(store: ExtractStore, subject: Subject, report: Report) -> InFiles:
    """Return the rows of all files that belong to the subject, and the files that cannot be read."""
    result = InFiles()
    rows: list[tuple[str, str, int]] = []
    # Conversations come first: whose a message or a rating is, its file does not say.
    conversations = {subject.id} if subject.kind == "conversation" else set()
    is_remote = "://" in store.url
    paths = {
        dataset: [store.path_pattern(dataset)] if is_remote else list(_files(store, dataset)) for dataset in Dataset
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
                frame = _matching(dataset, path, is_remote, _is_of(dataset, subject, conversations))
            except (OSError, PolarsError):
                result.unreadable.append(path)
                continue
            result.files += frame.height
            for file, of_file, ids, matching in frame.iter_rows():
                read += of_file
                if matching:
                    rows.append((_KINDS[dataset], Path(file).stem, matching))
                if dataset is Dataset.CONVERSATIONS:
                    conversations.update(ids)
            report(Progress("the files", done, total, "files", read))
    result.found = add_up(rows)
    return result


def _files(store: ExtractStore, dataset: Dataset) -> Iterator[str]:
    """Yield the paths of everything in a dataset's directory, in order."""
    directory = Path(store.path_pattern(dataset)).parent
    if directory.is_dir():
        yield from (str(path) for path in sorted(directory.rglob("*")) if not path.is_dir())


def _matching(dataset: Dataset, path: str, is_pattern: bool, condition: pl.Expr) -> pl.DataFrame:
    """Return of each file that is named: its path, its rows, the matching ones' conversations and number."""
    scan = pl.scan_parquet(
        path,
        glob=is_pattern,
        # A file is searched by what is in it, never by what its statistics say.
        use_statistics=False,
        # So that a pattern without a file is none, and not an error.
        schema={name: SCHEMAS[dataset][name] for name in _KEYS[dataset]},
        extra_columns="ignore",
        include_file_paths="file",
    )
    columns = (pl.len().alias("rows"), pl.col(_KEYS[dataset][0]).filter(condition).alias("ids"), condition.sum())
    if is_pattern:
        return scan.group_by("file").agg(columns).collect()
    # A file without rows is one nevertheless.
    rows, ids, matching = columns
    return scan.select(pl.lit(path).alias("file"), rows, ids.implode(), matching).collect()


def _is_of(dataset: Dataset, subject: Subject, conversations: set[int]) -> pl.Expr:
    """Return whether a row is the subject's, as a condition that is never NULL."""
    if dataset is Dataset.CONVERSATIONS:
        column = "id" if subject.kind == "conversation" else "contact_id"
        condition = pl.col(column) == subject.id
    else:
        condition = pl.col("conversation_id").is_in(sorted(conversations))
        if dataset is Dataset.MESSAGES and subject.kind == "contact":
            condition |= (pl.col("sender_type") == "Contact") & (pl.col("sender_id") == subject.id)
    return condition.fill_null(value=False).alias("matching")
