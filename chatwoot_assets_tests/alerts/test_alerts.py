"""Alerts from end to end: a real HTTP server takes what the sensor and the command send."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

import dagster as dg

from chatwoot_assets.alert_rules import AlertRules
from chatwoot_assets.change_detection.full_comparison import compare_all
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.alerts import find_problems
from chatwoot_assets.defs.own_definitions import OwnDefinitions
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets_tests.alerts.receiver import receiver
from chatwoot_assets_tests.project import Project

NAME = "Marcador da Silva"


def _tick(project: Project, instance: dg.DagsterInstance) -> str:
    definitions = build_defs(project.settings)
    with dg.build_sensor_context(instance=instance, resources=project.resources) as context:
        result = definitions.resolve_sensor_def("alerts_sensor")(context)
    assert isinstance(result, dg.SkipReason)
    return str(result.skip_message)


def test_sensor_sends_what_is_wrong_once_and_then_that_it_is_gone(
    recent: Project, instance: dg.DagsterInstance
) -> None:
    list(compare_all(recent.settings, recent.resources["chatwoot"], recent.resources["warehouse"]))
    with recent.source() as connection:
        connection.execute("UPDATE contacts SET name = %s", [NAME])
    with receiver() as (address, taken):
        rules = AlertRules(waiting=datetime.timedelta(hours=1), backlog=5)
        watched = replace(
            recent,
            settings=replace(
                recent.settings, alert_urls=(address,), alert_rules=rules, chatwoot_url="https://chat.example.com"
            ),
        )
        assert "sent chatwoot_assets: 2 problems" in _tick(watched, instance)
        assert "nothing to send" in _tick(watched, instance)
        (sent,) = taken
        assert sent.startswith("warning|chatwoot_assets: 2 problems|")
        assert "contacts have waited for a reply for more than 1 hour" in sent
        assert "https://chat.example.com/app/accounts/1/conversations/" in sent
        assert "open conversations, more than 5" in sent
        assert NAME not in sent
        calm = replace(watched, settings=replace(watched.settings, alert_rules=AlertRules()))
        assert "sent chatwoot_assets: 2 problems resolved" in _tick(calm, instance)
        assert taken[1].startswith("success|chatwoot_assets: 2 problems resolved|Resolved: ")


def test_failed_run_stale_data_and_a_warehouse_that_is_down_are_sent(
    recent: Project, instance: dg.DagsterInstance
) -> None:
    list(compare_all(recent.settings, recent.resources["chatwoot"], recent.resources["warehouse"]))
    with recent.target() as connection:
        connection.execute("UPDATE source_comparison SET compared_at = compared_at - interval '30 hours'")
    gone = replace(recent, source_url="postgresql://127.0.0.1:1/chatwoot")
    assert not gone.load(recent.settings.partitions_start_date, instance=instance, raise_on_error=False).success
    with receiver() as (address, taken):
        watched = replace(recent, settings=replace(recent.settings, alert_urls=(address,)))
        _tick(watched, instance)
        assert re.search(r"The data are 30[0-9.]* hours behind Chatwoot", taken[0])
        assert "The last run of refresh_days failed: " in taken[0]
        down = replace(watched, target_url="postgresql://127.0.0.1:1/analytics")
        _tick(down, instance)
        assert "The warehouse cannot be used: ANALYTICS_DATABASE_URL" in taken[1]


def test_message_that_nobody_took_is_sent_again(recent: Project, instance: dg.DagsterInstance) -> None:
    list(compare_all(recent.settings, recent.resources["chatwoot"], recent.resources["warehouse"]))
    settings = replace(recent.settings, alert_rules=AlertRules(backlog=5))
    nobody = replace(recent, settings=replace(settings, alert_urls=("json://127.0.0.1:1",)))
    assert "could not be sent" in _tick(nobody, instance)
    with receiver() as (address, taken):
        assert "sent" in _tick(replace(recent, settings=replace(settings, alert_urls=(address,))), instance)
        assert len(taken) == 1


def test_sensor_says_nothing_without_addresses(recent: Project, instance: dg.DagsterInstance) -> None:
    assert _tick(recent, instance) == "ALERT_URLS is not set"
    sensor = build_defs(recent.settings).resolve_sensor_def("alerts_sensor")
    assert sensor.default_status is dg.DefaultSensorStatus.STOPPED


def _find_problems(instance: dg.DagsterInstance, own: OwnDefinitions) -> dict[str, str]:
    """Return the problems that Dagster knows, by their keys."""
    nowhere = Warehouse("postgresql://127.0.0.1:1/analytics")
    now = datetime.datetime.now(datetime.timezone.utc)
    problems = find_problems(instance, nowhere, Settings.from_values({}), own, now)
    return {problem.key: problem.text for problem in problems if problem.key != "warehouse"}


def test_failed_run_stays_a_problem_however_many_other_runs_follow(instance: dg.DagsterInstance) -> None:
    own = OwnDefinitions.of(build_defs(Settings.from_values({})))
    instance.add_run(dg.DagsterRun("compare_days", "failed", status=dg.DagsterRunStatus.FAILURE))
    for number in range(250):
        instance.add_run(dg.DagsterRun("refresh_days", f"refresh {number}", status=dg.DagsterRunStatus.SUCCESS))
    assert _find_problems(instance, own) == {"run compare_days": "The last run of compare_days failed: failed"}
    instance.add_run(dg.DagsterRun("compare_days", "repaired", status=dg.DagsterRunStatus.SUCCESS))
    assert _find_problems(instance, own) == {}


def test_failed_check_stays_a_problem_while_it_runs_again(instance: dg.DagsterInstance) -> None:
    seen: list[list[str]] = []

    @dg.asset_check(asset="episodes", name="add_up")
    def check() -> dg.AssetCheckResult:
        seen.append(list(_find_problems(instance, own)))
        return dg.AssetCheckResult(passed=False)

    own = OwnDefinitions.of(dg.Definitions(asset_checks=[check]))
    for _ in range(2):
        _execute(check, instance)
    assert seen == [[], ["check episodes.add_up"]]


def test_check_whose_run_failed_is_a_problem_until_it_passes(instance: dg.DagsterInstance) -> None:
    is_broken = True

    @dg.asset_check(asset="episodes", name="add_up")
    def check() -> dg.AssetCheckResult:
        if is_broken:
            raise OSError
        return dg.AssetCheckResult(passed=True)

    own = OwnDefinitions.of(dg.Definitions(asset_checks=[check]))
    run_id = _execute(check, instance)
    assert _find_problems(instance, own) == {
        "check episodes.add_up": f"The check episodes.add_up could not run: run {run_id}"
    }
    is_broken = False
    _execute(check, instance)
    assert _find_problems(instance, own) == {}


def _execute(check: dg.AssetChecksDefinition, instance: dg.DagsterInstance) -> str:
    """Run a check in a run that plans it, as its schedule does."""
    job = dg.define_asset_job("checks", selection=dg.AssetSelection.checks(check))
    resolved = dg.Definitions(asset_checks=[check], jobs=[job]).resolve_job_def("checks")
    return resolved.execute_in_process(instance=instance, raise_on_error=False).run_id
