"""Runs as a busy desk leaves them in Dagster's storage, with any age.

The jobs are small, and their assets few: what is removed depends on events, not on what a step does.
"""

import datetime
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import dagster as dg
import psycopg

from chatwoot_assets.defs.jobs import CHECK_FRESHNESS
from chatwoot_assets.defs.own_definitions import OwnDefinitions
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS
from chatwoot_assets_tests.dagster_private import FreshnessState, FreshnessStateChange, StepMaterializationData
from chatwoot_assets_tests.defs.instance_statements import read_statements
from chatwoot_assets_tests.project import QUIET, range_tags

UTC = datetime.timezone.utc
DAILY = dg.DailyPartitionsDefinition("2024-01-01")


@dataclass(frozen=True)
class Desk:
    """The instance of a desk with some daily assets, which all have the same checks.

    Attributes:
        instance: The instance, on PostgreSQL.
        url: The URL of its database.
        assets: The keys of the daily assets.
        checks: The names of the checks of the first asset.
    """

    instance: dg.DagsterInstance
    url: str
    assets: tuple[dg.AssetKey, ...]
    checks: tuple[str, ...]

    @property
    def own(self) -> OwnDefinitions:
        return OwnDefinitions(
            frozenset(self.assets), frozenset({REFRESH_DAYS, CHECK_FRESHNESS}), frozenset(self.check_keys)
        )

    @property
    def check_keys(self) -> list[dg.AssetCheckKey]:
        return [dg.AssetCheckKey(self.assets[0], name) for name in self.checks]

    def refresh(
        self,
        ended: datetime.datetime,
        days: Sequence[str],
        *,
        job: str = REFRESH_DAYS,
        checks: bool = True,
        fails: bool = False,
        tags: dict[str, str] | None = None,
    ) -> str:
        """Run a job of one step that reports days, as the product's does; return the id of the run."""

        @dg.op(name="refresh", out=dg.Out(dg.Nothing))
        def refresh(context: dg.OpExecutionContext) -> Iterator[dg.AssetCheckEvaluation]:
            entries = [_materialized(context, key, day) for day in days for key in self.assets]
            context.instance.event_log_storage.store_event_batch(entries)
            if fails:
                raise ValueError
            for key in self.check_keys if checks else []:
                yield dg.AssetCheckEvaluation(key.asset_key, key.name, passed=True, metadata={"rows": 0})

        @dg.job(name=job, executor_def=dg.in_process_executor)
        def refresh_days() -> None:
            refresh()

        return self._execute(refresh_days, ended, tags or {}, fails=fails)

    def materialize(self, ended: datetime.datetime, first: str, last: str, *, fails: bool = False) -> str:
        """Run a job of assets for a range of days, whose events are planned; return the id of the run."""

        @dg.multi_asset(
            specs=[dg.AssetSpec(key) for key in self.assets],
            partitions_def=DAILY,
            backfill_policy=dg.BackfillPolicy.single_run(),
        )
        def daily() -> Iterator[dg.MaterializeResult[None]]:
            for key in self.assets:
                if fails and key == self.assets[-1]:
                    raise ValueError
                yield dg.MaterializeResult(asset_key=key)

        job = dg.define_asset_job(REFRESH_DAYS, selection="*")
        resolved = dg.Definitions(assets=[daily], jobs=[job]).resolve_job_def(REFRESH_DAYS)
        return self._execute(resolved, ended, range_tags(first, last), fails=fails)

    def check(self, ended: datetime.datetime, *, fails: bool = False) -> str:
        """Run a job of checks only; return the id of the run."""

        @dg.multi_asset_check(specs=[dg.AssetCheckSpec(key.name, asset=key.asset_key) for key in self.check_keys])
        def fresh() -> Iterator[dg.AssetCheckResult]:
            if fails:
                raise ValueError
            yield from (dg.AssetCheckResult(check_name=key.name, passed=False) for key in self.check_keys)

        job = dg.define_asset_job(CHECK_FRESHNESS, selection=dg.AssetSelection.checks(fresh))
        assets = [dg.AssetSpec(self.assets[0])]
        definitions = dg.Definitions(assets=assets, asset_checks=[fresh], jobs=[job])
        return self._execute(definitions.resolve_job_def(CHECK_FRESHNESS), ended, {}, fails=fails)

    def change_freshness(self, changed: datetime.datetime, state: FreshnessState) -> None:
        """Record that an asset's freshness changed, as Dagster's daemon does."""
        self.instance._report_runless_asset_event(  # there is no public way
            FreshnessStateChange(
                key=self.assets[0],
                previous_state=FreshnessState.UNKNOWN,
                new_state=state,
                state_change_timestamp=changed.timestamp(),
            )
        )
        with psycopg.connect(self.url) as connection:
            connection.execute(
                "UPDATE event_logs SET timestamp = %s WHERE id = (SELECT max(id) FROM event_logs)", [_naive(changed)]
            )

    def run_ids(self) -> set[str]:
        """Return the ids of all runs."""
        return set(self.instance.get_run_ids())

    def _execute(self, job: dg.JobDefinition, ended: datetime.datetime, tags: dict[str, str], *, fails: bool) -> str:
        result = job.execute_in_process(instance=self.instance, tags=tags, run_config=QUIET, raise_on_error=not fails)
        assert result.success != fails
        self.backdate(result.run_id, ended)
        return result.run_id

    def set_status(self, run_id: str, status: dg.DagsterRunStatus) -> None:
        """Set the status of a run that no process executes."""
        with psycopg.connect(self.url) as connection:
            connection.execute("UPDATE runs SET status = %s WHERE run_id = %s", [status.value, run_id])

    def backdate(self, run_id: str, ended: datetime.datetime) -> None:
        """Give a run and its events the time at which it ended."""
        with psycopg.connect(self.url) as connection:
            connection.execute(
                "UPDATE runs SET create_timestamp = %(at)s, update_timestamp = %(at)s WHERE run_id = %(run_id)s",
                {"at": _naive(ended), "run_id": run_id},
            )
            connection.execute("UPDATE event_logs SET timestamp = %s WHERE run_id = %s", [_naive(ended), run_id])

    def statements(self) -> dict[str, Any]:
        """Return everything that the instance says about partitions, checks and freshness."""
        return read_statements(self.instance, self.url, self.assets, self.check_keys, DAILY.get_partition_keys()[:400])


