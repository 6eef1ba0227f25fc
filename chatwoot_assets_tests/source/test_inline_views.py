"""Queries that bring the views along have the plans and rows of those that read deployed views."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.errors import SourceError
from chatwoot_assets.extract.queries import conversation_starts, latest_message
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.sample.database import SampleSize, create_sample
from chatwoot_assets.source.create import create_views
from chatwoot_assets.source.inline_views import InlineViews
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets_tests.command_line import DAY as COMMAND_DAY
from chatwoot_assets_tests.command_line import Workspace
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.source.test_growth import DAY, LAST_DATE, SCHEMA, ZONE, _statements


def test_inline_views_have_the_plans_of_deployed_ones(postgres: Postgres) -> None:
    url = postgres.new_database()
    create_sample(url, SampleSize(1_000, 5, LAST_DATE))
    with psycopg.connect(url) as connection:
        create_views(connection, ViewOptions(SCHEMA, ZONE.key))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    inline = InlineViews(ViewOptions(SCHEMA, ZONE.key))
    compared = 0
    with ChatwootDatabase(url=url).transaction() as connection:

        def explain(text: str) -> list[tuple[str]]:
            return connection.execute(sql.SQL("EXPLAIN (COSTS OFF) ") + sql.SQL(text)).fetchall()

        ids = [id_ for id_, _ in connection.execute(conversation_starts(SCHEMA, [DAY])).fetchall()]
        newest = connection.execute(latest_message(SCHEMA)).fetchall()[0][0]
        for name, query in _statements([DAY], ids, newest).items():
            text = query.as_string()
            if inline.are_read_by(text):
                with_views = inline.put_into(text, frozenset())
                assert f'"{SCHEMA}"' not in with_views, name
                assert explain(with_views) == explain(text), name
                compared += 1
    assert compared > 30


def test_backfill_and_status_need_no_views(postgres: Postgres, tmp_path: Path) -> None:
    workspace = Workspace.create(postgres, tmp_path, views=False)
    assert "no views are needed" in workspace.refusal("views", "create", code=2, CHATWOOT_VIEWS="inline")
    outcome = workspace.run("backfill", "--from", COMMAND_DAY, "--to", COMMAND_DAY, CHATWOOT_VIEWS="inline")
    assert outcome.code == 0, outcome
    assert workspace.rows() == 3
    outcome = workspace.run("status", CHATWOOT_VIEWS="inline")
    assert (outcome.code, outcome.err) == (0, "")
    with psycopg.connect(workspace.source_url) as connection:
        created = connection.execute("SELECT to_regnamespace('chatwoot_analytics')").fetchone()
    assert created == (None,)


def test_column_that_chatwoot_lacks_is_not_blamed_on_views(postgres: Postgres, tmp_path: Path) -> None:
    workspace = Workspace.create(postgres, tmp_path, views=False)
    with psycopg.connect(workspace.source_url) as connection:
        connection.execute("ALTER TABLE conversations DROP COLUMN priority")
    source = ChatwootDatabase(url=workspace.source_url, inline_timezone="UTC")
    with snapshot(source) as taken, pytest.raises(SourceError, match="lack a table or column that is read"):
        taken.read(conversation_starts(SCHEMA, [DAY]))
