"""The job that drops old contents."""

import dagster as dg

from chatwoot_assets.defs.daily_specs import metric_rules
from chatwoot_assets.defs.processes import record_process
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.progress import reporter
from chatwoot_assets.refresh.old_contents import drop_contents
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse.extract_manifest import open_store

DROP_CONTENTS = "drop_contents"
NOTHING_TO_DROP = "KEEP_CONTENTS_DAYS is 0, so all contents are kept"


def build_contents_job(settings: Settings, executor: dg.ExecutorDefinition) -> dg.JobDefinition:
    """Return the job."""

    @dg.op(name="drop_old_contents", out=dg.Out(dg.Nothing))
    def _drop_old_contents(context: dg.OpExecutionContext, warehouse: dg.ResourceParam[Warehouse]) -> None:
        record_process(context)
        if not settings.keep_contents_days:
            context.log.info(NOTHING_TO_DROP)
            return
        with as_dagster_failure():
            dropped = drop_contents(
                warehouse,
                open_store(settings.extracts_url, warehouse),
                settings.reporting_timezone,
                metric_rules(settings),
                settings.keep_contents_days,
                context.run_id,
                reporter(context.log),
            )
            context.log.info(str(dropped))
            dropped.raise_for_unreadable()

    @dg.job(
        name=DROP_CONTENTS,
        executor_def=executor,
        description=(
            "Drops messages, names and other personal contents that are older than KEEP_CONTENTS_DAYS from the files"
            " and the warehouse. All numbers stay. A run continues where an earlier one was interrupted."
        ),
    )
    def _job() -> None:
        _drop_old_contents()

    return _job
