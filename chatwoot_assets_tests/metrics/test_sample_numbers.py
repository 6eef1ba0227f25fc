"""The metrics of a whole sample, compared with Chatwoot's own queries of its tables."""

from __future__ import annotations

import dataclasses
import datetime
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
import psycopg
import pytest
from polars.testing import assert_frame_equal
from psycopg import sql
from psycopg.rows import dict_row

from chatwoot_assets.metrics.backlog_changes import PARTS
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.metrics.daily_by_group import MEASURES, compute_daily_by_group
from chatwoot_assets.metrics.episodes import compute_episodes
from chatwoot_assets.metrics.hourly_messages import compute_hourly_messages
from chatwoot_assets.metrics.response_intervals import compute_response_intervals
from chatwoot_assets.metrics.targets import compute_targets
from chatwoot_assets_tests.metrics.backlog import compute_changes
from chatwoot_assets_tests.metrics.scenarios import make_frame

if TYPE_CHECKING:
    from typing_extensions import LiteralString

_ZONE = "America/Sao_Paulo"

# The columns of the extract, as simply as the rows of the sample allow.
_QUERIES = {
    "conversations": """
        SELECT id, account_id, inbox_id, assignee_id, team_id, assignee_id IS NULL AS is_unassigned,
            NULL::timestamp AS status_changed_at, waiting_since, created_at, '{}'::text[] AS labels,
            (ARRAY['open', 'resolved', 'pending', 'snoozed'])[status + 1] AS status, status = 1 AS is_resolved,
            coalesce(identifier LIKE 'intercom:%', false) AS is_imported,
            extract(EPOCH FROM first_reply_created_at - created_at)::float8 AS first_response_seconds
        FROM public.conversations""",
    "messages": """
        SELECT conversation_id, id, created_at, sender_type, sender_id, private, content,
            (ARRAY['incoming', 'outgoing', 'activity', 'template'])[message_type + 1] AS message_type,
            CASE content_type WHEN 9 THEN 'input_csat' ELSE 'text' END AS content_type,
            content_attributes::text LIKE '%deleted%' AS deleted,
            content_attributes::text LIKE '%echo%' AS external_echo,
            content_attributes::text LIKE '%automation%' AS automated,
            content_attributes::text LIKE '%is_reaction%' AS reaction,
            coalesce(additional_attributes ? 'campaign_id', false) AS campaign
        FROM public.messages""",
    "events": """
        SELECT conversation_id, id, account_id, inbox_id, user_id, name, value, value_in_business_hours,
            event_start_time, event_end_time, created_at
        FROM public.reporting_events""",
    "csat": """
        SELECT DISTINCT ON (conversation_id) conversation_id, rating, created_at AS rated_at, 1 AS csat_responses
        FROM public.csat_survey_responses ORDER BY conversation_id, created_at DESC, id DESC""",
}

# The business seconds of events in the inbox in Manaus, as recorded and as a clock counts them.
_BUSINESS_SECONDS = """
    SELECT e.value_in_business_hours, (
        SELECT coalesce(
            sum(extract(EPOCH FROM least(e.event_end_time, closes) - greatest(e.event_start_time, opens))), 0
        )
        FROM generate_series(
            date_trunc('day', e.event_start_time) - interval '1 day', e.event_end_time + interval '1 day', '1 day'
        ) AS day
        JOIN public.working_hours AS w
            ON w.inbox_id = e.inbox_id AND w.day_of_week = extract(DOW FROM day) AND NOT w.closed_all_day
        CROSS JOIN LATERAL (
            SELECT (day + make_interval(hours => w.open_hour)) AT TIME ZONE %(zone)s AT TIME ZONE 'UTC' AS opens,
                (day + make_interval(hours => w.close_hour)) AT TIME ZONE %(zone)s AT TIME ZONE 'UTC' AS closes
        ) AS t
        WHERE opens < e.event_end_time AND closes > e.event_start_time
    )::float8
    FROM public.reporting_events AS e JOIN public.inboxes AS i ON i.id = e.inbox_id
    WHERE i.timezone = 'America/Manaus' AND e.value > 0
"""


@dataclass(frozen=True)
class Sample:
    """The extracted rows of a sample, and a connection to its database."""

    connection: psycopg.Connection[Any]
    batch: ConversationBatch
    intervals: pl.DataFrame

    def count_conversations(self, condition: LiteralString) -> int:
        """Return how many conversations in Chatwoot meet a condition."""
        return self._count("SELECT count(*) FROM public.conversations WHERE {}", condition)

    def count_messages(self, condition: LiteralString) -> int:
        """Return how many messages meet a condition, except those of deleted conversations."""
        query = (
            "SELECT count(*) FROM public.messages WHERE {} AND conversation_id IN (SELECT id FROM public.conversations)"
        )
        return self._count(query, condition)

    def _count(self, query: LiteralString, condition: LiteralString) -> int:
        row = self.connection.execute(sql.SQL(query).format(sql.SQL(condition))).fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture(scope="module")
