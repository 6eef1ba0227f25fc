"""`ui` hands the settings to Dagster's processes, wherever they run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chatwoot_assets.commands.services import run_daemon
from chatwoot_assets.commands.ui import serve
from chatwoot_assets.errors import SettingsError
from chatwoot_assets_tests.servers import free_port


class _Replaced(Exception):
    """Raised where the process would become Dagster's."""


def _become(*_arguments: object) -> None:
    raise _Replaced


@pytest.mark.usefixtures("restored_environment")
def test_dagster_gets_every_setting_and_no_dotenv_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "execv", _become)
    monkeypatch.setenv("REPORTING_TIMEZONE", "America/Sao_Paulo")
    monkeypatch.setenv("CHATWOOT_ASSETS_HOME", "home")
    # Dagster itself would let this file override the environment.
    (tmp_path / ".env").write_text("REPORTING_TIMEZONE=Asia/Tokyo\nCHATWOOT_VIEWS_SCHEMA=views\n")
    (tmp_path / "chatwoot_assets.toml").write_text('chatwoot_database_url_file = "secret"\n')
    (tmp_path / "gql.py").write_text("raise SystemExit\n")
    (tmp_path / "secret").write_text("postgresql://reader@127.0.0.1:1/chatwoot\n")
    with pytest.raises(_Replaced):
        serve("127.0.0.1", free_port())
    assert not (Path.cwd() / ".env").exists()
    shown = subprocess.run([sys.executable, "-m", "gql"], capture_output=True, text=True, check=False)
    assert "'gql' is a package" in shown.stderr
    assert os.environ["REPORTING_TIMEZONE"] == "America/Sao_Paulo"
    assert os.environ["CHATWOOT_VIEWS_SCHEMA"] == "views"
    assert os.environ["CHATWOOT_ASSETS_HOME"] == str(tmp_path / "home")
    assert os.environ["CHATWOOT_DATABASE_URL_FILE"] == str(tmp_path / "secret")
    assert os.environ["DAGSTER_HOME"] == str(tmp_path / "home" / "dagster")


@pytest.mark.usefixtures("restored_environment")
def test_second_ui_of_a_home_is_refused_with_the_address_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()

    def start_a_second_one(*_arguments: object) -> None:
        with pytest.raises(SettingsError, match=f"UI at http://127.0.0.1:{port} already runs on this home"):
            serve("127.0.0.1", free_port())
        raise _Replaced

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHATWOOT_ASSETS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(os, "execv", start_a_second_one)
    with pytest.raises(_Replaced):
        serve("127.0.0.1", port)
    monkeypatch.setattr(os, "execv", _become)
    with pytest.raises(_Replaced):
        serve("127.0.0.1", port)


@pytest.mark.usefixtures("restored_environment")
def test_daemon_and_ui_of_one_home_refuse_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def start_the_other(*_arguments: object) -> None:
        with pytest.raises(SettingsError, match="Dagster's daemon already runs on this home; use that one, or end it"):
            serve("127.0.0.1", free_port())
        with pytest.raises(SettingsError, match="Dagster's daemon already runs on this home"):
            run_daemon(("127.0.0.1", 4000))
        raise _Replaced

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHATWOOT_ASSETS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(os, "execv", start_the_other)
    with pytest.raises(_Replaced):
        run_daemon(("127.0.0.1", 4000))


@pytest.mark.usefixtures("restored_environment")
def test_a_home_that_cannot_be_locked_keeps_no_ui_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHATWOOT_ASSETS_HOME", str(tmp_path / "home"))
    (tmp_path / "home" / "dagster" / "daemon.lock").mkdir(parents=True)
    monkeypatch.setattr(os, "execv", _become)
    with pytest.raises(_Replaced):
        serve("127.0.0.1", free_port())
