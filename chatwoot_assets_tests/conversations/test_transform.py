"""Transforming a day, without a database: compared with plain Python loops over the same messages."""

from __future__ import annotations

import datetime
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from chatwoot_assets.conversations.transform import LoadedRows, summarize_messages, transform_conversations, with_day
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.frames import DAY, SNAPSHOT_AT, day_batch, frame, rows_of

Row = dict[str, Any]

# Everything that PostgreSQL stores as text: all of Unicode except NUL and lone surrogates.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20) | st.sampled_from(
    [
        "",
        '"',
        "\\",
        "\\u0000",
        "\r\n",
        "\x7f\x80\u2028\u2029\ufeff",
        "null",
        "👩‍👩‍👧‍👦",
        "e\u0301",
        "\U0010ffff",
        "[]",
        "</script>",
    ]
)
TIMES = st.datetimes(datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31, 23, 59, 59, 999999))  # noqa: DTZ001 (UTC)
SENDERS = st.sampled_from(["User", "Contact", "AgentBot", "Captain::Assistant", "contact", ""])
LARGE = st.integers(-(2**63), 2**63 - 1)

MESSAGE = st.fixed_dictionaries(
    {
        "conversation_id": st.integers(1, 3),
        "created_at": st.none() | TIMES | st.sampled_from([datetime.datetime(2025, 3, 10, 12)]),  # noqa: DTZ001 (UTC)
        "message_type": TEXTS,
        "sender_type": st.none() | SENDERS,
        "sender_id": st.none() | LARGE,
        "private": st.booleans(),
        "deleted": st.none() | st.booleans(),
        "content": st.none() | TEXTS,
    }
)
MESSAGE_KEYS = (
    "conversation_id", "created_at", "message_type", "sender_type", "sender_id", "private", "deleted", "content",
)  # fmt: skip
MESSAGE_LISTS = st.lists(MESSAGE, max_size=12).flatmap(
    lambda rows: st.permutations([{**row, "id": number} for number, row in enumerate(rows, start=1)])
)


def _transform(conversations: pl.DataFrame, messages: pl.DataFrame, csat: pl.DataFrame) -> LoadedRows:
    return transform_conversations(with_day(conversations, DAY, SNAPSHOT_AT), messages, csat)


def _by_conversation(messages: list[Row]) -> dict[int, list[Row]]:
    """Return the messages of each conversation in the contract's order, in which unreadable times come first."""
    ordered = sorted(messages, key=lambda m: (m["created_at"] is not None, m["created_at"] or DAY, m["id"]))
    by_conversation: dict[int, list[Row]] = {}
    for message in ordered:
        by_conversation.setdefault(message["conversation_id"], []).append(message)
    return by_conversation


def _summaries(messages: list[Row]) -> dict[int, Row]:
    rows = summarize_messages(frame(Dataset.MESSAGES, messages)).to_dicts()
    return {row["conversation_id"]: row for row in rows}


@given(MESSAGE_LISTS)
@examples(300)
def test_any_messages_of_the_conversations_are_kept_unchanged(messages: list[Row]) -> None:
    conversations = frame(Dataset.CONVERSATIONS, [{"id": 1, "inbox_id": 11}, {"id": 2, "inbox_id": 12}])
    day = _transform(conversations, frame(Dataset.MESSAGES, messages), frame(Dataset.CSAT, []))
    names = (*MESSAGE_KEYS, "id")
    expected = [
        {name: message[name] for name in names}
        | {"conversation_date": DAY, "account_id": 1, "inbox_id": 10 + message["conversation_id"]}
        for message in sorted(messages, key=lambda message: (message["conversation_id"], message["id"]))
        if message["conversation_id"] in (1, 2)
    ]
    rows = day.messages.to_dicts()
    assert [{name: row[name] for name in expected[0]} for row in rows] == expected if expected else rows == []
    assert [row["marks"] & 3 for row in rows] == [{None: 2, True: 1, False: 0}[row["deleted"]] for row in rows]