def _materialized(context: dg.OpExecutionContext, key: dg.AssetKey, day: str) -> dg.EventLogEntry:
    """Return the event of a materialization; thousands of them are stored at once, as the product does."""
    materialization = dg.AssetMaterialization(
        key, partition=day, metadata={"dagster/partition_row_count": 120, "seconds": 0.25, "unreadable_values": 0}
    )
    event = dg.DagsterEvent(
        event_type_value=dg.DagsterEventType.ASSET_MATERIALIZATION.value,
        job_name=context.job_name,
        step_key="refresh",
        event_specific_data=StepMaterializationData(materialization, []),
    )
    return dg.EventLogEntry(  # type: ignore[no-untyped-call]  # Dagster's
        error_info=None,
        level="debug",
        user_message="",
        run_id=context.run_id,
        timestamp=time.time(),
        step_key="refresh",
        job_name=context.job_name,
        dagster_event=event,
    )


def _naive(at: datetime.datetime) -> datetime.datetime:
    """Return the time as Dagster stores it: in UTC, without a zone."""
    return at.astimezone(UTC).replace(tzinfo=None)


@contextmanager
def open_desk(url: str, home: str, assets: int, checks: int) -> Iterator[Desk]:
    """Open the instance of a home with this project's dagster.yaml, for a desk of some assets and checks."""
    with dg.DagsterInstance.from_config(home) as instance:
        yield Desk(
            instance,
            url,
            tuple(dg.AssetKey(f"table_{number}") for number in range(assets)),
            tuple(f"check_{number}" for number in range(checks)),
        )
