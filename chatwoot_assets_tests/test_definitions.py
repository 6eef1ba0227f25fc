"""The definitions: the lineage, description and version of every asset, and the jobs, schedules and sensors."""

from __future__ import annotations

import datetime
import hashlib
import subprocess
import sys
import zoneinfo
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.campaigns import CAMPAIGN_ASSETS
from chatwoot_assets.defs.daily_assets import DAYS_PER_BACKFILL_RUN
from chatwoot_assets.defs.jobs import DEPLOY_VIEWS
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.views import VIEWS

LINEAGE = {
    "vw_attribute_definitions": {"custom_attribute_definitions"},
    "vw_allowed_attributes": {"vw_attribute_definitions", "accounts"},
    "vw_imported_conversations": {"data_import_mappings"},
    "vw_captain_outcomes": {"conversation_outcomes"},
    "vw_conversations_own": {
        "conversations",
        "conversation_participants",
        "vw_allowed_attributes",
        "vw_imported_conversations",
        "vw_captain_outcomes",
    },
    "vw_accounts": {"accounts"},
    "vw_contacts": {"contacts", "vw_allowed_attributes"},
    "vw_inboxes": {"inboxes", "working_hours"},
    "vw_teams": {"teams"},
    "vw_users": {"users"},
    "vw_account_names": {"account_users", "users", "teams"},
    "vw_inbox_bots": {"agent_bot_inboxes", "inboxes"},
    "vw_dialogflow_inboxes": {"integrations_hooks", "inboxes"},
    "vw_captain_inboxes": {"captain_inboxes", "inboxes"},
    "vw_campaigns": {"campaigns"},
    "vw_campaign_deliveries": {"campaign_recipients"},
    "vw_conversation_slas": {"conversations", "applied_slas", "sla_policies", "sla_events"},
    "vw_calls": {"conversations", "calls"},
    "vw_conversations_joined": {
        "vw_conversations_own",
        "vw_allowed_attributes",
        "vw_inboxes",
        "contacts",
        "users",
        "accounts",
        "teams",
    },
    "vw_conversations_base": {"vw_conversations_own", "vw_allowed_attributes", "contacts", "inboxes", "users"},
    "vw_conversation_labels": {"conversations", "taggings", "tags"},
    "vw_csat_responses": {"conversations", "csat_survey_responses"},
    "vw_messages_own": {"messages"},
    "vw_messages_marked": {"conversations", "vw_messages_own"},
    "vw_messages_base": {"vw_messages_marked"},
    "vw_messages_compiled": {"conversations", "contacts", "vw_messages_base"},
    "vw_csat_base": {"conversations", "vw_csat_responses"},
    "vw_reporting_events_own": {"reporting_events"},
    "vw_reporting_events_base": {"conversations", "vw_reporting_events_own"},
    "vw_conversation_metrics": {"vw_conversations_own"},
    "vw_message_stats": {"conversations", "vw_messages_base"},
    "vw_conversations_analytics": {
        "vw_conversations_base",
        "vw_messages_compiled",
        "vw_csat_base",
        "vw_conversation_metrics",
        "vw_message_stats",
    },
    "extract_conversations": {
        "vw_conversations_own",
        "vw_conversations_joined",
        "vw_conversation_labels",
        "vw_conversation_slas",
        "vw_calls",
        "vw_accounts",
        "vw_contacts",
        "vw_inboxes",
        "vw_teams",
        "vw_users",
    },
    "extract_messages": {"vw_messages_own", "vw_messages_marked"},
    "extract_csat": {"vw_csat_responses"},
    "extract_reporting_events": {"vw_reporting_events_own", "vw_reporting_events_base"},
    "conversas_analytics": {"extract_conversations", "extract_messages", "extract_csat"},
    "messages": {"extract_conversations", "extract_messages"},
    "daily_summary": {"conversas_analytics"},
    "campaigns": {"vw_campaigns"},
    "campaign_deliveries": {"vw_campaign_deliveries"},
}
EXTRACTS = [name for name in LINEAGE if name.startswith("extract_")]
LINEAGE |= {table: set(EXTRACTS) for table in TABLES}
LINEAGE["source_comparison"] = {"conversas_analytics"}
DAILY = [*EXTRACTS, "conversas_analytics", "messages", "daily_summary", *TABLES]


