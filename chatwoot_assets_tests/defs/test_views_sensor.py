"""The sensor deploys views again when their SQL changes, and only then."""

from __future__ import annotations

import zoneinfo
from dataclasses import replace

import dagster as dg
import pytest

from chatwoot_assets.change_detection.scan import scan_for_changes
from chatwoot_assets.commands.runs import reason
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.jobs import DEPLOY_VIEWS
from chatwoot_assets.errors import SourceError
from chatwoot_assets.source.create import drop_views
from chatwoot_assets_tests.project import QUIET, Project
from chatwoot_assets_tests.source.view_catalog import definitions


def _tick(project: Project) -> dg.RunRequest | dg.SkipReason:
    with dg.build_sensor_context(resources=project.resources) as context:
        result = build_defs(project.settings).resolve_sensor_def("views_sensor")(context)
    assert isinstance(result, dg.RunRequest | dg.SkipReason)
    return result


def _skip_message(project: Project) -> str:
    result = _tick(project)
    assert isinstance(result, dg.SkipReason)
    return str(result.skip_message)


def _another_version(project: Project) -> None:
    with project.source() as connection:
        connection.execute("COMMENT ON VIEW chatwoot_analytics.vw_csat_base IS 'chatwoot_assets 0'")


def test_views_that_are_up_to_date_are_left_alone(project: Project) -> None:
    assert _skip_message(project) == "every view is up to date"


def test_views_of_another_version_are_deployed_again_once(project: Project) -> None:
    _another_version(project)
    first, again = _tick(project), _tick(project)
    assert isinstance(first, dg.RunRequest)
    assert isinstance(again, dg.RunRequest)
    assert first.run_key == again.run_key
    job = build_defs(project.settings).resolve_job_def(DEPLOY_VIEWS)
    assert job.execute_in_process(resources=project.resources, run_config=QUIET).success
    assert _skip_message(project) == "every view is up to date"


def test_a_missing_view_is_deployed_again(project: Project) -> None:
    with project.source() as connection:
        connection.execute("DROP VIEW chatwoot_analytics.vw_conversations_analytics")
    assert isinstance(_tick(project), dg.RunRequest)


def test_views_that_were_never_created_are_not_deployed(project: Project) -> None:
    with project.source() as connection:
        drop_views(connection, "chatwoot_analytics")
    assert "chatwoot-assets views create" in _skip_message(project)


def test_views_created_by_hand_are_not_replaced(project: Project) -> None:
    with project.source() as connection:
        for name in build_defs(project.settings).resolve_job_def(DEPLOY_VIEWS).asset_layer.executable_asset_keys:
            connection.execute(f"COMMENT ON VIEW chatwoot_analytics.{name.to_user_string()} IS NULL".encode())
    assert "create them with" in _skip_message(project)


def test_a_scan_refuses_views_of_another_version(project: Project) -> None:
    _another_version(project)
    with pytest.raises(SourceError, match=r"vw_csat_base.*chatwoot-assets views create"):
        scan_for_changes(project.settings, project.resources["chatwoot"], project.resources["warehouse"], recent=3)


def test_a_source_that_is_down_is_reported(project: Project) -> None:
    assert "cannot compare now" in _skip_message(replace(project, source_url="postgresql://127.0.0.1:1/chatwoot"))


def test_the_time_zone_of_the_views_is_never_changed_by_dagster(project: Project) -> None:
    utc = replace(project, settings=replace(project.settings, reporting_timezone=zoneinfo.ZoneInfo("UTC")))
    assert "made for the time zone America/Sao_Paulo, and REPORTING_TIMEZONE is UTC" in _skip_message(utc)
    with project.source() as connection:
        before = definitions(connection, "chatwoot_analytics")
    job = build_defs(utc.settings).resolve_job_def(DEPLOY_VIEWS)
    result = job.execute_in_process(resources=utc.resources, run_config=QUIET, raise_on_error=False)
    assert not result.success
    assert "set REPORTING_TIMEZONE=America/Sao_Paulo, or run: chatwoot-assets views create --change-timezone" in reason(
        result
    )
    with project.source() as connection:
        assert definitions(connection, "chatwoot_analytics") == before
