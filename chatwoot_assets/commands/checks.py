"""`chatwoot-assets checks`: every asset check that the definitions have, on a small sample of its own.

For whoever changes a view: it deploys the checkout's SQL into a sample Chatwoot, loads it as users do, and
says whether what came out still holds together. Nothing of the user's own databases is touched.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

import dagster as dg
from rich import box
from rich.console import Console
from rich.table import Table

from chatwoot_assets.change_detection.scan import scan_for_changes
from chatwoot_assets.commands.console import chatwoot_database, out, warehouse_database
from chatwoot_assets.commands.junit import CheckResult, Outcome, write_junit
from chatwoot_assets.commands.runs import execute, reason
from chatwoot_assets.commands.sample import first_day, make_sample
from chatwoot_assets.commands.temporary_home import temporary_home
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.jobs import DEPLOY_VIEWS, REFRESH_DAYS, range_tags
from chatwoot_assets.errors import SettingsError, UserError
from chatwoot_assets.partitions import today
from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets.progress import Progress, tell
from chatwoot_assets.settings import Settings

_CONVERSATIONS = 600
_DAYS = 5
_ALL_CHECKS = "all_checks"
_TABLE_WIDTH = 140


def run_checks(junit: str | None) -> None:
    """Run all checks, show what they said, and write it to the file `junit` where one is given.

    Raises:
        SettingsError: there is no place for that file.
        UserError: a run failed, or a check of severity ERROR did.
    """
    path = Path(junit).absolute() if junit is not None else None
    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        raise SettingsError(f"--junit {junit}: that is no file in a directory that is there; give another")
    started = time.monotonic()
    failure: UserError | None = None
    with temporary_home() as server:
        settings = _make_source(server)
        evaluations: dict[dg.AssetCheckKey, CheckResult] = {}
        try:
            failure = _run_all(settings, evaluations)
        except UserError as error:
            failure = error
        results = _in_order(settings, evaluations, failure)
    seconds = time.monotonic() - started
    if path is not None:
        write_junit(path, results, seconds)
    _show(results, seconds)
    _judge(results, failure)


def _make_source(server: embedded.EmbeddedPostgres) -> Settings:
    """Make the sample, and return the settings whose partitions begin with it."""
    url = server.url(embedded.SAMPLE_DATABASE)
    make_sample(url, _CONVERSATIONS, _DAYS)
    zone = Settings.load().reporting_timezone
    os.environ["PARTITIONS_START_DATE"] = first_day(url, zone).isoformat()
    return Settings.load()


def _run_all(settings: Settings, evaluations: dict[dg.AssetCheckKey, CheckResult]) -> UserError | None:
    """Deploy, load and compare as users do, then run every check; what they say goes into `evaluations`.

    Returns:
        Why the run of the checks failed, or None.

    Raises:
        UserError: what comes before it failed.
    """
    defs = _definitions(settings)
    tags = range_tags(settings.partitions_start_date.isoformat(), today(settings.reporting_timezone).isoformat())
    # One instance for all: some checks ask it for the partitions' state.
    with dg.DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance:
        for name, of_days in ((DEPLOY_VIEWS, False), (REFRESH_DAYS, True)):
            result = execute(defs.resolve_job_def(name), instance, tags if of_days else None)
            if not result.success:
                raise UserError(f"{name}: {reason(result)}")
        # Freshness is judged by what the passes over Chatwoot found.
        scan_for_changes(settings, chatwoot_database(settings), warehouse_database())
        result = execute(defs.resolve_job_def(_ALL_CHECKS), instance)
    evaluations.update(_results(result, defs))
    return None if result.success else UserError(reason(result))


def _definitions(settings: Settings) -> dg.Definitions:
    """Return the user's definitions, with a job on top that has every check of theirs."""
    defs = build_defs(settings)
    total = len(_check_keys(defs))
    done = 0

    def told(_context: dg.HookContext) -> None:
        nonlocal done
        done += 1
        tell(Progress("checking", done, total, "checks"))

    hooks = {dg.success_hook(name="checked")(told), dg.failure_hook(name="check_failed")(told)}
    job = dg.define_asset_job(_ALL_CHECKS, selection=dg.AssetSelection.all_asset_checks(), hooks=hooks)
    return dg.Definitions.merge(defs, dg.Definitions(jobs=[job]))


def _check_keys(defs: dg.Definitions) -> list[dg.AssetCheckKey]:
    return sorted(defs.resolve_asset_graph().asset_check_keys)


def _results(result: dg.ExecuteInProcessResult, defs: dg.Definitions) -> dict[dg.AssetCheckKey, CheckResult]:
    events = result.filter_events(lambda event: event.is_step_event and event.step_key is not None)
    seconds = {e.step_key: e.step_success_data.duration_ms / 1000 for e in events if e.is_step_success}
    evaluated = [event for event in events if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION]
    checks_of_step = Counter(event.step_key for event in evaluated)
    found = {}
    for event in evaluated:
        said = event.asset_check_evaluation_data
        key = dg.AssetCheckKey(said.asset_key, said.check_name)
        share = seconds.get(event.step_key, 0.0) / checks_of_step[event.step_key]
        found[key] = CheckResult(
            said.asset_key.to_user_string(), said.check_name, _outcome(said), share, _description(said, defs)
        )
    return found


def _outcome(said: dg.AssetCheckEvaluation) -> Outcome:
    if said.passed:
        return Outcome.PASSED
    return Outcome.FAILED if said.severity == dg.AssetCheckSeverity.ERROR else Outcome.WARNED


def _description(said: dg.AssetCheckEvaluation, defs: dg.Definitions) -> str:
    """Return what went wrong where something did, else what the check is about."""
    if said.description and not said.passed:
        return said.description
    spec = defs.resolve_asset_graph().get_check_spec(dg.AssetCheckKey(said.asset_key, said.check_name))
    about = spec.description or ""
    if said.passed:
        return about
    values = ", ".join(f"{name} {value.value}" for name, value in said.metadata.items())
    return f"{values}: {about}"


def _in_order(
    settings: Settings, evaluations: dict[dg.AssetCheckKey, CheckResult], failure: UserError | None
) -> list[CheckResult]:
    """Return a result for every check of the definitions, also for those that did not report."""
    why = f"it did not report: {failure or 'nobody knows why'}"
    return [
        evaluations.get(key) or CheckResult(key.asset_key.to_user_string(), key.name, Outcome.SILENT, 0.0, why)
        for key in _check_keys(build_defs(settings))
    ]


def _show(results: list[CheckResult], seconds: float) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("asset", "check", "result"):
        table.add_column(name, no_wrap=True)
    table.add_column("seconds", justify="right", no_wrap=True)
    table.add_column("description")
    for one in results:
        table.add_row(one.asset, one.name, one.outcome.value, f"{one.seconds:.2f}", one.description)
    # Where continuous integration shows it there is no terminal, and no end of a line.
    Console(highlight=False, width=max(out.width, _TABLE_WIDTH)).print(table)
    out.print(f"{len(results)} checks in {seconds:.1f} s, the sample and its load included")


def _judge(results: list[CheckResult], failure: UserError | None) -> None:
    failed = [str(one) for one in results if one.outcome is Outcome.FAILED]
    silent = [str(one) for one in results if one.outcome is Outcome.SILENT]
    parts = []
    if failed:
        parts.append(f"{len(failed)} of {len(results)} checks fail: {', '.join(failed)}")
    if silent or failure:
        parts.append(f"{len(silent)} of {len(results)} checks did not report: {failure or ', '.join(silent)}")
    if parts:
        raise UserError("; ".join(parts))
