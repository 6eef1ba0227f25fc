"""What a user gets at the command line for wrong settings, wrong arguments, and servers that are not there.

Always one line that says what to do, a non-zero exit code, no password, and nothing half written.
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


# The cheapest command that opens each.
_COMMAND_OF = {
    "CHATWOOT_DATABASE_URL": ("views", "create"),
    "ANALYTICS_DATABASE_URL": ("status",),
    "DAGSTER_POSTGRES_URL": ("backfill", "--from", DAY, "--to", DAY),
}


@pytest.fixture(scope="module")
def workspace(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.create(postgres, tmp_path_factory.mktemp("bad-input"))


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    """host:port/database of a server that asks `reader` for a password."""
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
    line = workspace.refusal(*_COMMAND_OF[variable], code=2, **_setting(variable, url))
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
def test_a_wrong_setting_is_named_with_its_value_and_what_is_accepted(
    workspace: Workspace, variable: str, value: str, advice: str
) -> None:
    line = workspace.refusal("views", "create", code=2, **_setting(variable, value))
    assert line.startswith(f"error: {variable} is {value!r}")
    assert advice in line


def test_the_web_interface_refuses_wrong_settings_too(workspace: Workspace) -> None:
    assert "REPORTING_TIMEZONE is 'Brasilia'" in workspace.refusal("ui", code=2, REPORTING_TIMEZONE="Brasilia")


# Arguments


_LATER = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=2)).date().isoformat()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "10/03/2025"), "--from is '10/03/2025', which is not a date; accepted is YYYY-MM-DD"),
        (("--from", DAY, "--to", "2025-02-30"), "--to is '2025-02-30', which is not a date; accepted is YYYY-MM-DD"),
        (("--from", DAY, "--to", "2025-03-09"), "--from 2025-03-10 is after --to 2025-03-09"),
        (("--from", "2025-02-28", "--to", DAY), "--from 2025-02-28 is outside the partitions, 2025-03-01 to "),
        (("--from", DAY, "--to", _LATER), f"--to {_LATER} is outside the partitions, 2025-03-01 to "),
        (("--from", _LATER), f"--from {_LATER} is outside the partitions, 2025-03-01 to "),
    ],
)
def test_a_wrong_range_of_days_is_refused(workspace: Workspace, arguments: tuple[str, ...], said: str) -> None:
    assert said in workspace.refusal("backfill", *arguments, code=2)


def test_wrong_usage_says_what_is_right_and_has_no_traceback(workspace: Workspace) -> None:
    for arguments, said in ((("backfill",), "--from"), (("reload",), "reload"), (("status", "--days", "0"), "--days")):
        outcome = workspace.run(*arguments)
        assert_tells_no_secret(outcome)
        assert outcome.code == 2
        assert said in outcome.err


def test_a_port_in_use_is_named(workspace: Workspace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = workspace.refusal("ui", "--port", str(port), code=2)
    assert f"127.0.0.1:{port}: Address already in use; give another --port" in line


@pytest.mark.parametrize("host", ["nohost.invalid", "192.0.2.1"])
def test_a_host_that_is_not_this_machine_is_named(workspace: Workspace, host: str) -> None:
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
def test_a_wrong_password_is_said_to_be_one(workspace: Workspace, guarded: str, variable: str) -> None:
    url = f"postgresql://reader:{quote(PASSWORD, safe='')}@{guarded}"
    line = workspace.refusal(*_COMMAND_OF[variable], **_setting(variable, url))
    assert line.startswith(f"error: {variable}: ")
    assert 'password authentication failed for user "reader"' in line
    assert "check the user and the password in the URL" in line


def test_a_wrong_password_is_said_to_be_one_where_rows_are_read(workspace: Workspace, guarded: str) -> None:
    line = _backfill(workspace, CHATWOOT_DATABASE_URL=f"postgresql://reader:{quote(PASSWORD, safe='')}@{guarded}")
    assert "CHATWOOT_DATABASE_URL: " in line
    assert 'password authentication failed for user "reader"; check the user and the password in the URL' in line


def test_a_missing_password_is_asked_for(workspace: Workspace, guarded: str) -> None:
    line = workspace.refusal("views", "create", CHATWOOT_DATABASE_URL=f"postgresql://reader@{guarded}")
    assert "put the password into the URL" in line


@pytest.mark.parametrize("variable", _URL_VARIABLES)
def test_a_host_without_a_name_is_said_to_be_one(workspace: Workspace, variable: str) -> None:
    url = f"postgresql://reader:{quote(PASSWORD, safe='')}@nohost.invalid/chatwoot"
    line = workspace.refusal(*_COMMAND_OF[variable], **_setting(variable, url))
    assert line.startswith(f"error: {variable}: ")
    assert "nohost.invalid" in line
    assert "check the host in the URL" in line


@pytest.mark.parametrize("variable", _URL_VARIABLES)
def test_a_closed_port_is_said_to_be_one(workspace: Workspace, variable: str) -> None:
    port = free_port()
    url = f"postgresql://reader:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/chatwoot"
    line = workspace.refusal(*_COMMAND_OF[variable], **_setting(variable, url))
    assert line.startswith(f"error: {variable}: ")
    assert str(port) in line
    assert "check host and port in the URL, and that the server runs" in line


@pytest.mark.parametrize("variable", _URL_VARIABLES)
def test_a_database_that_is_not_there_is_named(workspace: Workspace, variable: str) -> None:
    url = workspace.target_url.replace("/test_", "/nowhere_")
    line = workspace.refusal(*_COMMAND_OF[variable], **_setting(variable, url))
    assert line.startswith(f"error: {variable}: ")
    assert '"nowhere_' in line
    assert "check the database's name in the URL" in line


def test_a_home_that_cannot_be_made_is_named(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    line = _backfill(workspace, code=2, CHATWOOT_ASSETS_HOME=str(tmp_path / "file" / "home"))
    assert str(tmp_path / "file" / "home") in line
