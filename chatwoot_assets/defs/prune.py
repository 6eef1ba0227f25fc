"""Remove old runs from Dagster's storage, where nothing else removes them.

What the UI shows about partitions, checks and freshness comes from the latest events of each partition and check. A run
that holds one of these stays, however old it is; those of its events that later runs have superseded are removed. Runs
of other projects on the same instance are left alone.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields

import dagster as dg
from dagster_postgres import PostgresEventLogStorage, PostgresRunStorage

from chatwoot_assets.defs.own_definitions import OwnDefinitions
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS
from chatwoot_assets.errors import UserError
from chatwoot_assets.progress import Progress, Report
from chatwoot_assets.sql_files import compose, sql_path

PRUNE = "prune"

# How long runs are kept that failed, or that only checked something.
DAYS_FOR_OTHER_RUNS = 30
# The most superseded refreshes that are kept. A busy desk is refreshed every minute, by a run of half a megabyte: two
# days of them would be 1.7 GB.
REFRESHES_KEPT = 300
RUNS_PER_BATCH = 100

_FINISHED = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
_UNFINISHED_BACKFILL = ("REQUESTED", "CANCELING", "FAILING")
_BACKFILL_TAG = "dagster/backfill"
_PARENT_TAGS = ("dagster/root_run_id", "dagster/parent_run_id")

Storage = PostgresEventLogStorage | PostgresRunStorage


@dataclass(frozen=True)
class Pruned:
    """What was removed.

    Attributes:
        refreshes: Runs that refreshed days or materialized assets, whose results newer runs have replaced.
        others: Runs that failed, were canceled, or only checked something.
        events: Superseded events of runs that stay.
        freshness_changes: Old changes of the freshness of assets.
        backfills: Finished backfills without runs.
    """

    refreshes: int = 0
    others: int = 0
    events: int = 0
    freshness_changes: int = 0
    backfills: int = 0

    def __add__(self, other: "Pruned") -> "Pruned":
        """Return the sum of two results."""
        return Pruned(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    def __str__(self) -> str:
        """Return the counts in one line."""
        return (
            f"removed {self.refreshes:,} superseded refreshes, {self.others:,} failed runs and runs of checks,"
            f" {self.events:,} superseded events of other runs, {self.freshness_changes:,} changes of freshness"
            f" and {self.backfills:,} backfills"
        )


def reason_not_to_prune(instance: dg.DagsterInstance, keep_days: int) -> str | None:
    """Return one line on why nothing is removed from an instance; None if runs may be removed."""
    if keep_days == 0:
        return "KEEP_RUNS_DAYS is 0, so every run is kept"
    storages = (instance.event_log_storage, instance.run_storage)
    foreign = [type(storage).__name__ for storage in storages if not isinstance(storage, Storage)]
    if foreign:
        return f"runs are found by SQL in PostgreSQL, and this instance's storage is {foreign[0]}"
    return None


def prune(
    instance: dg.DagsterInstance,
    own: OwnDefinitions,
    keep_days: int,
    *,
    now: datetime.datetime | None = None,
    report: Report = lambda _: None,
) -> Pruned:
    """Remove what newer runs have superseded, batch by batch, from the newest run to the oldest.

    Successful refreshes are removed after `keep_days`, and before that if `REFRESHES_KEPT` newer ones exist. All other
    runs are removed after `DAYS_FOR_OTHER_RUNS` or after `keep_days` if that is longer. Never removed are unfinished
    runs, runs of unfinished backfills, runs that another run repeats, and runs that hold the latest event of a
    partition or the latest evaluation of a check.

    Args:
        instance: The instance.
        own: What belongs to this project.
        keep_days: How long superseded refreshes are kept.
        now: The current time.
        report: Called with the progress.

    Raises:
        UserError: Runs cannot be removed from this instance, or `keep_days` is 0.
    """
    events, runs = instance.event_log_storage, instance.run_storage
    reason = reason_not_to_prune(instance, keep_days)
    if reason or not isinstance(events, PostgresEventLogStorage) or not isinstance(runs, PostgresRunStorage):
        raise UserError(f"nothing is removed: {reason}")
    now = now or datetime.datetime.now(datetime.timezone.utc)
    refreshed_before = max(now - datetime.timedelta(days=keep_days), _end_of_the_oldest_kept(instance))
    others_before = now - datetime.timedelta(days=max(keep_days, DAYS_FOR_OTHER_RUNS))
    batch = _Batch(instance, events, own, refreshed_before, others_before)
    old = dg.RunsFilter(statuses=list(_FINISHED), updated_before=refreshed_before)
    total, done, pruned = instance.get_runs_count(old), 0, Pruned()
    records = instance.get_run_records(old, limit=RUNS_PER_BATCH)
    while records:
        # Read the next batch first: Dagster finds its place by a run of this one.
        following = instance.get_run_records(old, limit=RUNS_PER_BATCH, cursor=records[-1].dagster_run.run_id)
        pruned += batch.prune(records)
        done += len(records)
        report(Progress("pruning", min(done, total), total, "runs"))
        records = following
    changes = _delete_freshness_changes(events, own, others_before)
    return pruned + Pruned(freshness_changes=changes, backfills=_delete_backfills(instance, runs, own, others_before))


def _end_of_the_oldest_kept(instance: dg.DagsterInstance) -> datetime.datetime:
    """Return when the oldest of the last `REFRESHES_KEPT` refreshes ended; the earliest instant if there are fewer."""
    refreshes = dg.RunsFilter(job_name=REFRESH_DAYS, statuses=[dg.DagsterRunStatus.SUCCESS])
    newest = instance.get_run_records(refreshes, limit=REFRESHES_KEPT)
    if len(newest) < REFRESHES_KEPT:
        return datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)
    return min(record.update_timestamp for record in newest)


class _Batch:
    """Removes runs, batch by batch."""

    def __init__(
        self,
        instance: dg.DagsterInstance,
        events: PostgresEventLogStorage,
        own: OwnDefinitions,
        refreshed_before: datetime.datetime,
        others_before: datetime.datetime,
    ) -> None:
        self._instance = instance
        self._events = events
        self._own = own
        self._refreshed_before = refreshed_before
        self._others_before = others_before
        self._backfill_is_unfinished: dict[str, bool] = {}
        # A run that evaluates a check from now on is too new to be removed.
        rows = _select(events, "latest_checks")
        self._checks = sorted({(str(asset_key), str(name)) for asset_key, name, _ in rows})
        self._runs_of_latest_checks = {str(run_id) for _, _, run_id in rows}

    def prune(self, records: Sequence[dg.RunRecord]) -> Pruned:
        """Remove the runs that may be removed, and the superseded events of successful refreshes that stay."""
        due = [record.dagster_run for record in records if self._is_due(record)]
        ids = [run.run_id for run in due]
        latest = {str(run_id) for (run_id,) in _select(self._events, "runs_with_latest_events", run_ids=ids)}
        needed = latest | self._runs_of_latest_checks
        repeated_by = self._repetitions(ids)
        removed: list[dg.DagsterRun] = []
        removed_ids: set[str] = set()
        # The UI cannot show a run whose original is gone. Newer runs come first, so their originals can follow.
        for run in due:
            if run.run_id not in needed and repeated_by[run.run_id] <= removed_ids:
                removed.append(run)
                removed_ids.add(run.run_id)
        kept = [run.run_id for run in due if run.run_id not in removed_ids and _is_successful_refresh(run)]
        ((events,),) = _select(self._events, "delete_superseded_events", run_ids=kept)
        self._delete_evaluations([*removed_ids, *(set(kept) - self._runs_of_latest_checks)])
        for run in removed:
            self._delete(run.run_id)
        refreshes = sum(_is_successful_refresh(run) for run in removed)
        return Pruned(refreshes=refreshes, others=len(removed) - refreshes, events=int(str(events)))

    def _is_due(self, record: dg.RunRecord) -> bool:
        run = record.dagster_run
        before = self._refreshed_before if _is_successful_refresh(run) else self._others_before
        return record.update_timestamp < before and self._own.include(run) and not self._is_of_unfinished_backfill(run)

    def _is_of_unfinished_backfill(self, run: dg.DagsterRun) -> bool:
        backfill_id = run.tags.get(_BACKFILL_TAG)
        if backfill_id is None:
            return False
        if backfill_id not in self._backfill_is_unfinished:
            backfill = self._instance.get_backfill(backfill_id)
            self._backfill_is_unfinished[backfill_id] = bool(backfill and backfill.status.name in _UNFINISHED_BACKFILL)
        return self._backfill_is_unfinished[backfill_id]

    def _repetitions(self, run_ids: list[str]) -> dict[str, set[str]]:
        """Return, for each run, the runs that repeat it."""
        repetitions: dict[str, set[str]] = defaultdict(set)
        for tag in _PARENT_TAGS if run_ids else ():
            for run in self._instance.get_runs(dg.RunsFilter(tags={tag: run_ids})):
                repetitions[run.tags[tag]].add(run.run_id)
        return repetitions

    def _delete_evaluations(self, run_ids: list[str]) -> None:
        asset_keys, names = [key for key, _ in self._checks], [name for _, name in self._checks]
        _select(self._events, "delete_check_evaluations", asset_keys=asset_keys, check_names=names, run_ids=run_ids)

    def _delete(self, run_id: str) -> None:
        """Delete a run, its events, its tags and its captured output."""
        # The run itself is last: while it is there, what is left of it will be found.
        self._events.delete_events(run_id)
        self._instance.compute_log_manager.delete_logs(prefix=[run_id])
        self._instance.run_storage.delete_run(run_id)


def _is_successful_refresh(run: dg.DagsterRun) -> bool:
    return run.is_success and (run.job_name == REFRESH_DAYS or bool(run.asset_selection))


def _delete_freshness_changes(storage: PostgresEventLogStorage, own: OwnDefinitions, before: datetime.datetime) -> int:
    keys = [key.to_string() for key in own.asset_keys]
    ((events,),) = _select(storage, "delete_freshness_changes", asset_keys=keys, before=before.isoformat())
    return int(str(events))


def _delete_backfills(
    instance: dg.DagsterInstance, storage: PostgresRunStorage, own: OwnDefinitions, before: datetime.datetime
) -> int:
    finished = [str(key) for (key,) in _select(storage, "finished_backfills", before=before.isoformat())]
    ours = [key for key in finished if _is_own_backfill(instance, key, own)]
    ((backfills,),) = _select(storage, "delete_backfills", backfill_ids=ours)
    return int(str(backfills))


def _is_own_backfill(instance: dg.DagsterInstance, key: str, own: OwnDefinitions) -> bool:
    backfill = instance.get_backfill(key)
    return bool(backfill and backfill.asset_selection and own.asset_keys.issuperset(backfill.asset_selection))


def _select(storage: Storage, name: str, **values: Collection[str]) -> Sequence[Sequence[object]]:
    """Run a file of `sql/dagster` in a transaction of its own and return its rows."""
    connect = storage.index_connection if isinstance(storage, PostgresEventLogStorage) else storage.connect
    text = compose(sql_path("dagster", f"{name}.sql"), **values).as_string()
    with connect() as connection:
        rows = connection.execution_options(no_parameters=True).exec_driver_sql(text)
        return [tuple(row) for row in rows]
