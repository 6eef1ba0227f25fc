"""After a backfill that was killed, the next one resumes at once and loads the rest."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import zoneinfo
from pathlib import Path

import psycopg
import pytest

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import day
from chatwoot_assets.source.create import create_views
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.waiting import HANG_SECONDS, wait_until

pytestmark = pytest.mark.slow

_COMMAND = Path(sys.executable).parent / "chatwoot-assets"
_RANGE = ("backfill", "--from", "2025-03-01", "--to", "2025-03-31")


def test_a_killed_backfill_resumes_at_once(postgres: Postgres, sample_url: str, tmp_path: Path) -> None:
    with psycopg.connect(sample_url) as connection:
        create_views(connection, ViewOptions("killed", "America/Sao_Paulo"))
    target = postgres.new_database()
    environment = {
        **os.environ,
        "CHATWOOT_ASSETS_HOME": str(tmp_path / "home"),
        "CHATWOOT_DATABASE_URL": sample_url,
        "ANALYTICS_DATABASE_URL": target,
        "DAGSTER_POSTGRES_URL": postgres.new_database(),
        "CHATWOOT_VIEWS_SCHEMA": "killed",
        "REPORTING_TIMEZONE": "America/Sao_Paulo",
        "EXTRACTS_URL": str(tmp_path / "extracts"),
    }
    killed = subprocess.Popen([_COMMAND, *_RANGE], env=environment, stderr=subprocess.DEVNULL)
    store = ExtractStore(str(tmp_path / "extracts"))
    watched = day(datetime.date(2025, 3, 5), zoneinfo.ZoneInfo("America/Sao_Paulo"))
    wait_until(lambda: store.row_count(Dataset.CONVERSATIONS, watched) is not None, interval=0.005)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert killed.returncode == -signal.SIGKILL
    done = subprocess.run(
        [_COMMAND, *_RANGE], env=environment, capture_output=True, text=True, timeout=HANG_SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    with psycopg.connect(sample_url) as source, psycopg.connect(target) as local:
        expected = source.execute("SELECT count(*) FROM conversations").fetchone()
        assert local.execute("SELECT count(*) FROM conversas_analytics").fetchone() == expected
        source.execute("DROP SCHEMA killed CASCADE")
