"""Check that the rows of a view equal the product's rows of the same conversations.

It compares the columns that both have, per conversation, and every message: id, time, sender, private flag and text.
The product's words for codes are converted back to codes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import polars as pl

_MESSAGE_TYPES = {"incoming": 0, "outgoing": 1, "activity": 2, "template": 3}
_COLUMNS: dict[str, type[pl.DataType] | pl.DataType] = {
    "id": pl.Int64,
    "display_id": pl.Int64,
    "account_id": pl.Int64,
    "inbox_id": pl.Int64,
    "contact_id": pl.Int64,
    "assignee_id": pl.Int64,
    "team_id": pl.Int64,
    "created_at": pl.Datetime("us"),
    "updated_at": pl.Datetime("us"),
    "contact_name": pl.String,
    "contact_email": pl.String,
    "contact_phone": pl.String,
    "inbox_name": pl.String,
    "inbox_type": pl.String,
    "assignee_name": pl.String,
    "t_messages": pl.Int64,
    "user_msg_count": pl.Int64,
    "contact_msg_count": pl.Int64,
    "duration_seconds": pl.Float64,
    "first_response_seconds": pl.Float64,
    "is_resolved": pl.Boolean,
}
_COUNTS = ("t_messages", "user_msg_count", "contact_msg_count")
_RATING = ("rating", "feedback_message")


def assert_equal(name: str, ours: pl.DataFrame, theirs: pl.DataFrame) -> int:
    """Compare both frames; return the number of compared messages.

    Raises:
        AssertionError: They differ; the message names the column and the number of conversations.
    """
    # A view that joins the ratings directly repeats a conversation for each of its ratings.
    unique = theirs.unique("id").sort("id")
    ours = ours.sort("id")
    if ours["id"].to_list() != unique["id"].to_list():
        raise AssertionError(f"{name}: {unique.height} conversations differ from our {ours.height}")
    our_columns, their_columns = _convert(ours), _convert(unique)
    for column in _COLUMNS:
        differing = (our_columns[column].ne_missing(their_columns[column])).sum()
        if differing:
            raise AssertionError(f"{name}: {column} differs in {differing} conversations")
    _assert_ratings(name, ours, theirs)
    messages = 0
    for id_, our_messages, their_messages in zip(
        ours["id"], _parse_messages(ours), _parse_messages(unique), strict=True
    ):
        if our_messages != their_messages:
            raise AssertionError(f"{name}: the messages of conversation {id_} differ")
        messages += len(our_messages)
    return messages


def _convert(frame: pl.DataFrame) -> pl.DataFrame:
    columns = []
    for column, dtype in _COLUMNS.items():
        value = pl.col(column)
        if column in _COUNTS:
            value = value.fill_null(0)  # without messages GROUP BY yields no row
        if dtype == pl.Float64:
            value = value.cast(pl.Float64).round(6)  # numeric has microseconds
        columns.append(value.cast(dtype).alias(column))
    return frame.select(columns)


def _assert_ratings(name: str, ours: pl.DataFrame, theirs: pl.DataFrame) -> None:
    """Our rating is a conversation's latest, so it must be among theirs."""
    their_ratings = set(theirs.select("id", *_RATING).iter_rows())
    missing = [row[0] for row in ours.select("id", *_RATING).iter_rows() if row not in their_ratings]
    if missing:
        raise AssertionError(f"{name}: the ratings of {len(missing)} conversations differ")


def _parse_messages(frame: pl.DataFrame) -> Iterable[list[tuple[object, ...]]]:
    for text in frame["message_compiled"]:
        yield [_normalize(message) for message in json.loads(text or "[]")]


def _normalize(message: dict[str, object]) -> tuple[object, ...]:
    message_type, created_at = message["message_type"], str(message["created_at"]).removesuffix("Z")
    return (
        message["id"],
        _MESSAGE_TYPES.get(str(message_type), message_type),
        created_at.rstrip("0").rstrip(".") if "." in created_at else created_at,
        message["sender_type"],
        message["sender_id"],
        message["private"],
        message["content"],
    )
