"""The places of files: EXTRACTS_URL and the home directory."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chatwoot_assets
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.settings import Settings
from chatwoot_assets.settings_files import home_directory


def _extracts_url(value: str) -> str:
    return Settings.from_values({"CHATWOOT_ASSETS_HOME": "/srv/home", "EXTRACTS_URL": value}).extracts_url


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("/srv/extracts", "/srv/extracts"),
        ("/srv/extracts/", "/srv/extracts"),
        ("/srv/the extracts", "/srv/the extracts"),
        ("file:///srv/extracts", "/srv/extracts"),
        ("s3://bucket", "s3://bucket"),
        ("s3://bucket/chatwoot/", "s3://bucket/chatwoot"),
        ("gs://bucket/chatwoot", "gs://bucket/chatwoot"),
        ("az://container/chatwoot", "az://container/chatwoot"),
        ("https://webdav/chatwoot", "https://webdav/chatwoot"),
        (
            "abfss://container@account.dfs.core.windows.net/chatwoot",
            "abfss://container@account.dfs.core.windows.net/chatwoot",
        ),
    ],
)
def test_a_directory_or_an_object_stores_url_is_accepted(value: str, url: str) -> None:
    assert _extracts_url(value) == url


def test_a_relative_directory_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/ana")
    assert _extracts_url("extracts") == f"{tmp_path}/extracts"
    assert _extracts_url("~/extracts") == "/home/ana/extracts"


@pytest.mark.parametrize("value", ["ftp://host/extracts", "s3:///no-bucket", "s3://", "postgresql://host/db", "S4://x"])
def test_a_url_of_another_kind_is_refused(value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        _extracts_url(value)
    assert str(refused.value).startswith("EXTRACTS_URL is ")
    assert "s3://" in str(refused.value)


def test_a_file_on_another_host_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"^EXTRACTS_URL is "):
        _extracts_url("file://host/extracts")


@given(st.text("abcXYZ0189:?#%&=+!$~", min_size=8, max_size=20))
def test_a_refused_url_of_extracts_shows_no_password(password: str) -> None:
    for value in (f"ftp://ana:{password}@host/extracts", f"ftp://host/extracts?password={password}"):
        with pytest.raises(SettingsError) as refused:
            _extracts_url(value)
        assert password not in str(refused.value)


@pytest.mark.parametrize(
    ("value", "home"), [("/srv/home", "/srv/home"), ("home", "{}/home"), ("~/data", "/home/ana/data")]
)
def test_a_home_may_be_absolute_or_relative_or_a_users(
    value: str, home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/ana")
    monkeypatch.setenv("CHATWOOT_ASSETS_HOME", value)
    expected = Path(home.format(tmp_path))
    assert home_directory() == Settings.load().home == expected
    assert Settings.from_values({"CHATWOOT_ASSETS_HOME": value}).home == expected


@pytest.mark.parametrize("variable", ["CHATWOOT_ASSETS_HOME", "EXTRACTS_URL"])
def test_the_home_of_an_unknown_user_is_refused(variable: str) -> None:
    with pytest.raises(SettingsError, match=f"^{variable} is "):
        Settings.from_values({"CHATWOOT_ASSETS_HOME": "/srv/home", variable: "~no-such-user/data"})


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the package outside of any checkout."""
    package = Path(chatwoot_assets.__file__).parent
    shutil.copytree(package, tmp_path / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def _home_of(checkout: Path, **environment: str) -> str:
    code = "from chatwoot_assets import settings_files as s; print(s.__file__, s.home_directory(), sep='\\n')"
    printed = subprocess.run(
        [sys.executable, "-c", code],
        cwd=checkout,
        env={"PYTHONPATH": str(checkout), "HOME": str(checkout / "ana"), **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert printed[0].startswith(str(checkout))
    return printed[1]


def test_the_home_of_a_checkout_is_beside_it(checkout: Path) -> None:
    for name in ("workspace.yaml", "pyproject.toml"):
        (checkout / name).touch()
    assert _home_of(checkout) == str(checkout / ".data")


def test_the_home_of_an_installed_package_is_the_users_data_directory(checkout: Path) -> None:
    (checkout / "pyproject.toml").touch()  # somebody else's project
    expected = checkout / "ana" / ".local" / "share" / "chatwoot_assets"
    if sys.platform == "darwin":
        expected = checkout / "ana" / "Library" / "Application Support" / "chatwoot_assets"
    assert _home_of(checkout) == str(expected)
    if sys.platform == "linux":
        assert _home_of(checkout, XDG_DATA_HOME="/srv/share") == "/srv/share/chatwoot_assets"
