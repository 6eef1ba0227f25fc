"""Runs of the jobs that consist of checks only, and their results."""

from __future__ import annotations

import dagster as dg

from chatwoot_assets.definitions import build_defs
from chatwoot_assets_tests.project import QUIET, Project

Results = dict[str, dg.AssetCheckEvaluation]


def run_checks(project: Project, job: str, instance: dg.DagsterInstance | None = None) -> Results:
    """Run a job of checks and return their results by name."""
    definition = build_defs(project.settings).resolve_job_def(job)
    result = definition.execute_in_process(resources=project.resources, run_config=QUIET, instance=instance)
    return {evaluation.check_name: evaluation for evaluation in result.get_asset_check_evaluations()}


def outcome(result: dg.AssetCheckEvaluation) -> str:
    """Return `passed`, `WARN` or `ERROR`."""
    return "passed" if result.passed else result.severity.value


def outcomes(results: Results) -> dict[str, str]:
    """Return the outcome of each check by name."""
    return {name: outcome(result) for name, result in results.items()}


def value(result: dg.AssetCheckEvaluation, name: str) -> object:
    """Return a value of the result's metadata."""
    return result.metadata[name].value
