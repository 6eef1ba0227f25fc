"""`doctor` finds what is wrong, says what to do, and exits with 1 if something is an error."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.commands.diagnosis.extracts import look_at_extracts
from chatwoot_assets.commands.diagnosis.finding import State
from chatwoot_assets.errors import ExtractError
from chatwoot_assets.settings import Settings
from chatwoot_assets_tests.command_line import DAY, Outcome, Workspace, assert_tells_no_secret
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.object_stores import BUCKET, s3_server
from chatwoot_assets_tests.servers import free_port


@pytest.fixture(scope="module")
def workspace(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace whose day is loaded."""
    workspace = Workspace.create(postgres, tmp_path_factory.mktemp("doctor"))
    assert workspace.run("backfill", "--from", DAY, "--to", DAY).code == 0
    return workspace


def _states(outcome: Outcome) -> dict[str, str]:
    document = json.loads(outcome.out)
    assert document["ok"] == (outcome.code == 0)
    return {finding["name"]: finding["state"] for finding in document["findings"]}


def test_doctor_finds_no_error_in_a_loaded_workspace(workspace: Workspace) -> None:
    outcome = workspace.run("doctor", "--json")
    assert_tells_no_secret(outcome)
    assert outcome.code == 0, outcome.out
    states = _states(outcome)
    assert "error" not in states.values()
    for name in ("Chatwoot's server", "clocks", "views", "privileges on the views", "Dagster's storage", "extracts"):
        assert states[name] == "ok", name
    assert states["Dagster's daemon"] == "warning"


def test_doctor_reports_each_place_that_cannot_be_reached(workspace: Workspace) -> None:
    gone = f"postgresql://u@127.0.0.1:{free_port()}/x"
    outcome = workspace.run("doctor", CHATWOOT_DATABASE_URL=gone, ANALYTICS_DATABASE_URL=gone)
    assert_tells_no_secret(outcome)
    assert outcome.code == 1
    assert outcome.err.splitlines() == outcome.error_lines
    assert "findings are errors: Chatwoot's database, warehouse" in outcome.error_lines[0]
    assert outcome.out.count("check host and port in the URL") == 2
    assert "Dagster's storage: is ours" in outcome.out


def test_doctor_names_views_that_are_gone_or_not_readable(workspace: Workspace) -> None:
    with psycopg.connect(workspace.source_url) as connection:
        connection.execute("CREATE ROLE doctors_reader LOGIN")
        connection.execute("GRANT USAGE ON SCHEMA chatwoot_analytics TO doctors_reader")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA chatwoot_analytics TO doctors_reader")
        connection.execute("REVOKE SELECT ON chatwoot_analytics.vw_teams FROM doctors_reader")
        definition = connection.execute("SELECT pg_get_viewdef('chatwoot_analytics.vw_conversations_analytics')")
        (text,) = definition.fetchone() or ("",)
        connection.execute("DROP VIEW chatwoot_analytics.vw_conversations_analytics")
    try:
        url = workspace.source_url.replace("postgres@", "doctors_reader@", 1)
        outcome = workspace.run("doctor", CHATWOOT_DATABASE_URL=url)
    finally:
        with psycopg.connect(workspace.source_url) as connection:
            create = sql.SQL("CREATE VIEW chatwoot_analytics.vw_conversations_analytics AS {}")
            connection.execute(create.format(sql.SQL(text.rstrip(";"))))
            connection.execute("DROP OWNED BY doctors_reader")
            connection.execute("DROP ROLE doctors_reader")
    assert outcome.code == 1
    assert "privileges on the views: not readable: vw_teams; run sql/chatwoot/grants.sql" in outcome.out
    assert (
        "missing in 'chatwoot_analytics': vw_conversations_analytics; run: chatwoot-assets views create" in outcome.out
    )


def test_doctor_says_once_that_no_view_exists_yet(workspace: Workspace) -> None:
    outcome = workspace.run("doctor", CHATWOOT_VIEWS_SCHEMA="not_created_yet")
    assert outcome.code == 1
    assert outcome.out.count("views create") == 1
    assert "missing in 'not_created_yet': all views; run: chatwoot-assets views create" in outcome.out


def test_doctor_writes_and_reads_one_object_and_deletes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with s3_server(tmp_path) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        settings = Settings.from_values({"EXTRACTS_URL": f"s3://{BUCKET}/chatwoot"})
        for _ in range(2):
            (finding,) = look_at_extracts(settings)
            assert finding.state is State.OK
        objects = [path for path in (server.directory / BUCKET).rglob("*") if path.is_file()]
        assert objects == [server.directory / BUCKET / "chatwoot" / "doctor"]
        # docs/operating.md promises that no permission to delete is needed.
        assert server.count_deletions() == 0
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
        with pytest.raises(ExtractError):
            list(look_at_extracts(Settings.from_values({"EXTRACTS_URL": "s3://no-such-bucket/chatwoot"})))
