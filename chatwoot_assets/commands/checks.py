"""`chatwoot-assets checks`: run every asset check of the definitions on a small sample of its own.

For people who change a view: it deploys the checkout's SQL to a sample Chatwoot, loads it as users do, and reports
whether the results are still consistent. It does not touch the user's own databases.
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

from chatwoot_assets.change_detection.full_comparison import compare_all
from chatwoot_assets.commands.console import chatwoot_database, out, warehouse_database
from chatwoot_assets.commands.junit import CheckResult, Outcome, write_junit
from chatwoot_assets.commands.runs import execute, reason
from chatwoot_assets.commands.sample import first_day, make_sample
from chatwoot_assets.commands.temporary_home import temporary_home
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.campaigns import REFRESH_CAMPAIGNS
from chatwoot_assets.defs.jobs import DEPLOY_VIEWS
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS, refresh_config
from chatwoot_assets.errors import SettingsError, UserError
from chatwoot_assets.partitions import all_days
from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets.progress import Progress, notify
from chatwoot_assets.settings import Settings

_CONVERSATIONS = 600
_DAYS = 5
_ALL_CHECKS = "all_checks"
_TABLE_WIDTH = 140


def run_checks(junit: str | None) -> None:
    """Run all checks and show their results.

    Args:
        junit: The path of a file to which the results are also written, as JUnit XML; None for no file.

    Raises:
        SettingsError: The file cannot be created.
        UserError: A run failed, or a check of severity ERROR did.
    """
    path = Path(junit).absolute() if junit is not None else None
    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        raise SettingsError(f"--junit {junit}: not a file in an existing directory; give another")
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
    _raise_if_failed(results, failure)


def _make_source(server: embedded.EmbeddedPostgres) -> Settings:
    """Create the sample, and return settings whose partitions start with it."""
    url = server.url(embedded.SAMPLE_DATABASE)
    make_sample(url, _CONVERSATIONS, _DAYS)
    zone = Settings.load().reporting_timezone
    os.environ["PARTITIONS_START_DATE"] = first_day(url, zone).isoformat()
    return Settings.load()


def _run_all(settings: Settings, evaluations: dict[dg.AssetCheckKey, CheckResult]) -> UserError | None:
    """Deploy, load and compare as users do, then run every check.

    Args:
        settings: The settings of the sample.
        evaluations: Receives the results of the checks.

    Returns:
        Why the run of the checks failed, or None if it succeeded.

    Raises:
        UserError: A step before it failed.
    """
    defs = _definitions(settings)
    config = refresh_config(all_days(settings))
    # One instance for all runs: some checks look up the state of the partitions in it.
    with dg.DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance:
        for name, run_config in ((DEPLOY_VIEWS, None), (REFRESH_CAMPAIGNS, None), (REFRESH_DAYS, config)):
            result = execute(defs.resolve_job_def(name), instance, config=run_config)
            if not result.success:
                raise UserError(f"{name}: {reason(result)}")
        # The freshness checks depend on the results of a scan.
        for _ in compare_all(settings, chatwoot_database(settings), warehouse_database()):
            pass
        result = execute(defs.resolve_job_def(_ALL_CHECKS), instance)
    evaluations.update(_results(result, defs))
    return None if result.success else UserError(reason(result))


def _definitions(settings: Settings) -> dg.Definitions:
    """Return the user's definitions with an additional job of all their checks."""
    defs = build_defs(settings)
    total = len(_check_keys(defs))
    done = 0

    def report(_context: dg.HookContext) -> None:
        nonlocal done
        done += 1
        notify(Progress("checking", done, total, "checks"))

    hooks = {dg.success_hook(name="checked")(report), dg.failure_hook(name="check_failed")(report)}
    job = dg.define_asset_job(_ALL_CHECKS, selection=dg.AssetSelection.all_asset_checks(), hooks=hooks)
    return dg.Definitions.merge(defs, dg.Definitions(jobs=[job]))


def _check_keys(defs: dg.Definitions) -> list[dg.AssetCheckKey]:
    return sorted(defs.resolve_asset_graph().asset_check_keys)


def _results(result: dg.ExecuteInProcessResult, defs: dg.Definitions) -> dict[dg.AssetCheckKey, CheckResult]:
    events = result.filter_events(lambda event: event.is_step_event and event.step_key is not None)
    seconds = {e.step_key: e.step_success_data.duration_ms / 1000 for e in events if e.is_step_success}
    evaluated = [event for event in events if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION]
    checks_of_step = Counter(event.step_key for event in evaluated)
    results = {}
    for event in evaluated:
        evaluation = event.asset_check_evaluation_data
        key = dg.AssetCheckKey(evaluation.asset_key, evaluation.check_name)
        results[key] = CheckResult(
            asset=key.asset_key.to_user_string(),
            name=key.name,
            outcome=_outcome(evaluation),
            seconds=seconds.get(event.step_key, 0.0) / checks_of_step[event.step_key],
            description=_description(evaluation, defs),
        )
    return results


def _outcome(evaluation: dg.AssetCheckEvaluation) -> Outcome:
    if evaluation.passed:
        return Outcome.PASSED
    return Outcome.FAILED if evaluation.severity == dg.AssetCheckSeverity.ERROR else Outcome.WARNED


def _description(evaluation: dg.AssetCheckEvaluation, defs: dg.Definitions) -> str:
    """Return what the check is about if it passed, otherwise what is wrong."""
    if evaluation.description and not evaluation.passed:
        return evaluation.description
    spec = defs.resolve_asset_graph().get_check_spec(dg.AssetCheckKey(evaluation.asset_key, evaluation.check_name))
    description = spec.description or ""
    if evaluation.passed:
        return description
    values = ", ".join(f"{name} {value.value}" for name, value in evaluation.metadata.items())
    return f"{values}: {description}"


def _in_order(
    settings: Settings, evaluations: dict[dg.AssetCheckKey, CheckResult], failure: UserError | None
) -> list[CheckResult]:
    """Return a result for every check of the definitions, including those that did not report."""
    description = f"it did not report: {failure or 'for an unknown reason'}"
    return [
        evaluations.get(key) or CheckResult(key.asset_key.to_user_string(), key.name, Outcome.SILENT, 0.0, description)
        for key in _check_keys(build_defs(settings))
    ]


def _show(results: list[CheckResult], seconds: float) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("asset", "check", "result"):
        table.add_column(name, no_wrap=True)
    table.add_column("seconds", justify="right", no_wrap=True)
    table.add_column("description")
    for result in results:
        table.add_row(result.asset, result.name, result.outcome.value, f"{result.seconds:.2f}", result.description)
    # Continuous integration has no terminal whose width could be used.
    Console(highlight=False, width=max(out.width, _TABLE_WIDTH)).print(table)
    out.print(f"{len(results)} checks in {seconds:.1f} s, including the sample and its load")


def _raise_if_failed(results: list[CheckResult], failure: UserError | None) -> None:
    failed = [str(result) for result in results if result.outcome is Outcome.FAILED]
    silent = [str(result) for result in results if result.outcome is Outcome.SILENT]
    parts = []
    if failed:
        parts.append(f"{len(failed)} of {len(results)} checks failed: {', '.join(failed)}")
    if silent or failure:
        parts.append(f"{len(silent)} of {len(results)} checks did not report: {failure or ', '.join(silent)}")
    if parts:
        raise UserError("; ".join(parts))
