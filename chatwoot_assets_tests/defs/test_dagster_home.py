"""DAGSTER_HOME: which directories are accepted, and what becomes of a `dagster.yaml` that a person edited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chatwoot_assets.defs import dagster_home
from chatwoot_assets.defs.dagster_home import CONFIGURATION, NEW_CONFIGURATION, ensure_dagster_home
from chatwoot_assets.errors import SettingsError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of an instance that this project keeps itself, which does not exist yet."""
    monkeypatch.setenv("CHATWOOT_ASSETS_HOME", str(tmp_path / "home"))
    # The function under test sets it: it is restored after the test.
    monkeypatch.setenv("DAGSTER_HOME", "")
    return tmp_path / "home" / "dagster"


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is shipped as `dagster.yaml`."""
    path = tmp_path / "shipped.yaml"
    path.write_text("version: 1\n")
    monkeypatch.setattr(dagster_home, "_shipped_configuration", lambda: path)
    return path


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """Do what a command does in a process of its own, and return what it says on standard error."""

    def run() -> str:
        monkeypatch.setenv("DAGSTER_HOME", "")
        assert ensure_dagster_home() == home
        return capsys.readouterr().err

    return run


def test_the_first_command_writes_the_shipped_configuration(home: Path) -> None:
    assert ensure_dagster_home() == home
    checkout = Path(__file__).parent.parent.parent
    assert (home / CONFIGURATION).read_bytes() == (checkout / CONFIGURATION).read_bytes()


def test_an_untouched_configuration_follows_the_shipped_one(home: Path, ship: Path, run: Callable[[], str]) -> None:
    for text in ("version: 1\n", "version: 2\n", "version: 2\n", "version: 1\n"):
        ship.write_text(text)
        assert run() == ""
        assert (home / CONFIGURATION).read_text() == text
    assert not (home / NEW_CONFIGURATION).exists()


@pytest.mark.usefixtures("ship")
def test_an_edited_configuration_is_kept(home: Path, run: Callable[[], str]) -> None:
    run()
    (home / CONFIGURATION).write_text("version: mine\n")
    for _ in range(2):
        assert run() == ""
        assert (home / CONFIGURATION).read_text() == "version: mine\n"


def test_a_newer_shipped_configuration_is_laid_beside_an_edited_one(
    home: Path, ship: Path, run: Callable[[], str]
) -> None:
    run()
    (home / CONFIGURATION).write_text("version: mine\n")
    ship.write_text("version: 2\n")
    (line,) = run().splitlines()
    assert line.startswith(f"warning: {home / CONFIGURATION} was edited and is kept; this version ships another")
    assert (home / CONFIGURATION).read_text() == "version: mine\n"
    assert (home / NEW_CONFIGURATION).read_text() == "version: 2\n"
    assert run() == ""  # once is enough
    # Once it is taken over, later ones replace it again.
    (home / NEW_CONFIGURATION).replace(home / CONFIGURATION)
    ship.write_text("version: 3\n")
    assert run() == ""
    assert (home / CONFIGURATION).read_text() == "version: 3\n"


@pytest.mark.usefixtures("ship")
def test_a_configuration_of_unknown_origin_is_kept(home: Path, run: Callable[[], str]) -> None:
    home.mkdir(parents=True)
    (home / CONFIGURATION).write_text("version: mine\n")
    assert "was edited and is kept" in run()
    assert (home / CONFIGURATION).read_text() == "version: mine\n"
    assert sorted(path.name for path in home.iterdir()) == [".dagster.yaml.sha256", CONFIGURATION, NEW_CONFIGURATION]


def test_a_configuration_that_was_deleted_is_written_again(home: Path, ship: Path, run: Callable[[], str]) -> None:
    run()
    (home / CONFIGURATION).unlink()
    assert run() == ""
    assert (home / CONFIGURATION).read_text() == ship.read_text()


def test_a_dagster_home_of_the_users_own_is_left_alone(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    (tmp_path / CONFIGURATION).write_text("version: mine\n")
    assert ensure_dagster_home() == tmp_path
    assert (tmp_path / CONFIGURATION).read_text() == "version: mine\n"
    assert not home.exists()


@pytest.mark.usefixtures("home")
def test_a_dagster_home_may_be_set_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "instance").mkdir()
    (tmp_path / "chatwoot_assets.toml").write_text('dagster_home = "instance"\n')
    assert ensure_dagster_home() == tmp_path / "instance"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("instance", "which is relative"),
        ("{}/nowhere", "which does not exist"),
        ("{}/file", "which is not a directory"),
        ("{} ", "which ends in a blank"),
        ("~no-such-user/instance", "whose user does not exist"),
    ],
)
@pytest.mark.usefixtures("home")
def test_a_dagster_home_of_no_use_is_refused_in_one_line(
    value: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    value = value.format(tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", value)
    with pytest.raises(SettingsError) as refused:
        ensure_dagster_home()
    assert str(refused.value) == f"DAGSTER_HOME is {value!r}, {reason}; accepted is the absolute path of a directory"