@given(MESSAGE_LISTS)
@examples(200)
def test_counts_and_times_of_any_messages_equal_python_s(messages: list[Row]) -> None:
    transformed = _summaries(messages)
    for id_, rows in _by_conversation(messages).items():
        public = [m for m in rows if not m["private"]]
        times = [m["created_at"] for m in public if m["created_at"] is not None]
        clients = [m["sender_id"] for m in rows if m["sender_type"] == "Contact"]
        row = transformed[id_]
        assert row["t_messages"] == len(rows)
        assert row["user_msg_count"] == sum(m["sender_type"] == "User" for m in public)
        assert row["contact_msg_count"] == sum(m["sender_type"] == "Contact" for m in public)
        assert row["client_sender_id"] == (clients[-1] if clients else None)
        assert (row["first_message_at"], row["last_message_at"]) == (
            min(times, default=None),
            max(times, default=None),
        )


@given(st.lists(st.tuples(TIMES, TIMES), min_size=1, max_size=30))
@examples(100)
def test_duration_is_exactly_the_double_of_the_view(pairs: list[tuple[Any, Any]]) -> None:
    messages = [
        {"id": number * 2 + place, "conversation_id": number, "created_at": created_at}
        for number, pair in enumerate(pairs)
        for place, created_at in enumerate(pair)
    ]
    durations = [row["duration_seconds"] for row in _summaries(messages).values()]
    # Python divides exactly and rounds once, as PostgreSQL does in extract(EPOCH …)::double precision.
    assert durations == [abs(first - second) / datetime.timedelta(seconds=1) for first, second in pairs]


def test_no_messages_give_no_summaries() -> None:
    assert summarize_messages(frame(Dataset.MESSAGES, [])).is_empty()


def test_conversation_without_messages_has_zeros() -> None:
    row = rows_of(day_batch([{"id": 1}])).to_dicts()[0]
    assert [row[name] for name in ("t_messages", "user_msg_count", "contact_msg_count", "csat_responses")] == [0] * 4
    absent = ("rating", "rated_at", "client_sender_id", "first_message_at", "last_message_at", "duration_seconds")
    assert [row[name] for name in absent] == [None] * 6


def test_transformed_day_has_the_columns_of_the_table_in_order() -> None:
    empty, filled = (
        rows_of(day_batch([])),
        rows_of(day_batch([{"id": 1}], [{"id": 1, "conversation_id": 1}])),
    )
    assert list(empty.schema.items()) == list(filled.schema.items())
    assert empty.columns == list(CONVERSAS_ANALYTICS)


def test_rows_without_a_conversation_of_the_day_are_ignored() -> None:
    day = day_batch([{"id": 2}], [{"id": 1, "conversation_id": 99}], [{"conversation_id": 99}])
    assert rows_of(day).select("id", "t_messages", "csat_responses").rows() == [(2, 0, 0)]


def test_order_of_the_extracted_rows_does_not_matter() -> None:
    conversations = frame(Dataset.CONVERSATIONS, [{"id": n} for n in range(1, 50)])
    messages = frame(Dataset.MESSAGES, [{"id": n, "conversation_id": n % 50, "content": str(n)} for n in range(500)])
    csat = frame(Dataset.CSAT, [{"conversation_id": n} for n in range(1, 20)])
    day = _transform(conversations, messages, csat)
    shuffled = [part.sample(fraction=1, shuffle=True, seed=7) for part in (conversations, messages, csat)]
    again = _transform(*shuffled)
    assert again.conversations.equals(day.conversations)
    assert again.messages.equals(day.messages)


def test_instant_of_the_snapshot_is_kept_as_utc_to_the_microsecond() -> None:
    zone = datetime.timezone(datetime.timedelta(hours=-3))
    snapshot_at = datetime.datetime(2025, 3, 10, 23, 59, 59, 999999, tzinfo=zone)
    instants = with_day(frame(Dataset.CONVERSATIONS, [{"id": 1}]), DAY, snapshot_at)["extracted_at"]
    assert instants.dtype == pl.Datetime("us")
    assert instants.to_list() == [datetime.datetime(2025, 3, 11, 2, 59, 59, 999999)]  # noqa: DTZ001 (UTC)
