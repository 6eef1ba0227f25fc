"""With CHATWOOT_ASSETS_EMBEDDED=off, a process that lacks a URL refuses to start, and starts no server."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import click
import dagster as dg
import pytest

from chatwoot_assets.cli import cli
from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.database_urls import (
    ANALYTICS_DATABASE_URL,
    CHATWOOT_DATABASE_URL,
    DAGSTER_POSTGRES_URL,
    DATABASE_URLS,
    database_url,
    require_urls,
)
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.errors import SettingsError, UserError
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings

pytestmark = pytest.mark.usefixtures("restored_environment")

_ROOT = Path(__file__).parents[2]
_URL = "postgresql://reader:open-sesame@127.0.0.1:1/nothing"


@pytest.fixture(autouse=True)
def _off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forbid the embedded server, and give every URL: to a server that does not exist."""
    monkeypatch.setenv("CHATWOOT_ASSETS_EMBEDDED", "off")
    monkeypatch.setenv("CHATWOOT_ASSETS_HOME", str(tmp_path / "home"))
    for variable in DATABASE_URLS:
        monkeypatch.setenv(variable, _URL)
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("EXTRACTS_URL", "s3://bucket/days")


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("code-server", CHATWOOT_DATABASE_URL),
        ("code-server", ANALYTICS_DATABASE_URL),
        ("code-server", DAGSTER_POSTGRES_URL),
        ("celery-worker", CHATWOOT_DATABASE_URL),
        ("celery-worker", ANALYTICS_DATABASE_URL),
        ("celery-worker", DAGSTER_POSTGRES_URL),
        ("webserver", DAGSTER_POSTGRES_URL),
        ("daemon", DAGSTER_POSTGRES_URL),
        ("health daemon", DAGSTER_POSTGRES_URL),
        ("dashboard", ANALYTICS_DATABASE_URL),
        ("ui", DAGSTER_POSTGRES_URL),
        ("status", CHATWOOT_DATABASE_URL),
        ("status", ANALYTICS_DATABASE_URL),
        ("prune", DAGSTER_POSTGRES_URL),
        ("verify --contact 1", CHATWOOT_DATABASE_URL),
        ("views create", CHATWOOT_DATABASE_URL),
        ("views drop", CHATWOOT_DATABASE_URL),
        ("backfill --from 2025-03-01", CHATWOOT_DATABASE_URL),
        ("backfill --from 2025-03-01", ANALYTICS_DATABASE_URL),
        ("backfill --from 2025-03-01", DAGSTER_POSTGRES_URL),
        ("alerts --dry-run", ANALYTICS_DATABASE_URL),
        ("alerts --dry-run", DAGSTER_POSTGRES_URL),
        ("metrics", ANALYTICS_DATABASE_URL),
        ("drop-contents", ANALYTICS_DATABASE_URL),
        ("export conversations --from 2025-03-01", ANALYTICS_DATABASE_URL),
        ("report", ANALYTICS_DATABASE_URL),
        ("bi create", ANALYTICS_DATABASE_URL),
        ("mcp", ANALYTICS_DATABASE_URL),
    ],
)
def test_a_command_that_lacks_a_url_refuses_to_start(
    command: str, missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(SettingsError) as refused:
        cli.main(command.split(), standalone_mode=False)
    message = str(refused.value)
    assert message == (f"{missing} is not set, and CHATWOOT_ASSETS_EMBEDDED is off: set {missing} or {missing}_FILE")
    assert not (tmp_path / "home" / "postgres").exists()


def test_every_command_is_among_those_that_refuse() -> None:
    needs_no_url = {"checks", "demo"}  # each brings its own databases
    needs_no_url.add("doctor")  # says so, beside everything else
    tested = {mark.args[1][number][0].split()[0] for mark in _marks() for number in range(len(mark.args[1]))}
    assert set(cli.commands) == tested | needs_no_url


def test_the_doctor_names_a_missing_url_and_starts_no_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for variable in DATABASE_URLS:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("EXTRACTS_URL", str(tmp_path / "extracts"))
    with pytest.raises(UserError, match="findings are errors"):
        cli.main(["doctor"], standalone_mode=False)
    output = capsys.readouterr().out
    for variable in DATABASE_URLS:
        assert f"{variable}: {variable} is not set, and CHATWOOT_ASSETS_EMBEDDED is off" in output
    assert not (tmp_path / "home" / "postgres").exists()


def _marks() -> list[pytest.Mark]:
    return list(getattr(test_a_command_that_lacks_a_url_refuses_to_start, "pytestmark"))  # noqa: B009 - mypy knows no such attribute


def test_the_demo_says_that_it_needs_the_embedded_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in DATABASE_URLS:
        monkeypatch.delenv(variable)
    with pytest.raises(SettingsError, match="CHATWOOT_ASSETS_EMBEDDED is off, and the demo brings its own"):
        cli.main(["demo"], standalone_mode=False)


@pytest.mark.parametrize("missing", [CHATWOOT_DATABASE_URL, ANALYTICS_DATABASE_URL])
def test_definitions_of_a_code_server_need_both_databases(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(SettingsError, match=f"{missing} is not set"):
        build_defs(Settings.load())
    replaced = {"chatwoot": ChatwootDatabase(url=_URL), "warehouse": Warehouse(url=_URL)}
    build_defs(Settings.load(), resources=replaced)


def test_a_run_worker_of_dagster_refuses_to_start(tmp_path: Path) -> None:
    environment = {ANALYTICS_DATABASE_URL: _URL, DAGSTER_POSTGRES_URL: _URL, "CHATWOOT_ASSETS_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", "import chatwoot_assets.definitions"],
        env={"CHATWOOT_ASSETS_EMBEDDED": "off", **environment},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"{CHATWOOT_DATABASE_URL} is not set" in done.stderr.splitlines()[-1]
    assert "sesame" not in done.stderr
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize(
    ("missing", "arguments"),
    [
        (CHATWOOT_DATABASE_URL, "grpc -m chatwoot_assets.definitions"),
        (ANALYTICS_DATABASE_URL, "execute_run {}"),
        (DAGSTER_POSTGRES_URL, "execute_step {}"),
    ],
)
def test_what_a_launcher_starts_in_the_image_refuses_in_one_line(missing: str, arguments: str, tmp_path: Path) -> None:
    environment = {name: _URL for name in DATABASE_URLS if name != missing}
    done = subprocess.run(
        ["sh", str(_ROOT / "deploy" / "entrypoint.sh"), "dagster", "api", *arguments.split()],
        env={
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "CHATWOOT_ASSETS_EMBEDDED": "off",
            "CHATWOOT_ASSETS_HOME": str(tmp_path),
            **environment,
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"error: {missing} is not set")
    assert not (tmp_path / "postgres").exists()


def test_a_session_of_the_dashboard_refuses_to_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ANALYTICS_DATABASE_URL)
    pool = ReadOnlyPool(lambda: Warehouse().resolved_url())
    with pytest.raises(SettingsError, match=f"{ANALYTICS_DATABASE_URL} is not set"):
        pool.read(lambda _connection: None)


def test_a_switch_that_is_neither_on_nor_off_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CHATWOOT_DATABASE_URL)
    monkeypatch.setenv("CHATWOOT_ASSETS_EMBEDDED", "no")
    for read in (Settings.load, lambda: require_urls(CHATWOOT_DATABASE_URL)):
        with pytest.raises(SettingsError, match="CHATWOOT_ASSETS_EMBEDDED is 'no'; accepted are on and off"):
            read()


@pytest.mark.parametrize("end", ["", "\n"])
def test_secrets_are_read_as_docker_and_kubernetes_mount_them(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Docker mounts a file; Kubernetes links it through a directory that is replaced whole.
    (tmp_path / "..2026_11_26").mkdir()
    (tmp_path / "..data").symlink_to("..2026_11_26")
    (tmp_path / "url").symlink_to("..data/url")
    file = tmp_path / "..2026_11_26" / "url"
    file.write_text(_URL + end)
    file.chmod(0o400)
    for variable in DATABASE_URLS:
        monkeypatch.delenv(variable)
        monkeypatch.setenv(f"{variable}_FILE", str(tmp_path / "url"))
    require_urls(*DATABASE_URLS)
    assert {database_url(variable) for variable in DATABASE_URLS} == {_URL}
    build_defs(Settings.load())


def test_a_secret_that_is_not_mounted_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DAGSTER_POSTGRES_URL)
    monkeypatch.setenv(f"{DAGSTER_POSTGRES_URL}_FILE", str(tmp_path / "dagster_postgres_url"))
    with pytest.raises(SettingsError, match=r"DAGSTER_POSTGRES_URL_FILE is '.*/dagster_postgres_url', which cannot"):
        cli.main(["daemon"], standalone_mode=False)


def test_instance_refuses_through_dagster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DAGSTER_POSTGRES_URL)
    shutil.copy(_ROOT / "dagster.yaml", tmp_path)
    with pytest.raises(SettingsError, match=f"{DAGSTER_POSTGRES_URL} is not set"):
        dg.DagsterInstance.from_config(str(tmp_path))


def test_an_address_of_the_code_server_is_a_host_and_a_port() -> None:
    for address in ("code-server", ":4000", "code-server:0", "code-server:99999", "code-server:x"):
        with pytest.raises(click.BadParameter, match="must be a host and a port"):
            cli.main(["daemon", "--code-server", address], standalone_mode=False)