@pytest.fixture(scope="module")
def settings() -> Settings:
    return Settings.from_values({"CHATWOOT_ASSETS_HOME": "/nowhere"})


@pytest.fixture(scope="module")
def defs(settings: Settings) -> dg.Definitions:
    return build_defs(settings)


@pytest.fixture(scope="module")
def specs(defs: dg.Definitions) -> dict[str, dg.AssetSpec]:
    """All assets by the last part of their key; of two with one name, ours and not Chatwoot's table."""
    by_length = sorted(defs.resolve_all_asset_specs(), key=lambda spec: len(spec.key.path), reverse=True)
    return {spec.key.path[-1]: spec for spec in by_length}


def test_the_definitions_can_be_loaded(defs: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(defs)


def test_the_definitions_load_without_a_database_or_a_file(tmp_path: Path) -> None:
    code = (
        "import socket; socket.socket.connect = None\n"
        "from chatwoot_assets.definitions import defs; import dagster as dg; dg.Definitions.validate_loadable(defs)"
    )
    environment = {
        "CHATWOOT_ASSETS_HOME": str(tmp_path / "home"),
        "CHATWOOT_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_run_imports_no_pandas() -> None:
    """The database drivers would import it: 60 MB and half a second per process."""
    code = "import sys, chatwoot_assets.commands.backfill; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", LINEAGE)
def test_every_asset_is_downstream_of_the_assets_that_it_reads(specs: dict[str, dg.AssetSpec], name: str) -> None:
    assert {dep.asset_key.path[-1] for dep in specs[name].deps} == LINEAGE[name]


def test_the_assets_are_those_of_the_contract_and_chatwoots_tables(specs: dict[str, dg.AssetSpec]) -> None:
    assert set(specs) == {*LINEAGE, *set().union(*LINEAGE.values())}


def test_every_asset_has_a_group_kinds_and_a_description(specs: dict[str, dg.AssetSpec]) -> None:
    for name, spec in specs.items():
        assert spec.group_name not in (None, "default"), name
        assert spec.kinds, name
        assert spec.description, name


def test_every_asset_of_the_project_has_an_owner(specs: dict[str, dg.AssetSpec]) -> None:
    assert [name for name in LINEAGE if not specs[name].owners] == []


def test_every_asset_has_a_code_version_and_every_table_its_columns(specs: dict[str, dg.AssetSpec]) -> None:
    assert [name for name in (*(view.name for view in VIEWS), *DAILY) if not specs[name].code_version] == []
    assert [name for name in DAILY if "dagster/column_schema" not in specs[name].metadata] == []


def test_every_check_has_a_description(defs: dg.Definitions) -> None:
    checks = [spec for checks in defs.asset_checks or [] for spec in checks.check_specs]
    assert len(checks) >= 5
    assert [spec.name for spec in checks if not spec.description] == []


def test_the_daily_assets_share_partitions_and_a_run_plans_few_events(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    nodes = [graph.get(dg.AssetKey(name)) for name in DAILY]
    assert len({node.partitions_def for node in nodes}) == 1
    assert {node.backfill_policy for node in nodes} == {dg.BackfillPolicy.multi_run(DAYS_PER_BACKFILL_RUN)}
    # Dagster's own storage plans an event in about 60 ms, and run monitoring waits 180 s for the first step.
    assert len(DAILY) * DAYS_PER_BACKFILL_RUN * 0.06 < 60


def test_the_schedules_and_sensors_run_from_the_start(settings: Settings) -> None:
    repository = build_defs(settings).get_repository_def()
    assert {sensor.name for sensor in repository.sensor_defs} == {
        "alerts_sensor",
        "changed_days_sensor",
        "views_sensor",
    }
    assert {schedule.name for schedule in repository.schedule_defs} == {
        "hourly_refresh_schedule",
        "compare_days_schedule",
        "drop_contents_schedule",
        "check_freshness_schedule",
        "reconcile_schedule",
        "prune_schedule",
        "refresh_campaigns_schedule",
    }
    # Alerts need an address.
    statuses = {sensor.default_status for sensor in repository.sensor_defs if sensor.name != "alerts_sensor"}
    assert statuses == {dg.DefaultSensorStatus.RUNNING}
    assert {schedule.default_status for schedule in repository.schedule_defs} == {dg.DefaultScheduleStatus.RUNNING}
    assert all(sensor.description for sensor in repository.sensor_defs)
    assert all(schedule.description for schedule in repository.schedule_defs)
    assert {schedule.execution_timezone for schedule in repository.schedule_defs} == {settings.reporting_timezone.key}


@pytest.mark.parametrize(("fail", "expected"), [(50, 50), (1, 26)], ids=["longer than a day", "a quiet day"])
def test_the_freshness_policy_tolerates_a_quiet_day(settings: Settings, fail: int, expected: int) -> None:
    hours = datetime.timedelta(hours=fail)
    defs = build_defs(replace(settings, freshness_fail=hours))
    for spec in defs.resolve_all_asset_specs():
        policy = spec.freshness_policy
        if spec.key.to_user_string() in {*DAILY, *CAMPAIGN_ASSETS}:
            assert isinstance(policy, dg.FreshnessPolicy)
            assert _fail_window(policy) == datetime.timedelta(hours=expected)
        else:
            assert policy is None


def _fail_window(policy: Any) -> datetime.timedelta:  # noqa: ANN401 - its class is not exported
    return datetime.timedelta(seconds=policy.fail_window.to_timedelta().total_seconds())


def test_the_deployment_selects_the_views(defs: dg.Definitions) -> None:
    keys = defs.resolve_job_def(DEPLOY_VIEWS).asset_layer.executable_asset_keys
    assert {key.to_user_string() for key in keys} == {view.name for view in VIEWS}


def _versions(settings: Settings) -> dict[str, str | None]:
    return {spec.key.to_user_string(): spec.code_version for spec in build_defs(settings).resolve_all_asset_specs()}


def test_the_code_version_of_a_view_is_the_hash_of_its_sql(settings: Settings) -> None:
    versions = _versions(settings)
    assert versions == _versions(settings)
    for view in VIEWS:
        text = view.statement(settings.view_options).as_string()
        assert versions[view.name] == hashlib.sha256(text.encode()).hexdigest()[:12]
    assert len({versions[view.name] for view in VIEWS}) == len(VIEWS)


def test_the_code_version_of_a_view_and_of_the_days_changes_with_the_time_zone(settings: Settings) -> None:
    moved = replace(settings, reporting_timezone=zoneinfo.ZoneInfo("Asia/Tokyo"))
    before, after = _versions(settings), _versions(moved)
    # Dates among the attributes are days of the zone.
    views = {"vw_conversations_own", "vw_conversations_base", "vw_conversations_joined", "vw_contacts"}
    assert {name for name in before if before[name] != after[name]} == views | set(DAILY)


def test_the_code_version_of_every_view_changes_with_its_schema(settings: Settings) -> None:
    before, after = _versions(settings), _versions(replace(settings, views_schema="elsewhere"))
    assert {name for name in before if before[name] != after[name]} == {view.name for view in VIEWS}


def test_the_definitions_contain_no_password_of_the_environment(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATWOOT_DATABASE_URL", "postgresql://u:hunter2@h/d")
    given = build_defs(replace(settings, chatwoot_url_is_set=True))
    snapshots = [repr(given.resources), *(repr(spec) for spec in given.resolve_all_asset_specs())]
    assert not [text for text in snapshots if "hunter2" in text]
