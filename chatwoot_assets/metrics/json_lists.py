"""Read lists that the extract keeps as JSON, such as the SLAs and calls of conversations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from chatwoot_assets.columns import PolarsType

# How PostgreSQL writes a timestamp in JSON.
TIMESTAMP_FORMAT = "%Y-%m-%dT%H:%M:%S%.f"


def explode_json(
    conversations: pl.DataFrame, column: str, types: Mapping[str, PolarsType], instants: Sequence[str], id_name: str
) -> pl.DataFrame:
    """Return one row per value in a list of JSON, with the columns of its conversation.

    Args:
        conversations: Extracted conversations; their id becomes conversation_id.
        column: The column with the lists.
        types: What each value holds besides its id and instants. No conversation has a column of these names.
        instants: The timestamps that each value holds; they become naive UTC.
        id_name: What the value's id is called in the rows.
    """
    value = pl.Struct({"id": pl.Int64, **types, **dict.fromkeys(instants, pl.String)})
    return (
        conversations.rename({"id": "conversation_id"})
        .explode(column)
        .filter(pl.col(column).is_not_null())
        .with_columns(pl.col(column).str.json_decode(value))
        .unnest(column)
        .rename({"id": id_name})
        .with_columns(pl.col(list(instants)).str.to_datetime(TIMESTAMP_FORMAT, time_unit="us"))
    )
