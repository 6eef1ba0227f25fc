"""Whether what was read of a view is what ours makes of the same conversations.

Compared are the columns that both have, conversation by conversation, and every message: id, time, sender, whether it
is private, its text. Our words for codes are put back into codes.
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
    """Compare; return how many messages were.

    Raises:
        AssertionError: they differ; it says in which column, and in how many conversations.
    """
    # A view that joins ratings raw has a conversation as often as it was rated; the rest is the same.
    once = theirs.unique("id").sort("id")
    ours = ours.sort("id")
    if ours["id"].to_list() != once["id"].to_list():
        raise AssertionError(f"{name}: other conversations, {once.height} and {ours.height} of ours")
    left, right = _comparable(ours), _comparable(once)
    for column in _COLUMNS:
        differing = (left[column].ne_missing(right[column])).sum()
        if differing:
            raise AssertionError(f"{name}: {column} differs in {differing} conversations")
    _assert_ratings(name, ours, theirs)
    messages = 0
    for id_, mine, other in zip(ours["id"], _messages(ours), _messages(once), strict=True):
        if mine != other:
            raise AssertionError(f"{name}: the messages of conversation {id_} differ")
        messages += len(mine)
    return messages


def _comparable(frame: pl.DataFrame) -> pl.DataFrame:
    columns = []
    for column, dtype in _COLUMNS.items():
        value = pl.col(column)
        if column in _COUNTS:
            value = value.fill_null(0)  # without a message there is no group to count
        if dtype == pl.Float64:
            value = value.cast(pl.Float64).round(6)  # numeric, to the microsecond
        columns.append(value.cast(dtype).alias(column))
    return frame.select(columns)


def _assert_ratings(name: str, ours: pl.DataFrame, theirs: pl.DataFrame) -> None:
    """Ours is the latest of a conversation's ratings: it must be among theirs."""
    among = set(theirs.select("id", *_RATING).iter_rows())
    missing = [row[0] for row in ours.select("id", *_RATING).iter_rows() if row not in among]
    if missing:
        raise AssertionError(f"{name}: the ratings of {len(missing)} conversations differ")


def _messages(frame: pl.DataFrame) -> Iterable[list[tuple[object, ...]]]:
    for text in frame["message_compiled"]:
        yield [_canonical(message) for message in json.loads(text or "[]")]


def _canonical(message: dict[str, object]) -> tuple[object, ...]:
    kind, at = message["message_type"], str(message["created_at"]).removesuffix("Z")
    return (
        message["id"],
        _MESSAGE_TYPES.get(str(kind), kind),
        at.rstrip("0").rstrip(".") if "." in at else at,
        message["sender_type"],
        message["sender_id"],
        message["private"],
        message["content"],
    )
