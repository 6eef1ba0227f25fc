"""The generator of the sample database, on a real PostgreSQL: what the rows are like.

How long it takes is measured by the benchmarks.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.errors import UserError
from chatwoot_assets.sample import conversations
from chatwoot_assets.sample.database import SampleSize, create_sample

SIZE = SampleSize(conversations=1_500, days=42, last_day=datetime.date(2025, 6, 30))
# Conversations that an import wrote, in a sample of any size.
IMPORTED = 8

Row = tuple[Any, ...]


class Postgres(Protocol):
    """The fixture's server."""

    def new_database(self) -> str:
        """Create an empty database and return its URL."""


class Sample:
    """A sample database, with short ways to query it."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)

    def rows(self, query: str, **names: str) -> list[Row]:
        """Return a query's rows; the names replace its placeholders."""
        identifiers = {key: sql.Identifier(name) for key, name in names.items()}
        statement = sql.SQL(query).format(**identifiers) if names else query.encode()
        return self.connection.execute(statement).fetchall()

    def value(self, query: str, **names: str) -> float:
        """Return the only value of a query."""
        number: float = self.rows(query, **names)[0][0]
        return number


@pytest.fixture(scope="module")
def url(postgres: Postgres) -> str:
    url = postgres.new_database()
    create_sample(url, SIZE)
    return url


@pytest.fixture(scope="module")
def sample(url: str) -> Sample:
    return Sample(url)


def _hashes(sample: Sample) -> dict[str, str]:
    tables = [row[0] for row in sample.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    query = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text COLLATE \"C\")) FROM public.{table} AS t"
    return {table: sample.rows(query, table=table)[0][0] for table in tables}


def test_same_seed_gives_the_same_database(sample: Sample, postgres: Postgres) -> None:
    again = postgres.new_database()
    create_sample(again, SIZE)
    assert _hashes(Sample(again)) == _hashes(sample)


def test_another_seed_gives_another_database(sample: Sample, postgres: Postgres) -> None:
    other = postgres.new_database()
    create_sample(other, SampleSize(SIZE.conversations, SIZE.days, SIZE.last_day, seed=7))
    assert _hashes(Sample(other))["messages"] != _hashes(sample)["messages"]


def test_ids_continue_from_block_to_block(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "CONVERSATIONS_PER_BLOCK", 100)
    url = postgres.new_database()
    counts = create_sample(url, SampleSize(450, 10, SIZE.last_day))
    sample = Sample(url)
    for table in ("messages", "attachments", "reporting_events", "taggings", "csat_survey_responses"):
        assert sample.rows("SELECT min(id), max(id), count(*) FROM {table}", table=table) == [
            (1, counts[table], counts[table])
        ]


@pytest.mark.parametrize("conversations", [1, 3, 60])
def test_tiny_sample_can_be_created(postgres: Postgres, conversations: int) -> None:
    counts = create_sample(postgres.new_database(), SampleSize(conversations, 1, SIZE.last_day))
    assert counts["conversations"] == conversations - (conversations > 17) + IMPORTED


def test_returned_counts_equal_those_of_the_tables(postgres: Postgres) -> None:
    url = postgres.new_database()
    seen: list[tuple[str, int, int]] = []
    counts = create_sample(url, SampleSize(50, 5, SIZE.last_day), lambda *step: seen.append(step))
    sample = Sample(url)
    for table, count in counts.items():
        assert sample.value("SELECT count(*) FROM {table}", table=table) == count, table
    assert seen[0] == ("conversations", 0, 50)
    assert seen[-1] == ("indexes", 1, 1)


def test_database_with_tables_is_refused_in_one_line_and_unchanged(postgres: Postgres) -> None:
    url = postgres.new_database()
    existing = Sample(url)
    existing.connection.execute("CREATE TABLE public.conversations (id integer)")
    with pytest.raises(UserError, match="has tables in its schema public already") as refusal:
        create_sample(url, SIZE)
    assert "\n" not in str(refusal.value)
    assert existing.rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace") == [
        ("conversations",)
    ]


