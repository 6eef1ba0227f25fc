"""Run the quality checks, and read their results."""

from __future__ import annotations

import datetime
import functools

import dagster as dg

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.checks.quality import build_quality_checks
from chatwoot_assets.settings import Settings
from chatwoot_assets_tests.project import QUIET, Project

DAY = datetime.date(2025, 3, 10)
NEXT_DAY = DAY + datetime.timedelta(days=1)
SECRETS = ("Zebedeu Quaresma", "+5511987654321", "minha senha é abacaxi")

KEYS, RANGE, CODES = "keys_are_unique_and_present", "values_are_in_range", "codes_are_known"
SUMMARY, METRICS = "summary_adds_up", "metrics_add_up"
MESSAGES, JSON = "messages_are_complete", "json_is_within_limits"
FOLLOW, ACTIVITY = "first_responses_follow", "activity_is_understood"
ATTRIBUTES, IMPORTS = "attributes_fit_their_types", "imports_are_left_out"
EXTRACT, OUTSIDE = "rows_equal_extract", "partitions_hold_every_conversation"

Results = dict[str, dg.AssetCheckEvaluation]


@functools.lru_cache
def _checks_only(settings: Settings) -> dg.JobDefinition:
    job = dg.define_asset_job("checks", selection=dg.AssetSelection.checks(*build_quality_checks(settings)))
    return dg.Definitions.merge(build_defs(settings), dg.Definitions(jobs=[job])).resolve_job_def("checks")


def run_checks(project: Project) -> Results:
    """Run all quality checks, and no asset, on every loaded day."""
    job = _checks_only(project.settings)
    return by_name(job.execute_in_process(resources=project.resources, run_config=QUIET, raise_on_error=False))


def by_name(result: dg.ExecuteInProcessResult) -> Results:
    """Return the results of all quality checks, none of which may have personal data."""
    results = {evaluation.check_name: evaluation for evaluation in result.get_asset_check_evaluations()}
    assert set(results) == {
        *(KEYS, RANGE, CODES, MESSAGES, JSON, SUMMARY, METRICS, EXTRACT, OUTSIDE, FOLLOW, ACTIVITY, ATTRIBUTES),
        IMPORTS,
    }
    for evaluation in results.values():
        text = repr(evaluation)
        assert not [secret for secret in SECRETS if secret in text]
    return results


def failed(results: Results) -> dict[str, object]:
    """Return the failed checks with the days that they name."""
    return {name: value(result, "which_days") for name, result in results.items() if not result.passed}


def value(result: dg.AssetCheckEvaluation, name: str) -> object:
    return result.metadata[name].value if name in result.metadata else None


def damage(project: Project, statement: str) -> None:
    with project.target() as connection:
        connection.execute(statement.encode())
