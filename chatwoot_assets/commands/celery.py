"""The definitions with their steps on Celery workers, for installations on several machines.

`chatwoot-assets code-server --celery` serves `defs`, and `chatwoot-assets celery-worker` runs `app`. Both find the
broker, which also keeps the results, by CELERY_BROKER_URL. The package dagster-celery comes with the extra `celery`.
"""

from __future__ import annotations

import os

import dagster as dg
from dagster_celery import celery_executor
from dagster_celery.make_app import make_app
from dagster_celery.tasks import create_task

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.settings import Settings

_BROKER_URL = "CELERY_BROKER_URL"

_OPTIONS = {
    "broker_connection_retry_on_startup": True,
    # A step whose worker died is given to another one: at once if only the process died, otherwise by Redis after an
    # hour. A step of more than an hour is then executed twice, which loads the same rows.
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
}

_executor = celery_executor.configured(
    {"broker": {"env": _BROKER_URL}, "backend": {"env": _BROKER_URL}, "config_source": _OPTIONS}, name="celery"
)
defs = dg.Definitions.merge(build_defs(Settings.load(), executor=_executor), dg.Definitions(executor=_executor))

_urls = {"broker": os.environ[_BROKER_URL], "backend": os.environ[_BROKER_URL]}
app = make_app(_urls)  # type: ignore[no-untyped-call]  # dagster-celery has no types
app.conf.update(_OPTIONS)
execute_plan = create_task(app)  # type: ignore[no-untyped-call]  # dagster-celery has no types
