"""The command line's answers to wrong settings, wrong arguments, and servers that cannot be reached.

Each is one line that says what to do, with a non-zero exit code, without a password, and with nothing half written.
"""

from __future__ import annotations

import datetime
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from chatwoot_assets_tests.command_line import DAY, PASSWORD, Workspace, assert_tells_no_secret
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.servers import enterable_directory, free_port, password_postgres

_URL_VARIABLES = ("CHATWOOT_DATABASE_URL", "ANALYTICS_DATABASE_URL", "DAGSTER_POSTGRES_URL")


# The cheapest command that opens each database.
_CHEAPEST_COMMAND = {
    "CHATWOOT_DATABASE_URL": ("views", "create"),
    "ANALYTICS_DATABASE_URL": ("status",),
    "DAGSTER_POSTGRES_URL": ("backfill", "--from", DAY, "--to", DAY),
}


@pytest.fixture(scope="module")
def workspace(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.create(postgres, tmp_path_factory.mktemp("bad-input"))


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    """Yield host:port/database of a server that requires a password of `reader`."""
    with (
        enterable_directory() as directory,
        password_postgres(directory / "postgres", "reader", "another password") as address,
    ):
        yield address


def _setting(variable: str, value: str) -> dict[str, Any]:
    return {variable: value}


def _backfill(workspace: Workspace, code: int = 1, **changes: str | None) -> str:
    return workspace.refusal("backfill", "--from", DAY, "--to", DAY, code=code, **changes)


# Settings


@pytest.mark.parametrize("variable", _URL_VARIABLES)
def test_a_malformed_url_is_named_without_its_password(workspace: Workspace, variable: str) -> None:
    url = f"postgresql://reader:{PASSWORD}@db.example.com/chatwoot"
    line = workspace.refusal(*_CHEAPEST_COMMAND[variable], code=2, **_setting(variable, url))
    assert variable in line
    assert "postgresql://user:password@host:5432/database" in line


@pytest.mark.parametrize(
    ("variable", "value", "advice"),
    [
        ("CHATWOOT_VIEWS_SCHEMA", "public", "a schema of their own"),
        ("REPORTING_TIMEZONE", "Brasilia", "America/Sao_Paulo"),
        ("PARTITIONS_START_DATE", "01/02/2024", "YYYY-MM-DD"),
        ("PARTITIONS_START_DATE", "2999-01-01", "past date"),
        ("EXTRACTS_URL", "ftp://host/extracts", "s3://"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_accepted(
    workspace: Workspace, variable: str, value: str, advice: str
) -> None:
    line = workspace.refusal("views", "create", code=2, **_setting(variable, value))
    assert line.startswith(f"error: {variable} is {value!r}")
    assert advice in line


def test_the_web_interface_refuses_wrong_settings(workspace: Workspace) -> None:
    assert "REPORTING_TIMEZONE is 'Brasilia'" in workspace.refusal("ui", code=2, REPORTING_TIMEZONE="Brasilia")


@pytest.fixture
def files(workspace: Workspace) -> Iterator[Path]:
    """The workspace's directory, in which commands run; its settings files are removed afterwards."""
    yield workspace.directory
    for name in (".env", "chatwoot_assets.toml", "secret"):
        (workspace.directory / name).unlink(missing_ok=True)


def test_a_url_of_each_file_reaches_the_commands(workspace: Workspace, files: Path) -> None:
    (files / "secret").write_text(workspace.target_url + "\n")
    (files / "chatwoot_assets.toml").write_text('analytics_database_url_file = "secret"\n')
    (files / ".env").write_text(f"CHATWOOT_DATABASE_URL='{workspace.source_url}'\n")
    outcome = workspace.run("status", CHATWOOT_DATABASE_URL=None, ANALYTICS_DATABASE_URL=None)
    assert outcome.code == 0, outcome
    assert "no day is loaded yet" in outcome.out
    assert not (workspace.directory / "home" / "postgres").exists()


def test_an_unknown_key_in_toml_is_named_with_the_nearest(workspace: Workspace, files: Path) -> None:
    path = files / "chatwoot_assets.toml"
    path.write_text(f'chatwoot_databse_url = "postgresql://reader:{PASSWORD}@db/chatwoot"\n')
    line = workspace.refusal("status", code=2)
    assert line == f"error: {path}: unknown key 'chatwoot_databse_url'; did you mean CHATWOOT_DATABASE_URL?"


def test_a_dotenv_file_that_cannot_be_parsed_is_named(workspace: Workspace, files: Path) -> None:
    (files / ".env").write_text(f"CHATWOOT_DATABASE_URL='postgresql://reader:{PASSWORD}@db/chatwoot\n")
    line = workspace.refusal("status", code=2)
    assert line == f"error: {files / '.env'}, line 1: cannot be parsed; accepted are lines NAME=value"


@pytest.mark.parametrize(
    ("value", "reason"), [("instance", "which is relative"), ("/no/where", "which does not exist")]
)
def test_a_dagster_home_of_no_use_is_named(workspace: Workspace, value: str, reason: str) -> None:
    line = _backfill(workspace, code=2, DAGSTER_HOME=value)
    assert line == f"error: DAGSTER_HOME is '{value}', {reason}; accepted is the absolute path of a directory"


# Arguments


_LATER = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=2)).date().isoformat()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "10/03/2025"), "--from is '10/03/2025', which is not a date; accepted is YYYY-MM-DD"),
        (("--from", DAY, "--to", "2025-02-30"), "--to is '2025-02-30', which is not a date; accepted is YYYY-MM-DD"),
        (("--from", DAY, "--to", "2025-03-09"), "--from 2025-03-10 is after --to 2025-03-09"),
        (("--from", "2025-02-28", "--to", DAY), "--from 2025-02-28 is outside the partitions, 2025-03-01 to "),
        (("--from", DAY, "--to", _LATER), f"--to {_LATER} is outside the partitions, 2025-03-01 to "),
        (("--from", _LATER), f"--from {_LATER} is outside the partitions, 2025-03-01 to "),
    ],
)
def test_a_wrong_range_of_days_is_refused(workspace: Workspace, arguments: tuple[str, ...], message: str) -> None:
    assert message in workspace.refusal("backfill", *arguments, code=2)


