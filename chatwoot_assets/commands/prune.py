"""`chatwoot-assets prune`: remove runs from Dagster's storage that newer ones have superseded."""

from __future__ import annotations

from chatwoot_assets.commands.console import out, progress_bars
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.instance import open_instance
from chatwoot_assets.defs.own_definitions import OwnDefinitions
from chatwoot_assets.defs.prune import prune as prune_runs
from chatwoot_assets.settings import Settings


def prune() -> None:
    """Remove superseded runs from the instance that the UI shows, and print what was removed.

    Raises:
        UserError: Runs cannot be removed from this instance, or KEEP_RUNS_DAYS is 0.
    """
    settings = Settings.load()
    own = OwnDefinitions.of(build_defs(settings))
    with open_instance() as instance, progress_bars() as show:
        pruned = prune_runs(
            instance,
            own,
            settings.keep_runs_days,
            report=lambda work: show(work.task, work.done, work.total, work.unit),
        )
    out.print(str(pruned))