def sample(sample_url: str) -> Iterator[Sample]:
    with psycopg.connect(sample_url) as connection:
        cursor = connection.cursor(row_factory=dict_row)
        frames = {name: make_frame(name, cursor.execute(query).fetchall()) for name, query in _QUERIES.items()}
        zone = zoneinfo.ZoneInfo(_ZONE)
        dates = [
            created_at.replace(tzinfo=datetime.timezone.utc).astimezone(zone).date()
            for created_at in frames["conversations"]["created_at"]
        ]
        frames["conversations"] = frames["conversations"].with_columns(pl.Series("conversation_date", dates))
        batch = ConversationBatch(frames["conversations"], frames["messages"], frames["events"], frames["csat"], _ZONE)
        yield Sample(connection, batch, compute_response_intervals(batch))


def test_backlog_of_the_last_day_equals_the_live_count_of_chatwoot(sample: Sample) -> None:
    changes = compute_changes(sample.batch, sample.intervals)
    backlog = {part: changes[part].sum() for part in PARTS}
    assert backlog == {
        "open": sample.count_conversations("status = 0"),
        "pending": sample.count_conversations("status = 2"),
        "snoozed": sample.count_conversations("status = 3"),
        "unassigned": sample.count_conversations("status = 0 AND assignee_id IS NULL"),
        "unattended": sample.count_conversations(
            "status = 0 AND (first_reply_created_at IS NULL OR waiting_since IS NOT NULL)"
        ),
    }
    assert all(backlog.values())


def test_backlog_is_never_negative_and_mostly_not_empty(sample: Sample) -> None:
    changes = compute_changes(sample.batch, sample.intervals)
    days = changes.group_by("change_date").agg(pl.col(PARTS).sum()).sort("change_date")
    backlog = days.select(pl.col(PARTS).cum_sum())
    assert backlog.select(pl.min_horizontal(pl.all().min())).item() >= 0
    assert backlog.select(pl.col("open").median()).item() > 10


def test_daily_tables_add_up_to_all_rows_of_the_sample(sample: Sample) -> None:
    episodes = compute_episodes(sample.batch)
    tables = compute_daily_by_group(
        sample.batch, sample.intervals, episodes, compute_targets(sample.batch, sample.intervals, episodes)
    )
    for frame in (tables["daily_by_agent"], tables["daily_by_label"].filter(pl.col("label") == "")):
        sums = frame.select(pl.col(MEASURES).sum()).to_dicts()[0]
        assert sums["created"] == sample.count_conversations("true")
        assert sums["incoming_messages"] == sample.count_messages("message_type = 0 AND NOT private")
        assert sums["outgoing_messages"] == sample.count_messages("message_type = 1 AND NOT private")
        assert sums["private_notes"] == sample.count_messages("message_type <> 2 AND private")
        assert sums["responses"] == sample.intervals["ended_at"].count()
        assert sums["sum_response_seconds"] == pytest.approx(sample.intervals["seconds"].sum())
        assert (sums["episodes_started"], sums["episodes_resolved"]) == (
            episodes.height,
            episodes["resolved_at"].count(),
        )


def test_hours_add_up_to_the_count_of_chatwoot(sample: Sample) -> None:
    hours = compute_hourly_messages(sample.batch.conversations, sample.batch.messages, _ZONE)
    assert hours["incoming_all"].sum() == sample.count_messages("message_type = 0")
    assert hours["outgoing_all"].sum() == sample.count_messages("message_type = 1")
    assert hours["outgoing"].sum() == sample.count_messages("message_type = 1 AND NOT private")


def test_business_seconds_follow_the_clock_of_an_inbox_in_manaus(sample: Sample) -> None:
    in_manaus = sample.connection.execute(_BUSINESS_SECONDS, {"zone": "America/Manaus"}).fetchall()
    assert [recorded for recorded, _ in in_manaus] == pytest.approx([counted for _, counted in in_manaus], abs=1e-3)
    in_sao_paulo = sample.connection.execute(_BUSINESS_SECONDS, {"zone": "America/Sao_Paulo"}).fetchall()
    assert sum(abs(recorded - counted) > 1 for recorded, counted in in_sao_paulo) > 0.1 * len(in_sao_paulo) > 5


def test_imported_conversations_of_the_sample_have_no_waits_and_replies(sample: Sample) -> None:
    imported = sample.batch.conversations.filter("is_imported")["id"].implode()
    messages = sample.batch.messages.filter(pl.col("conversation_id").is_in(imported))
    assert messages["message_type"].value_counts(sort=True).rows() == [("incoming", 16), ("outgoing", 16)]
    assert sample.intervals.filter(pl.col("conversation_id").is_in(imported)).is_empty()
    episodes = compute_episodes(sample.batch).filter(pl.col("conversation_id").is_in(imported))
    assert episodes["first_response_seconds"].to_list() == [None] * episodes.height


def test_reactions_of_the_sample_begin_and_end_no_wait(sample: Sample) -> None:
    reactions = sample.batch.messages.filter("reaction")
    assert set(reactions["message_type"]) == {"incoming", "outgoing"}
    keys = ["conversation_id", "created_at"]
    without = dataclasses.replace(
        sample.batch, messages=sample.batch.messages.filter(~pl.col("reaction").fill_null(value=False))
    )
    assert_frame_equal(compute_response_intervals(without), sample.intervals, check_row_order=False)
    for end in ("started_at", "ended_at"):
        at = reactions.select(keys).rename({"created_at": end})
        assert sample.intervals.join(at, on=["conversation_id", end]).is_empty()
