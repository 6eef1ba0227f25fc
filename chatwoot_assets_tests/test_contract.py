"""The data contract, compared with an independent implementation, on rows that break naive code."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from psycopg.rows import dict_row

from chatwoot_assets_tests.adversarial import insert_adversarial_rows
from chatwoot_assets_tests.adversarial_times import AdversarialDays
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.local_views import view_differences
from chatwoot_assets_tests.oracle import differences, expected_conversations
from chatwoot_assets_tests.oracle_summaries import expected_daily_summary, expected_mvw_daily_summary
from chatwoot_assets_tests.project import Project


@pytest.fixture(scope="module")
def adversarial(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, AdversarialDays]:
    """A source with the adversarial rows."""
    directory = tmp_path_factory.mktemp("adversarial")
    project = Project.create(postgres.new_database(), postgres.new_database(), directory)
    with project.source() as connection:
        days = insert_adversarial_rows(connection)
    return project, days


def _days_of(project: Project, days: AdversarialDays) -> tuple[datetime.date, ...]:
    return days.utc if project.settings.reporting_timezone.key == "UTC" else days.sao_paulo


def _load_all(project: Project, days: tuple[datetime.date, ...]) -> None:
    for day in days:
        assert project.load(day).success


def _expected(project: Project, days: tuple[datetime.date, ...]) -> dict[int, dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    with project.source() as connection:
        for day in days:
            rows |= expected_conversations(connection, project.settings.reporting_timezone.key, day)
    return rows


# Each time zone with deployed views, and with views that queries bring along.
_MODES = [(zone, is_inline) for zone in ("UTC", "America/Sao_Paulo") for is_inline in (False, True)]


@pytest.fixture(scope="module", params=_MODES, ids=[f"{zone} {('deployed', 'inline')[mode]}" for zone, mode in _MODES])
def loaded(
    request: pytest.FixtureRequest,
    adversarial: tuple[Project, AdversarialDays],
    postgres: Postgres,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Project, dict[int, dict[str, Any]]]:
    """The adversarial days, loaded in a reporting time zone, and their rows by the contract."""
    source, adversarial_days = adversarial
    directory: Path = tmp_path_factory.mktemp("loaded")
    zone, is_inline = request.param
    project = Project.create(source.source_url, postgres.new_database(), directory, timezone=zone, empty=False)
    if is_inline:
        schema = f"nowhere_{zone.lower()}"
        project = replace(project, settings=replace(project.settings, has_inline_views=True, views_schema=schema))
    days = _days_of(project, adversarial_days)
    _load_all(project, days)
    if is_inline:
        with project.source() as connection:
            created = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema]).fetchone()
        assert created is None
    return project, _expected(project, days)


def test_every_column_of_conversas_analytics_follows_the_contract(
    loaded: tuple[Project, dict[int, dict[str, Any]]],
) -> None:
    project, expected = loaded
    assert len(expected) > 150
    assert differences(expected, project.conversations()) == []


def test_local_views_have_the_rows_of_the_remote_ones(loaded: tuple[Project, dict[int, dict[str, Any]]]) -> None:
    project, expected = loaded
    assert len(expected) > 150
    project.create_views()  # to compare with; nothing was read from them if the queries brought views along
    assert view_differences(project) == []


def test_every_column_of_daily_summary_follows_the_contract(
    loaded: tuple[Project, dict[int, dict[str, Any]]],
) -> None:
    project, expected = loaded
    assert differences(expected_daily_summary(expected), project.daily_summary()) == []


def test_mvw_daily_summary_weights_inboxes_with_one_name(
    loaded: tuple[Project, dict[int, dict[str, Any]]],
) -> None:
    project, expected = loaded
    assert differences(expected_mvw_daily_summary(expected), project.mvw_daily_summary()) == []


def test_view_on_the_source_agrees_with_the_local_table(
    loaded: tuple[Project, dict[int, dict[str, Any]]],
) -> None:
    project, _ = loaded
    project.create_views()  # for this project's time zone: the source is shared
    local = project.conversations()
    with project.source() as connection, connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "SELECT * FROM chatwoot_analytics.vw_conversations_analytics WHERE id = ANY(%s)", [list(local)]
        ).fetchall()
    remote = {row["id"]: {name: _in_utc(value) for name, value in row.items()} for row in rows}
    assert differences(remote, local) == []
    assert set(local[next(iter(local))]) - set(rows[0]) == {"extracted_at"}


def _in_utc(value: object) -> object:
    """Mark a timestamp as UTC: the views have Chatwoot's UTC without a zone."""
    return value.replace(tzinfo=datetime.timezone.utc) if isinstance(value, datetime.datetime) else value


def test_extracted_at_is_the_instant_of_the_snapshot(project: Project) -> None:
    day = datetime.date(2025, 3, 10)
    with project.source() as connection:
        connection.execute(
            "INSERT INTO accounts (id, name, created_at, updated_at) VALUES (1, 'Loja', now(), now());"
            "INSERT INTO conversations (id, account_id, inbox_id, created_at, updated_at)"
            " VALUES (1, 1, 1, '2025-03-10 12:00', now())"
        )
    before = datetime.datetime.now(datetime.timezone.utc)
    project.load(day)
    extracted_at = project.conversations()[1]["extracted_at"]
    assert before <= extracted_at <= datetime.datetime.now(datetime.timezone.utc)
