"""`chatwoot-assets backfill` loads a range of any length in runs of bounded length."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from chatwoot_assets.commands.backfill import DAYS_PER_RUN
from chatwoot_assets.source.create import create_views
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.waiting import HANG_SECONDS

pytestmark = pytest.mark.slow

_COMMAND = str(Path(sys.executable).parent / "chatwoot-assets")


def test_a_long_range_is_loaded_completely_in_several_runs(postgres: Postgres, sample_url: str, tmp_path: Path) -> None:
    with psycopg.connect(sample_url) as connection:
        create_views(connection, ViewOptions("long", "America/Sao_Paulo"))
    target, dagster = postgres.new_database(), postgres.new_database()
    environment = {
        **os.environ,
        "CHATWOOT_ASSETS_HOME": str(tmp_path / "home"),
        "CHATWOOT_DATABASE_URL": sample_url,
        "ANALYTICS_DATABASE_URL": target,
        "DAGSTER_POSTGRES_URL": dagster,
        "CHATWOOT_VIEWS_SCHEMA": "long",
        "REPORTING_TIMEZONE": "America/Sao_Paulo",
        "PARTITIONS_START_DATE": "2024-01-01",
    }
    # The second run begins in the middle of the sample.
    command = [_COMMAND, "backfill", "--from", "2024-02-10", "--to", "2025-03-31"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=HANG_SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"(\d+) days, (\S+) to (\S+): (\d+) loaded", " ".join(done.stdout.split())) == [
        (str(DAYS_PER_RUN), "2024-02-10", "2025-03-15", str(DAYS_PER_RUN)),
        ("16", "2025-03-16", "2025-03-31", "16"),
    ]
    with psycopg.connect(sample_url) as source, psycopg.connect(target) as local:
        expected = source.execute("SELECT count(*) FROM conversations").fetchone()
        assert local.execute("SELECT count(*) FROM conversas_analytics").fetchone() == expected
        current = "SELECT count(*) FROM partition_state WHERE definition IS NOT NULL"
        assert local.execute(current).fetchone() == (DAYS_PER_RUN + 16,)
        source.execute("DROP SCHEMA long CASCADE")
