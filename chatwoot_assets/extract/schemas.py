"""The shape of an extract's frames: the columns of each dataset, and their types.

Pure functions from frames to frames. Only here it is decided whether a value fits the warehouse: one that does not fit
its type becomes NULL, and is counted.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.extract.columns import DATASET_COLUMNS
from chatwoot_assets.extract.dataset import Dataset

SCHEMAS = {
    dataset: {column.name: column.polars_type for column in columns if column.is_extracted}
    for dataset, columns in DATASET_COLUMNS.items()
}


def conversation_key(dataset: Dataset) -> str:
    """Return the column with the conversation's id, by which the rows of a file are ordered."""
    return "id" if dataset is Dataset.CONVERSATIONS else "conversation_id"


def conform(dataset: Dataset, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame in the dataset's schema; a value that does not fit its type becomes NULL."""
    return frame.select(pl.col(name).cast(dtype, strict=False) for name, dtype in SCHEMAS[dataset].items())


def count_unreadable(dataset: Dataset, raw: pl.DataFrame, conformed: pl.DataFrame) -> int:
    """Return how many values of `conformed` are NULL because they could not be read.

    Args:
        dataset: The dataset.
        raw: The rows as they were read.
        conformed: The same rows after `conform`.
    """
    lost = sum(conformed[name].null_count() - raw[name].null_count() for name in SCHEMAS[dataset])
    never_null = (column.name for column in DATASET_COLUMNS[dataset] if column.is_never_null)
    return lost + sum(raw[name].null_count() for name in never_null)
