"""Bring the metrics of days up to date with their extracts."""

from __future__ import annotations

from dataclasses import dataclass

from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.batches import compute_batches
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.metrics.load import (
    Counts,
    combine_fingerprints,
    computed_state,
    count_rows,
    replace_metrics_batches,
)
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.progress import Progress, Report
from chatwoot_assets.warehouse.schema import migrate


@dataclass(frozen=True)
class MetricsRefresh:
    """The result of refreshing the metrics of some days.

    Attributes:
        computed: The days whose metrics were computed; the other days were up to date.
        row_counts: How many rows each table now has for each of the days.
    """

    computed: list[Day]
    row_counts: Counts


def refresh_metrics(
    warehouse: Warehouse,
    days: list[Day],
    store: ExtractStore,
    rules: MetricRules,
    run_id: str,
    report: Report,
    *,
    force: bool = False,
) -> MetricsRefresh:
    """Compute the metrics of the days whose extracts or rules changed, batch by batch.

    Args:
        warehouse: The local database.
        days: The days to look at, in order of date.
        store: Where the extracts are.
        rules: How the metrics are computed.
        run_id: The run that is recorded with each computed day.
        report: Called after each batch.
        force: Also compute days that are up to date.

    Raises:
        AnalyticsError: The local database cannot be used; the batches before stay.
        ExtractError: An extract is missing or unreadable, or a day's files come from different snapshots.
    """
    migrate(warehouse)
    with warehouse.connect() as connection:
        state = {} if force else computed_state(connection)
    changed = [
        day for day in days if state.get(day.date) != (combine_fingerprints(store.fingerprints(day)), rules.definition)
    ]
    done = conversations = 0
    batches = compute_batches(changed, store, rules)
    for batch, counts in replace_metrics_batches(warehouse, batches, rules.definition, run_id):
        done += len(batch.days)
        conversations += sum(counts["conversation_facts"].values())
        report(Progress("computing metrics", done, len(changed), "days", conversations))
    with warehouse.connect() as connection:
        return MetricsRefresh(changed, count_rows(connection, days))