def test_interrupted_creation_leaves_nothing_and_can_be_repeated(postgres: Postgres) -> None:
    url = postgres.new_database()

    def interrupt(_step: str, done: int, _total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        create_sample(url, SampleSize(50, 5, SIZE.last_day), interrupt)
    assert Sample(url).value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    assert create_sample(url, SampleSize(50, 5, SIZE.last_day))["conversations"] == 49 + IMPORTED


@pytest.mark.parametrize(("conversations", "days"), [(0, 1), (1, 0)])
def test_sample_without_conversations_or_days_is_refused(conversations: int, days: int) -> None:
    with pytest.raises(UserError, match="at least 1 conversation and 1 day"):
        SampleSize(conversations, days, SIZE.last_day)


def test_new_rows_get_ids_after_the_sample_s(sample: Sample) -> None:
    for table in ("conversations", "messages", "contacts", "csat_survey_responses", "tags"):
        following = "SELECT nextval({sequence}::regclass) > max(id) FROM {table}"
        assert sample.value(following.replace("{sequence}", f"'public.{table}_id_seq'"), table=table), table


def test_sample_has_indexes_and_statistics(sample: Sample) -> None:
    assert sample.value("SELECT count(*) FROM pg_indexes WHERE tablename = 'messages'") >= 12
    assert sample.value("SELECT reltuples FROM pg_class WHERE relname = 'messages'") > 10_000
    for table in ("messages", "conversations"):
        # A table's end may have pages without rows.
        with_rows = sample.value("SELECT count(DISTINCT (ctid::text::point)[0]) FROM {table}", table=table)
        visible = "SELECT relallvisible FROM pg_class WHERE relname = '{table}'"
        assert sample.value(visible.replace("{table}", table)) == with_rows, table


def test_display_ids_ascend_without_gaps_in_each_account(sample: Sample) -> None:
    # An import writes conversations with old dates later.
    assert sample.rows(
        "SELECT account_id, display_id FROM conversations"
        " ORDER BY account_id, coalesce(identifier LIKE 'intercom:%', false), created_at, id"
    ) == [
        (account, number)
        for account, count in sample.rows("SELECT account_id, count(*) FROM conversations GROUP BY 1 ORDER BY 1")
        for number in range(1, count + 1)
    ]


def test_conversations_are_on_the_requested_days_and_nothing_is_later(sample: Sample) -> None:
    first, last, days = sample.rows(
        "SELECT min(day), max(day), count(DISTINCT day) FROM (SELECT (created_at AT TIME ZONE 'UTC'"
        " AT TIME ZONE 'America/Sao_Paulo')::date AS day FROM conversations) AS days"
    )[0]
    assert (first, last) == (datetime.date(2025, 5, 20), SIZE.last_day)
    assert days == SIZE.days
    times = sample.rows(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type = 'timestamp without time zone' AND column_name <> 'snoozed_until'"
    )
    for table, column in times:
        latest = "SELECT coalesce(max({column}) < '2025-07-01 03:00', true) FROM {table}"
        assert sample.value(latest, column=column, table=table), (table, column)


def test_weekends_and_nights_are_quiet(sample: Sample) -> None:
    times = [
        row[0].replace(tzinfo=datetime.timezone.utc).astimezone(ZoneInfo("America/Sao_Paulo"))
        for row in sample.rows("SELECT created_at FROM conversations")
    ]
    weekdays = Counter(time.isoweekday() for time in times)
    hours = Counter(time.hour for time in times)
    assert weekdays[7] < weekdays[6] < min(weekdays[day] for day in range(1, 6))
    assert sum(hours[hour] for hour in range(6)) < 0.05 * SIZE.conversations
    assert sum(hours[hour] for hour in range(9, 18)) > 0.6 * SIZE.conversations


def test_old_conversations_are_mostly_resolved_and_new_ones_often_open(sample: Sample) -> None:
    assert {row[0] for row in sample.rows("SELECT DISTINCT status FROM conversations")} == {0, 1, 2, 3}
    assert sample.value("SELECT avg((status = 1)::int) FROM conversations WHERE created_at < '2025-06-20'") > 0.85
    assert sample.value("SELECT avg((status = 0)::int) FROM conversations WHERE created_at > '2025-06-30 03:00'") > 0.3


def test_conversations_have_twelve_messages_on_average(sample: Sample) -> None:
    least, most, mean = sample.rows(
        "SELECT min(n), max(n), avg(n) FROM (SELECT count(*) AS n FROM messages GROUP BY conversation_id) AS c"
    )[0]
    assert least <= 3
    assert 50 < most <= 80
    assert 11 < mean < 13


def test_message_ids_follow_time(sample: Sample) -> None:
    assert sample.value(
        "SELECT bool_and(coalesce(created_at >= before, true)) FROM"
        " (SELECT created_at, lag(created_at) OVER (ORDER BY id) AS before FROM messages"
        " WHERE coalesce(source_id, '') !~ '^(intercom|WAID):'"
        " AND coalesce(content_attributes::text, '') NOT LIKE '%is_reaction%') AS m"
    )


def test_first_reply_agrees_with_the_messages(sample: Sample) -> None:
    # A human's message keeps its type when its writer is deleted and it has no sender anymore.
    disagreeing = sample.value(
        """
        SELECT count(*) FROM conversations AS c LEFT JOIN LATERAL (
            SELECT min(m.created_at) AS at FROM messages AS m
            WHERE m.conversation_id = c.id AND m.message_type = 1 AND NOT m.private
            AND coalesce(m.sender_type, 'User') = 'User'
            AND (m.content_attributes #>> '{}')::jsonb ->> 'automation_rule_id' IS NULL
            AND (m.content_attributes #>> '{}')::jsonb ->> 'is_reaction' IS NULL
            -- An import sets no first reply.
            AND coalesce(m.source_id, '') !~ '^(intercom|WAID):'
        ) AS reply ON true
        WHERE c.first_reply_created_at IS DISTINCT FROM reply.at
        """
    )
    assert disagreeing == 0
    assert sample.value("SELECT avg((first_reply_created_at IS NULL)::int) FROM conversations") < 0.25


def test_activity_waiting_and_updates_agree_with_the_messages(sample: Sample) -> None:
    assert sample.rows(
        """
        SELECT c.id FROM conversations AS c WHERE c.updated_at < c.last_activity_at
        OR c.last_activity_at <> (SELECT max(m.created_at) FROM messages AS m WHERE m.conversation_id = c.id)
        OR (c.status = 1 AND c.waiting_since IS NOT NULL)
        """
    ) == []  # fmt: skip
    assert sample.value("SELECT count(*) FROM conversations WHERE waiting_since IS NOT NULL") > 0


def test_event_values_are_the_time_between_start_and_end(sample: Sample) -> None:
    assert sample.rows(
        "SELECT name FROM reporting_events WHERE created_at < event_end_time"
        " OR value_in_business_hours > greatest(value, 0)"
        " OR (value <> 0 AND abs(value - extract(epoch FROM event_end_time - event_start_time)) > 1e-5)"
    ) == []  # fmt: skip
    names = {row[0] for row in sample.rows("SELECT DISTINCT name FROM reporting_events")}
    assert names == {
        "first_response",
        "reply_time",
        "conversation_resolved",
        "conversation_bot_handoff",
        "conversation_bot_resolved",
        "conversation_opened",
    }


def test_first_response_event_is_at_the_first_reply(sample: Sample) -> None:
    assert sample.rows(
        "SELECT e.id FROM reporting_events AS e JOIN conversations AS c ON c.id = e.conversation_id"
        " WHERE e.name = 'first_response' AND e.event_end_time <> c.first_reply_created_at"
    ) == []  # fmt: skip


def test_no_address_or_number_reaches_anybody(sample: Sample) -> None:
    addresses = sample.rows(
        "SELECT email FROM contacts UNION SELECT email FROM users UNION SELECT uid FROM users"
        " UNION SELECT email_address FROM inboxes"
    )
    allowed = re.compile(r"[a-z0-9.-]+@(example[.]com([.]br)?|exemplo[.]invalid)")
    assert [row for row in addresses if row[0] and not allowed.fullmatch(row[0])] == []
    assert sample.rows("SELECT phone_number FROM contacts WHERE phone_number !~ '^[+]5511900[0-9]{6}$'") == []
    assert sample.rows(
        "SELECT content FROM messages WHERE content ~ 'https?://'"
        " AND content !~ 'https?://[a-z.]*exemplo[.]invalid'"
    ) == []  # fmt: skip


def test_every_secret_of_a_user_is_a_marked_dummy(sample: Sample) -> None:
    rows = sample.rows(
        "SELECT encrypted_password, tokens::text, reset_password_token, confirmation_token, pubsub_token,"
        " otp_secret, otp_backup_codes FROM users"
    )
    assert all("not-a-secret-" in secret for row in rows for secret in row)
