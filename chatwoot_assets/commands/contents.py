"""`chatwoot-assets drop-contents`: drop what is older than KEEP_CONTENTS_DAYS."""

from __future__ import annotations

import uuid

from chatwoot_assets.commands.console import out, progress_bars, warehouse_database
from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL, require_urls
from chatwoot_assets.defs.contents_job import NOTHING_TO_DROP
from chatwoot_assets.defs.daily_specs import metric_rules
from chatwoot_assets.errors import UserError
from chatwoot_assets.refresh.old_contents import drop_contents as drop
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse.extract_manifest import open_store


def drop_contents() -> None:
    """Drop old contents from the files and the warehouse, and print what was done.

    Raises:
        UserError: KEEP_CONTENTS_DAYS is 0, the warehouse or the files' place cannot be used, or files of some days
            cannot be read; all other days are done.
    """
    settings = Settings.load()
    require_urls(ANALYTICS_DATABASE_URL)
    if not settings.keep_contents_days:
        raise UserError(f"nothing is dropped: {NOTHING_TO_DROP}")
    warehouse = warehouse_database()
    store = open_store(settings.extracts_url, warehouse)
    remaining = True
    with progress_bars() as show:
        while remaining:
            dropped = drop(
                warehouse,
                store,
                settings.reporting_timezone,
                metric_rules(settings),
                settings.keep_contents_days,
                str(uuid.uuid4()),
                lambda work: show(work.task, work.done, work.total, work.unit),
            )
            out.print(str(dropped))
            remaining = bool(dropped.remaining)
    dropped.raise_for_unreadable()
