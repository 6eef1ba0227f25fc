"""Plans of the queries that search Chatwoot: indexes answer them."""

from __future__ import annotations

import datetime

import psycopg
import pytest

from chatwoot_assets.postgres import ChatwootDatabase, join_settings
from chatwoot_assets.sample.database import SampleSize, create_sample
from chatwoot_assets.source.create import create_views
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.plans import Node, explain, plan_nodes


@pytest.fixture(scope="module")
def large(postgres: Postgres) -> str:
    """A sample of 10,000 conversations: the planner prefers to scan tiny tables."""
    url = postgres.new_database()
    create_sample(url, SampleSize(10_000, 45, datetime.date(2025, 3, 31)))
    with psycopg.connect(url) as connection:
        create_views(connection, ViewOptions("chatwoot_analytics", "America/Sao_Paulo"))
    return url


def _plan(url: str, kind: str, subject_id: int) -> list[Node]:
    query = compose(
        sql_path("erasure", f"chatwoot_{kind}.sql"), views_schema="chatwoot_analytics", subject_id=subject_id
    )
    with ChatwootDatabase(url=url).transaction() as connection:
        for statement in join_settings(whole_tables=False):
            connection.execute(statement)
        return list(plan_nodes(explain(connection, query)))


@pytest.mark.parametrize("kind", ["contact", "conversation"])
def test_query_reads_no_table_whole(large: str, kind: str) -> None:
    with psycopg.connect(large) as connection:
        busiest = connection.execute(
            "SELECT contact_id FROM conversations WHERE contact_id > 0 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        ).fetchone()
    assert busiest is not None
    for subject_id in (busiest[0], 1, 10**9):
        nodes = _plan(large, kind, subject_id)
        assert [node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"] == []
        read = {node["Relation Name"] for node in nodes if "Relation Name" in node}
        assert {"conversations", "messages", "csat_survey_responses"} <= read
