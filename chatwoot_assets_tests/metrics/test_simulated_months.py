"""Two months written through Chatwoot's own write path, with its own answers at each midnight.

The rows in `data/simulated-months` are of plain and bot inboxes. Chatwoot says of each conversation at each midnight of
America/Sao_Paulo: its status, whether somebody is assigned, whether it is unattended.
"""

from __future__ import annotations

import datetime
import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import psycopg
import pytest

from chatwoot_assets.conversations.transform import with_day
from chatwoot_assets.extract.account_context import read_account_context
from chatwoot_assets.extract.conversation_changes import add_conversation_fingerprints
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.rows import find_conversations, read_datasets
from chatwoot_assets.extract.schemas import conform
from chatwoot_assets.metrics.activity import NAMES
from chatwoot_assets.metrics.backlog_changes import PARTS, compute_backlog_changes
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.metrics.response_intervals import compute_response_intervals
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets_tests.project import Project

if TYPE_CHECKING:
    from chatwoot_assets_tests.conftest import Postgres

_DATA = Path(__file__).parents[1] / "data" / "simulated-months"
_ZONE = "America/Sao_Paulo"


@pytest.fixture(scope="module")
def batch(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> ConversationBatch:
    """The extracted rows of both months; each conversation is an account of its own, to be counted alone."""
    project = Project.create(postgres.new_database(), "", tmp_path_factory.mktemp("months"), timezone=_ZONE)
    with psycopg.connect(project.source_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(gzip.decompress((_DATA / "rows.sql.gz").read_bytes()))
    days = [project.day(datetime.date(2026, 9, 30) + datetime.timedelta(days=number)) for number in range(64)]
    schema = project.settings.views_schema
    with snapshot(project.resources["chatwoot"]) as source:
        context = read_account_context(source, schema)
        found = find_conversations(source, schema, days)
        read = add_conversation_fingerprints(read_datasets(source, schema, found, 0))
    frames = {dataset: conform(dataset, frame) for dataset, (frame, _) in read.items()}
    conversations = pl.concat(
        with_day(
            frames[Dataset.CONVERSATIONS].filter(pl.col("created_at").is_between(day.start, day.end, "left")),
            day.date,
            datetime.datetime.now(datetime.timezone.utc),
        )
        for day in days
    ).with_columns(pl.col("id").alias("account_id"))
    names = pl.DataFrame(sorted(context.names), schema=NAMES, orient="row").drop("account_id")
    return ConversationBatch(
        conversations,
        frames[Dataset.MESSAGES],
        frames[Dataset.EVENTS],
        frames[Dataset.CSAT],
        _ZONE,
        active_bot_inboxes=context.bot_inboxes,
        names=conversations.select("account_id").join(names, how="cross").select(list(NAMES)),
    )


@pytest.fixture(scope="module")
def midnights() -> list[list[Any]]:
    rows: list[list[Any]] = json.loads(gzip.decompress((_DATA / "midnights.json.gz").read_bytes()))
    return rows


def test_every_conversation_day_of_two_months_equals_chatwoot(
    batch: ConversationBatch, midnights: list[list[Any]]
) -> None:
    changes = compute_backlog_changes(batch, compute_response_intervals(batch))
    dates = pl.DataFrame({"date": sorted({datetime.date.fromisoformat(row[0]) for row in midnights})})
    levels = (
        dates.join(changes, how="cross")
        .filter(pl.col("change_date") <= pl.col("date"))
        .group_by("date", "account_id")
        .agg(pl.col(PARTS).sum())
    )
    parts = {(str(row["date"]), row["account_id"]): row for row in levels.to_dicts()}
    nothing = dict.fromkeys(PARTS, 0)
    differing = []
    for date, conversation, status, assigned, unattended in midnights:
        expected = {**nothing, **({status: 1} if status in PARTS else {})}
        if status == "open":
            expected |= {"unassigned": int(not assigned), "unattended": int(unattended)}
        actual = parts.get((date, conversation), nothing)
        if {name: actual[name] for name in PARTS} != expected:
            differing.append((date, conversation, {name: actual[name] for name in PARTS}, expected))
    assert len(midnights) > 5_000
    assert not differing, (len(differing), differing[:5])
