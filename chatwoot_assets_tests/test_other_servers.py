"""Another version of PostgreSQL on either side: Debian's, if it is installed, beside the embedded one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatwoot_assets_tests.adversarial import insert_adversarial_rows
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.local_views import view_differences
from chatwoot_assets_tests.oracle import differences, expected_conversations
from chatwoot_assets_tests.oracle_summaries import expected_daily_summary
from chatwoot_assets_tests.project import Project


@pytest.mark.parametrize("timezone", ["UTC", "America/Sao_Paulo"])
@pytest.mark.parametrize("is_older", [(True, False), (False, True)], ids=["source", "target"])
def test_older_servers_give_the_same_rows(
    is_older: tuple[bool, bool], timezone: str, debian: Callable[[], str], postgres: Postgres, tmp_path: Path
) -> None:
    source_url, target_url = (debian() if older else postgres.new_database() for older in is_older)
    project = Project.create(source_url, target_url, tmp_path, timezone=timezone)
    with project.source() as connection:
        adversarial = insert_adversarial_rows(connection)
    expected: dict[int, dict[str, Any]] = {}
    for day in adversarial.utc if timezone == "UTC" else adversarial.sao_paulo:
        project.load(day)
        with project.source() as connection:
            expected |= expected_conversations(connection, timezone, day)
    assert len(expected) > 150
    assert differences(expected, project.conversations()) == []
    assert differences(expected_daily_summary(expected), project.daily_summary()) == []
    assert view_differences(project) == []
