"""The job that prunes Dagster's storage."""

import dagster as dg

from chatwoot_assets.defs.own_definitions import OwnDefinitions
from chatwoot_assets.defs.processes import record_process
from chatwoot_assets.defs.prune import PRUNE, prune
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.progress import reporter
from chatwoot_assets.settings import Settings


def build_prune_job(settings: Settings, own: OwnDefinitions, executor: dg.ExecutorDefinition) -> dg.JobDefinition:
    """Return the job, which removes what `prune` removes."""

    @dg.op(name="prune_runs", out=dg.Out(dg.Nothing))
    def _prune_runs(context: dg.OpExecutionContext) -> None:
        record_process(context)
        with as_dagster_failure():
            pruned = prune(context.instance, own, settings.keep_runs_days, report=reporter(context.log))
        context.log.info(str(pruned))

    @dg.job(
        name=PRUNE,
        executor_def=executor,
        description=(
            "Removes runs from Dagster's storage that newer ones have superseded. The state of partitions, checks and"
            " freshness stays as it is."
        ),
    )
    def _job() -> None:
        _prune_runs()

    return _job
