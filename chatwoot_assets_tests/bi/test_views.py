"""The schema `bi`: what is recorded stays, every column is explained, and a role sees what it may see."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.bi.create import create_views, drop_views, grant
from chatwoot_assets.bi.dbt import sources, sources_yaml
from chatwoot_assets.bi.views import VIEWS, BiView
from chatwoot_assets.errors import WarehouseError
from chatwoot_assets.sql_files import sql_path
from chatwoot_assets_tests.dashboard.conftest import (
    FILL_TARGETS,
    sampled,  # noqa: F401  # a fixture
)
from chatwoot_assets_tests.project import Project

RECORDED = Path(__file__).with_name("recorded_columns.json")
_ROOT = Path(__file__).parent.parent.parent
READER = "bi_test_reader"
_COLUMNS = """
SELECT relname, attname, format_type(atttypid, atttypmod), col_description(attrelid, attnum)
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'bi'::regnamespace AND attnum > 0 ORDER BY relname, attnum
"""


@pytest.fixture(scope="module")
def views(sampled: Project) -> Iterator[Project]:  # noqa: F811  # the fixture
    with psycopg.connect(sampled.target_url, autocommit=True) as connection:
        create_views(connection, "America/Sao_Paulo")
        create_views(connection, "America/Sao_Paulo")
        connection.execute(FILL_TARGETS.encode())  # the sample has no targets
        connection.execute("CREATE ROLE bi_test_reader LOGIN")
        grant(connection, READER, personal=False)
        yield sampled
        connection.execute("TRUNCATE targets")
        connection.execute("DROP OWNED BY bi_test_reader")
        connection.execute("DROP ROLE bi_test_reader")
        drop_views(connection)
        assert connection.execute("SELECT to_regnamespace('bi')").fetchone() == (None,)


def test_columns_are_the_recorded_ones_and_all_explained(views: Project) -> None:
    with psycopg.connect(views.target_url) as connection:
        rows = connection.execute(_COLUMNS).fetchall()
        comments: dict[str, str | None] = dict(
            connection.execute(
                "SELECT relname, obj_description(oid) FROM pg_class WHERE relnamespace = 'bi'::regnamespace"
            ).fetchall()
        )
    found: dict[str, dict[str, str]] = {}
    for view, column, type_, _ in rows:
        found.setdefault(view, {})[column] = type_
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    for view, columns in recorded.items():
        # Columns may be added at the end, and never change: BI tools' models depend on them.
        assert list(found[view].items())[: len(columns)] == list(columns.items()), view
    assert found == recorded, f"record what was added in {RECORDED.name}"
    declared = {(view.name, column.name): column.comment for view in VIEWS for column in view.columns}
    assert {(view, column): comment for view, column, _, comment in rows} == declared
    assert comments == {view.name: f"{view.en} | {view.pt}" for view in VIEWS}
    assert sorted(path.stem for path in sql_path("bi").glob("*.sql")) == sorted(found)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_keys_are_unique_and_references_lead_to_a_row(views: Project, view: BiView) -> None:
    keys = {other.name: other.key[0] for other in VIEWS}
    name = sql.Identifier("bi", view.name)
    key = sql.SQL(", ").join(map(sql.Identifier, view.key))
    with psycopg.connect(views.target_url) as connection:
        statement = sql.SQL("SELECT count(*), count(DISTINCT ({})) FROM {}").format(key, name)
        total, distinct = connection.execute(statement).fetchone() or (0, 0)
        assert total == distinct
        assert total
        for column in view.columns:
            identifier = sql.Identifier(column.name)
            if not column.nullable:
                nulls = sql.SQL("SELECT count(*) FROM {} WHERE {} IS NULL").format(name, identifier)
                assert connection.execute(nulls).fetchone() == (0,), column.name
            if column.references:
                orphans = sql.SQL("SELECT count(*) FROM {} AS f WHERE f.{} NOT IN (SELECT {} FROM {})").format(
                    name,
                    identifier,
                    sql.Identifier(keys[column.references]),
                    sql.Identifier("bi", column.references),
                )
                assert connection.execute(orphans).fetchone() == (0,), column.name


def test_views_count_what_the_tables_count(views: Project) -> None:
    pairs = {
        "fact_conversation": "conversas_analytics",
        "fact_episode": "episodes",
        "fact_wait": "response_intervals",
        "fact_resolution": "resolutions",
        "fact_message": "messages",
        "fact_target": "targets",
        "dim_campaign": "campaigns",
        "fact_campaign_delivery": "campaign_deliveries",
    }
    with psycopg.connect(views.target_url) as connection:
        for view, table in pairs.items():
            counts = [
                connection.execute(sql.SQL("SELECT count(*) FROM {}").format(name)).fetchone()
                for name in (sql.Identifier("bi", view), sql.Identifier(table))
            ]
            assert counts[0] == counts[1]
        local = connection.execute(
            "SELECT count(*) FROM bi.fact_conversation WHERE created_at::date != date"
            " OR extract(HOUR FROM created_at) != hour"
        ).fetchone()
    assert local == (0,)


def test_role_reads_numbers_and_no_personal_data(views: Project) -> None:
    url = views.target_url.replace("postgres@", f"{READER}@", 1)
    with psycopg.connect(url, autocommit=True) as connection:
        for view in VIEWS:
            query = sql.SQL("SELECT * FROM {} LIMIT 1").format(sql.Identifier("bi", view.name))
            if view.personal:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(query)
            else:
                assert connection.execute(query).fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT content FROM messages")
    with psycopg.connect(views.target_url) as connection, pytest.raises(WarehouseError, match="no role 'nobody'"):
        grant(connection, "nobody", personal=False)


def test_dbt_sources_test_every_key_and_reference() -> None:
    tables = {table["name"]: table for table in sources()["sources"][0]["tables"]}
    assert set(tables) == {view.name for view in VIEWS if not view.personal}
    columns = {column["name"]: column["data_tests"] for column in tables["fact_conversation"]["columns"]}
    assert columns["conversation_id"] == ["unique", "not_null"]
    assert columns["agent_id"][1]["relationships"]["arguments"]["to"] == "source('chatwoot', 'dim_agent')"
    for view in VIEWS:
        if not view.personal:
            names = {column["name"]: column["data_tests"] for column in tables[view.name]["columns"]}
            single = {(name,) for name, tests in names.items() if "unique" in tests}
            (*composite,) = (_expression(test) for test in tables[view.name]["data_tests"])
            assert [*single, *(tuple(text.split(" || '/' || ")) for text in composite)] == [view.key]
    assert json.loads(sources_yaml().partition("\n")[2]) == sources()


def _expression(test: dict[str, Any]) -> str:
    text: str = test["unique"]["arguments"]["column_name"]
    return text


@pytest.mark.parametrize("table", sources()["sources"][0]["tables"], ids=lambda table: table["name"])
def test_dbt_tests_of_composite_keys_run_and_pass(views: Project, table: dict[str, Any]) -> None:
    for test in table["data_tests"]:
        key = _expression(test)
        with psycopg.connect(views.target_url) as connection:
            # The statement of dbt's `unique`.
            statement = (
                f"SELECT {key} AS unique_field, count(*) AS n_records FROM bi.{table['name']}"  # noqa: S608  # declared
                f" WHERE {key} IS NOT NULL GROUP BY {key} HAVING count(*) > 1"
            )
            assert connection.execute(statement.encode()).fetchall() == []
            tested = f"SELECT count(*), count({key}) FROM bi.{table['name']}"  # noqa: S608  # declared
            total, keys = connection.execute(tested.encode()).fetchone() or (0, 0)
        assert total == keys > 0


def test_exposure_names_the_views_that_grafana_reads() -> None:
    dashboard = (_ROOT / "deploy" / "grafana" / "chatwoot-numbers.json").read_text(encoding="utf-8")
    (exposure,) = sources()["exposures"]
    read = set(re.findall(r"\bbi\.(\w+)", dashboard))
    assert set(exposure["depends_on"]) == {f"source('chatwoot', '{name}')" for name in read}


# Recipes


def _statements(guide: str) -> list[str]:
    return re.findall(r"^```sql\n(.*?)^```$", (_ROOT / "docs" / guide).read_text(encoding="utf-8"), re.M | re.S)


def test_every_recipe_runs_for_the_reader(views: Project) -> None:
    statements = [text for text in _statements("exports.md") if "read_parquet" not in text]
    assert len(statements) >= 4
    with psycopg.connect(views.target_url.replace("postgres@", f"{READER}@", 1), autocommit=True) as connection:
        for statement in statements:
            # What the tools put in: Looker Studio's dates, and dbt's sources.
            text = statement.replace("@DS_START_DATE", "20250312").replace("@DS_END_DATE", "20250331")
            text = re.sub(r"\{\{ source\('chatwoot', '(\w+)'\) \}\}", r"bi.\1", text)
            assert len(connection.execute(text.encode()).fetchall()) > 2, statement


def test_every_panel_of_grafana_has_rows(views: Project) -> None:
    dashboard = json.loads((_ROOT / "deploy" / "grafana" / "chatwoot-numbers.json").read_text(encoding="utf-8"))
    with psycopg.connect(views.target_url.replace("postgres@", f"{READER}@", 1), autocommit=True) as connection:
        for panel in dashboard["panels"]:
            (target,) = panel["targets"]
            text = target["rawSql"].replace("$__timeFrom()", "'2025-03-12T00:00:00Z'")
            rows = connection.execute(text.replace("$__timeTo()", "'2025-03-31T23:59:59Z'").encode()).fetchall()
            assert all(value is not None for value in rows[0]), panel["title"]
            assert len(rows) == {"stat": 1, "timeseries": 20}.get(panel["type"], len(rows)), panel["title"]


def test_duckdb_recipe_counts_the_extracts(views: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(views.settings.home)
    (statement,) = [text for text in _statements("exports.md") if "read_parquet" in text]
    rows = duckdb.execute(statement).fetchall()
    with psycopg.connect(views.target_url) as connection:
        expected = connection.execute("SELECT count(*) FROM conversas_analytics").fetchone()
    assert (sum(row[1] for row in rows),) == expected
    assert all(incoming for _, _, incoming in rows)