def test_wrong_usage_is_explained_without_a_traceback(workspace: Workspace) -> None:
    for arguments, message in (
        (("backfill",), "--from"),
        (("reload",), "reload"),
        (("status", "--days", "0"), "--days"),
    ):
        outcome = workspace.run(*arguments)
        assert_tells_no_secret(outcome)
        assert outcome.code == 2
        assert message in outcome.err


def test_a_port_in_use_is_named(workspace: Workspace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = workspace.refusal("ui", "--port", str(port), code=2)
    assert f"127.0.0.1:{port}: Address already in use; give another --port" in line


@pytest.mark.parametrize("host", ["nohost.invalid", "192.0.2.1"])
def test_the_address_of_another_machine_is_named(workspace: Workspace, host: str) -> None:
    line = workspace.refusal("ui", "--host", host, "--port", str(free_port()), code=2)
    assert f"cannot listen on {host}" in line
    assert "--host" in line


@pytest.mark.parametrize("variable", _URL_VARIABLES[:2])
def test_the_demo_leaves_a_users_own_databases_alone(workspace: Workspace, variable: str) -> None:
    unset: dict[str, Any] = dict.fromkeys(_URL_VARIABLES)
    line = workspace.refusal("demo", code=2, **{**unset, variable: workspace.source_url})
    assert line.startswith(f"error: {variable} is set")
    assert "chatwoot-assets backfill --from" in line
    assert not (workspace.directory / "home" / "postgres").exists()


# Servers


@pytest.mark.parametrize("variable", _URL_VARIABLES)
def test_a_wrong_password_is_reported_as_such(workspace: Workspace, guarded: str, variable: str) -> None:
    url = f"postgresql://reader:{quote(PASSWORD, safe='')}@{guarded}"
    line = workspace.refusal(*_CHEAPEST_COMMAND[variable], **_setting(variable, url))
    assert line.startswith(f"error: {variable}: ")
    assert 'password authentication failed for user "reader"' in line
    assert "check the user and the password in the URL" in line


def test_a_wrong_password_is_reported_where_rows_are_read(workspace: Workspace, guarded: str) -> None:
    line = _backfill(workspace, CHATWOOT_DATABASE_URL=f"postgresql://reader:{quote(PASSWORD, safe='')}@{guarded}")
    assert "CHATWOOT_DATABASE_URL: " in line
    assert 'password authentication failed for user "reader"; check the user and the password in the URL' in line


def test_a_missing_password_is_reported(workspace: Workspace, guarded: str) -> None:
    line = workspace.refusal("views", "create", CHATWOOT_DATABASE_URL=f"postgresql://reader@{guarded}")
    assert "put the password into the URL" in line


@pytest.mark.parametrize("variable", _URL_VARIABLES)
def test_a_host_that_cannot_be_resolved_is_named(workspace: Workspace, variable: str) -> None:
    url = f"postgresql://reader:{quote(PASSWORD, safe='')}@nohost.invalid/chatwoot"
    line = workspace.refusal(*_CHEAPEST_COMMAND[variable], **_setting(variable, url))
    assert line.startswith(f"error: {variable}: ")
    assert "nohost.invalid" in line
    assert "check the host in the URL" in line


@pytest.mark.parametrize("variable", _URL_VARIABLES)
def test_a_closed_port_is_named(workspace: Workspace, variable: str) -> None:
    port = free_port()
    url = f"postgresql://reader:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/chatwoot"
    line = workspace.refusal(*_CHEAPEST_COMMAND[variable], **_setting(variable, url))
    assert line.startswith(f"error: {variable}: ")
    assert str(port) in line
    assert "check host and port in the URL, and that the server runs" in line


@pytest.mark.parametrize("variable", _URL_VARIABLES)
def test_a_database_that_does_not_exist_is_named(workspace: Workspace, variable: str) -> None:
    url = workspace.target_url.replace("/test_", "/nowhere_")
    line = workspace.refusal(*_CHEAPEST_COMMAND[variable], **_setting(variable, url))
    assert line.startswith(f"error: {variable}: ")
    assert '"nowhere_' in line
    assert "check the database's name in the URL" in line


def test_a_home_that_cannot_be_made_is_named(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    line = _backfill(workspace, code=2, CHATWOOT_ASSETS_HOME=str(tmp_path / "file" / "home"))
    assert str(tmp_path / "file" / "home") in line
