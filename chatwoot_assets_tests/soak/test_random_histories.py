"""A few random histories, the same ones on every run; `make soak` runs many more."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.soak.__main__ import run_histories
from chatwoot_assets_tests.soak.environment import SoakEnvironment, soak_environment
from chatwoot_assets_tests.soak.source_machine import Tally

pytestmark = pytest.mark.slow

SEED = 6
HISTORIES, STEPS = 4, 25


@pytest.fixture
def environment(postgres: Postgres, home: Path) -> Iterator[SoakEnvironment]:
    directory = Path(tempfile.mkdtemp(prefix="soak-", dir=home))
    directory.chmod(0o755)
    with soak_environment(postgres.new_database(), postgres.new_database(), directory) as created:
        yield created


def test_quiet_scan_after_any_history_makes_everything_equal_to_the_source(environment: SoakEnvironment) -> None:
    tally = Tally()
    run_histories(environment, tally, SEED, HISTORIES, STEPS)
    assert tally.counts["quiet scans"] >= HISTORIES
