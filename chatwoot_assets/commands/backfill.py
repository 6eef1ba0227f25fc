"""`chatwoot-assets backfill`: a range of days as one run on Dagster's instance, so that the UI shows it."""

from __future__ import annotations

import datetime
import time

import dagster as dg

from chatwoot_assets.analytics.schema import migrate
from chatwoot_assets.automation.jobs import REFRESH_DAYS, range_tags
from chatwoot_assets.commands.terminal import analytics_database, chatwoot_database, err, out, progress_bars
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.errors import SettingsError, UserError
from chatwoot_assets.extract.snapshot import snapshot
from chatwoot_assets.instance import open_instance
from chatwoot_assets.partitions import today
from chatwoot_assets.progress import Progress, listening
from chatwoot_assets.settings import Settings


def backfill(first: datetime.date, last: datetime.date | None) -> None:
    """Load the days from `first` to `last`, both included; to today where `last` is None.

    Raises:
        UserError: the range is not one of partitions, a database cannot be used, the run fails, or a
            check of severity ERROR does.
    """
    settings = Settings.from_environment()
    last = last or today(settings.reporting_timezone)
    _check_range(first, last, settings)
    # Say at once what a run would find out only after its retries.
    migrate(analytics_database())
    with snapshot(chatwoot_database(settings)):
        pass
    job = build_defs(settings).resolve_job_def(REFRESH_DAYS)
    started = time.monotonic()
    with open_instance() as instance, progress_bars() as show:
        began: dict[str, float] = {}

        def listen(progress: Progress) -> None:
            elapsed = time.monotonic() - began.setdefault(progress.what, time.monotonic())
            rate = progress.rows / max(elapsed, 0.01)
            note = f"days, {progress.rows:,} rows, {rate:,.0f} rows/s"
            show(progress.what, progress.done, progress.total, note)

        with listening(listen):
            result = job.execute_in_process(
                instance=instance,
                tags=range_tags(first.isoformat(), last.isoformat()),
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                raise_on_error=False,
            )
    if not result.success:
        raise UserError(f"{_reason(result)} (run {result.run_id})")
    seconds = time.monotonic() - started
    out.print(f"{(last - first).days + 1} days, {first} to {last}, loaded in {seconds:.1f} s; run {result.run_id}")
    _report_checks(result)


def _check_range(first: datetime.date, last: datetime.date, settings: Settings) -> None:
    begin, end = settings.partitions_start_date, today(settings.reporting_timezone)
    if first > last:
        raise SettingsError(f"--from {first} is after --to {last}; give the earlier day first")
    for name, date in (("--from", first), ("--to", last)):
        if not begin <= date <= end:
            raise SettingsError(
                f"{name} {date} is outside the partitions, {begin} to {end};"
                " PARTITIONS_START_DATE sets the first, today is the last"
            )


def _reason(result: dg.ExecuteInProcessResult) -> str:
    """Return the first failure's message: that of the `dg.Failure` that an asset raised."""
    for event in result.filter_events(lambda event: event.is_step_failure):
        data = event.step_failure_data
        if data.user_failure_data and data.user_failure_data.description:
            return data.user_failure_data.description
        error = data.error
        while error is not None:
            if "UserError" in str(error.cls_name) or str(error.cls_name).endswith("Error"):
                return error.message.strip().splitlines()[0]
            error = error.cause
    return "the run failed; its log in the UI says why"


def _report_checks(result: dg.ExecuteInProcessResult) -> None:
    failed = [check for check in result.get_asset_check_evaluations() if not check.passed]
    for check in failed:
        label = "error" if check.severity == dg.AssetCheckSeverity.ERROR else "warning"
        values = ", ".join(f"{name} {value.value}" for name, value in check.metadata.items())
        name = f"{check.asset_key.to_user_string()}.{check.check_name}"
        err.print(f"{label}: {check.description or values} (check {name})")
    if any(check.severity == dg.AssetCheckSeverity.ERROR for check in failed):
        raise UserError("the days are loaded, but a check of them fails: it is named above, and in the UI")
