"""Read settings, or the message with which they are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatwoot_assets.errors import SettingsError
from chatwoot_assets.settings import Settings

HOME = "/srv/chatwoot assets"


def read_settings(**values: str) -> Settings:
    return Settings.from_values({"CHATWOOT_ASSETS_HOME": HOME, **values})


def refusal(**values: str) -> str:
    """Return why values are refused."""
    with pytest.raises(SettingsError) as refused:
        read_settings(**values)
    message = str(refused.value)
    assert "\n" not in message
    assert not refused.value.transient
    return message


def refusal_of_sources() -> str:
    """Return why the settings of this process are refused; no file of the tests may be quoted with its password."""
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    message = str(refused.value)
    assert "\n" not in message
    assert "sesame" not in message
    return message


def enter_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a directory with an empty working directory, `work`, and an empty home, `home`."""
    (tmp_path / "work").mkdir()
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("CHATWOOT_ASSETS_HOME", str(tmp_path / "home"))
    return tmp_path
