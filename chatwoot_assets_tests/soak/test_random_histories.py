"""A few random histories, the same ones every day; `make soak` runs as many as there is time for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.soak.__main__ import run_histories
from chatwoot_assets_tests.soak.bench import Bench, bench
from chatwoot_assets_tests.soak.machine import Tally

pytestmark = pytest.mark.slow

SEED = 6
HISTORIES, STEPS = 4, 25


@pytest.fixture
def on(postgres: Postgres, home: Path) -> Iterator[Bench]:
    directory = Path(tempfile.mkdtemp(prefix="soak-", dir=home))
    directory.chmod(0o755)
    with bench(postgres.new_database(), directory) as made:
        yield made


def test_quiet_scan_after_any_history_makes_everything_equal_to_the_source(on: Bench) -> None:
    tally = Tally()
    run_histories(on, tally, SEED, HISTORIES, STEPS)
    assert tally.done["quiet passes"] >= HISTORIES
