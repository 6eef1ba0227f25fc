"""A temporary home hides the user's databases and files, from the environment and from settings files alike."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from chatwoot_assets.commands.temporary_home import temporary_home
from chatwoot_assets.settings import Settings
from chatwoot_assets.settings_files import settings_files


@pytest.mark.postgres
def test_a_temporary_home_keeps_only_what_describes_the_views(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHATWOOT_ASSETS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("EXTRACTS_URL", "s3://theirs")
    (tmp_path / ".env").write_text("ANALYTICS_DATABASE_URL=postgresql://theirs/db\nREPORTING_TIMEZONE=Asia/Tokyo\n")
    (tmp_path / "chatwoot_assets.toml").write_text(
        'chatwoot_database_url_file = "theirs"\nchatwoot_views_schema = "views"\npartitions_start_date = 2020-01-01\n'
    )
    before, environment = Settings.load(), dict(os.environ)
    with temporary_home() as server:
        home = server.directory.parent
        kept = Settings.from_values({"CHATWOOT_ASSETS_HOME": str(home)})
        assert Settings.load() == replace(
            kept, reporting_timezone=before.reporting_timezone, views_schema=before.views_schema
        )
        assert settings_files() == []
    assert not home.exists()
    assert Path.cwd() == tmp_path
    assert dict(os.environ) == environment
    assert Settings.load() == before
