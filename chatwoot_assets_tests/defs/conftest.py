"""What the tests of the stored instance share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from chatwoot_assets_tests.conftest import Postgres


@pytest.fixture
def dagster_url(postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of an empty database; an instance with the project's dagster.yaml is in `tmp_path`."""
    url = postgres.new_database()
    monkeypatch.setenv("DAGSTER_POSTGRES_URL", url)
    shutil.copy(Path(__file__).parents[2] / "dagster.yaml", tmp_path)
    return url
