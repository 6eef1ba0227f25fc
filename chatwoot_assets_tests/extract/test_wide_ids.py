"""Ids beyond 32 bits, as Chatwoot has them once its tables outgrow int4."""

from __future__ import annotations

import datetime

import pytest
from psycopg import sql

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.refresh.days import Refresher, Stages
from chatwoot_assets.source.create import drop_views
from chatwoot_assets_tests.frames import read_rows
from chatwoot_assets_tests.project import Project

DAY = datetime.date(2025, 3, 10)
NOON = "2025-03-10 12:00:00"
WIDE = 5_000_000_000
_ID_COLUMNS = """
SELECT table_name, column_name
FROM information_schema.columns
WHERE table_schema = 'public' AND data_type = 'integer' AND (column_name = 'id' OR column_name LIKE '%\\_id')
"""


@pytest.fixture
def wide(project: Project) -> Project:
    """A Chatwoot whose ids are all bigint."""
    schema = project.settings.views_schema
    with project.source() as connection:
        drop_views(connection, schema)
        for table, column in connection.execute(_ID_COLUMNS).fetchall():
            alter = sql.SQL("ALTER TABLE public.{} ALTER {} TYPE bigint")
            connection.execute(alter.format(sql.Identifier(table), sql.Identifier(column)))
    project.create_views()
    with project.writing() as writer:
        writer.account(WIDE + 1, "Outra")
        writer.inbox(WIDE + 2, "Vendas", account_id=WIDE + 1)
        writer.user(WIDE + 3, "Bia")
        writer.contact(WIDE + 4, "Clara")
        writer.tag(WIDE + 5, "vip")
        columns = {"account_id": WIDE + 1, "inbox_id": WIDE + 2, "assignee_id": WIDE + 3, "contact_id": WIDE + 4}
        writer.conversation(NOON, id=WIDE, **columns)
        writer.label(WIDE, WIDE + 5)
        writer.message(WIDE, NOON, "oi", id=WIDE + 6)
        writer.rating(WIDE, NOON, 5, id=WIDE + 7)
        event = {"account_id": WIDE + 1, "inbox_id": WIDE + 2, "user_id": WIDE + 3}
        writer.event(WIDE, NOON, "reply_time", id=WIDE + 8, **event)
    with project.source() as connection:
        connection.execute("UPDATE conversations SET display_id = %s", [WIDE + 9])
    return project


def _extract(project: Project) -> None:
    settings, resources = project.settings, project.resources
    zone = settings.reporting_timezone
    rules = MetricRules(zone.key, settings.bot_user_ids)
    refresher = Refresher(resources["chatwoot"], resources["warehouse"], project.store, zone, rules)
    list(refresher.refresh([project.day(DAY)], Stages.EXTRACT, "a run", lambda _: None))


def test_wide_ids_reach_the_files(wide: Project) -> None:
    _extract(wide)
    rows = {dataset: read_rows(wide.store, dataset, wide.day(DAY))[0].row(0, named=True) for dataset in Dataset}
    conversation = rows[Dataset.CONVERSATIONS]
    ids = [conversation[name] - WIDE for name in ("id", "account_id", "inbox_id", "assignee_id", "contact_id")]
    assert ids == [0, 1, 2, 3, 4]
    assert conversation["display_id"] == WIDE + 9
    names = ("account_name", "inbox_name", "assignee_name", "contact_name", "labels")
    assert [conversation[name] for name in names] == ["Outra", "Vendas", "Bia", "Clara", ["vip"]]
    for dataset in (Dataset.MESSAGES, Dataset.CSAT, Dataset.EVENTS):
        assert rows[dataset]["conversation_id"] == WIDE
    assert [rows[Dataset.EVENTS][name] - WIDE for name in ("account_id", "inbox_id", "user_id", "id")] == [1, 2, 3, 8]


def test_days_with_wide_ids_are_equal_after_they_were_read(wide: Project) -> None:
    _extract(wide)
    before = wide.store.stamps(wide.day(DAY))
    _extract(wide)
    assert wide.store.stamps(wide.day(DAY)) == before
