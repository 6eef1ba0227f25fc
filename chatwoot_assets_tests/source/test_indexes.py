"""The optional index in `sql/chatwoot/indexes.sql`, created by psql as a DBA does it."""

from __future__ import annotations

import datetime
import os
import subprocess
import zoneinfo
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.extract.dataset import FingerprintGroup
from chatwoot_assets.extract.fingerprints import read_fingerprints
from chatwoot_assets.extract.queries import day_rows, found_conversations
from chatwoot_assets.partitions import Day, days
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.postgres_embedded.process import binaries
from chatwoot_assets.sample.database import SampleSize, create_sample
from chatwoot_assets.source.create import create_views
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.sql_files import sql_path
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.plans import Node, explain, plan_nodes

SCHEMA = "indexed"
INDEX = "chatwoot_analytics_conversations_created_at"
ONE_DAY = days(["2025-03-18"], zoneinfo.ZoneInfo("America/Sao_Paulo"))


@pytest.fixture(scope="module")
def url(postgres: Postgres) -> str:
    """A sample of 20,000 conversations in the first quarter of 2025: a planner scans tiny tables."""
    url = postgres.new_database()
    create_sample(url, SampleSize(20_000, 90, datetime.date(2025, 3, 31)))
    with psycopg.connect(url) as connection:
        create_views(connection, ViewOptions(SCHEMA, "America/Sao_Paulo"))
    return url


@pytest.fixture
def indexed(postgres: Postgres, url: str) -> Iterator[str]:
    """The sample with the index, which is dropped after the test."""
    _run_file(postgres, url)
    yield url
    _drop(url)


def _run_file(postgres: Postgres, url: str) -> None:
    program = binaries(postgres.server.directory) / "psql"
    if not program.exists():
        pytest.skip("the embedded PostgreSQL brings no psql")
    done = subprocess.run(
        [str(program), "-X", "-q", "-d", url, "-f", str(sql_path("chatwoot", "indexes.sql"))],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    unexpected = [line for line in done.stderr.splitlines() if "already exists, skipping" not in line]
    assert (done.returncode, unexpected) == (0, [])


def _drop(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("DROP INDEX IF EXISTS {}").format(sql.Identifier("public", INDEX)))


def _indexes(url: str) -> dict[str, bool]:
    """Return the indexes of conversations by name, and whether each is valid."""
    with psycopg.connect(url) as connection:
        return dict(
            connection.execute(
                "SELECT c.relname, i.indisvalid FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid"
                " WHERE i.indrelid = 'public.conversations'::regclass"
            ).fetchall()
        )


def _reads_of_conversations(url: str, query: sql.Composed) -> list[Node]:
    """Return the nodes that read conversations in the plan of a session with our limits."""
    with ChatwootDatabase(url=url).transaction() as connection:
        nodes = plan_nodes(explain(connection, query))
    return [node for node in nodes if node.get("Relation Name") == "conversations" or node.get("Index Name") == INDEX]


def _fingerprints(url: str, requested: list[Day]) -> dict[Day, str]:
    group = FingerprintGroup.CONVERSATIONS
    with snapshot(ChatwootDatabase(url=url)) as source:
        return read_fingerprints(source, SCHEMA, "defined", [group], requested)[group]


def test_index_file_runs_twice_and_adds_one_valid_index(postgres: Postgres, url: str, indexed: str) -> None:
    _run_file(postgres, indexed)
    indexes = _indexes(url)
    assert indexes[INDEX]
    assert len(indexes) == 19  # 18 of them are Chatwoot's own
    assert "index_conversations_on_created_at" not in indexes, (
        "Rails would give this name to an index of Chatwoot's own"
    )


def test_day_is_found_by_a_scan_without_the_index(url: str) -> None:
    assert {node["Node Type"] for node in _reads_of_conversations(url, found_conversations(SCHEMA, ONE_DAY))} == {
        "Seq Scan"
    }


def test_day_is_found_by_the_index(indexed: str) -> None:
    for query in (found_conversations(SCHEMA, ONE_DAY), day_rows(FingerprintGroup.NAMES, SCHEMA, ONE_DAY)):
        nodes = _reads_of_conversations(indexed, query)
        assert INDEX in {node.get("Index Name") for node in nodes}
        assert "Seq Scan" not in {node["Node Type"] for node in nodes}


def test_index_changes_no_fingerprint(url: str, indexed: str) -> None:
    week = days([f"2025-03-{number}" for number in range(10, 17)], zoneinfo.ZoneInfo("America/Sao_Paulo"))
    with_it = _fingerprints(indexed, week)
    _drop(url)
    assert _fingerprints(url, week) == with_it


def test_dropping_the_index_as_documented_leaves_chatwoots_own(url: str, indexed: str) -> None:
    (statement,) = [
        line.removeprefix("--").strip()
        for line in sql_path("chatwoot", "indexes.sql").read_text().splitlines()
        if "DROP INDEX" in line
    ]
    with psycopg.connect(indexed, autocommit=True) as connection:
        connection.execute(statement.encode())
    indexes = _indexes(url)
    assert INDEX not in indexes
    assert len(indexes) == 18
