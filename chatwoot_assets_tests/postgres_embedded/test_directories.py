"""The directories of embedded servers: any user, any place, any name."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest

from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets.postgres_embedded.process import EmbeddedPostgresError
from chatwoot_assets_tests.servers import UNSAFE, enterable_directory, server_pid, users

pytestmark = pytest.mark.postgres


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that does not exist yet."""
    with enterable_directory() as directory:
        yield directory / "postgres"


def _use(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE used (row text)")


def test_home_that_cannot_be_created_is_a_user_error(home: Path) -> None:
    home.touch()
    with pytest.raises(EmbeddedPostgresError, match="CHATWOOT_ASSETS_HOME"):
        embedded.start(home)


def test_server_runs_in_a_path_longer_than_the_address_of_a_socket(home: Path) -> None:
    directory = home / ("long-" * 20) / ("longer-" * 20)
    with users(directory) as (user,):
        _use(user.url)
        socket_directory = Path(str(psycopg.conninfo.conninfo_to_dict(user.url)["host"]))
        try:
            assert len(str(socket_directory)) <= 85
            assert stat.S_IMODE(socket_directory.stat().st_mode) == 0o700
            user.leave()
            assert server_pid(directory) is None
        finally:
            shutil.rmtree(socket_directory)


@pytest.mark.parametrize("name", ["with spaces", "Ana's", "100%", "çã", "a=b&c?d#e"])
def test_server_runs_in_a_path_with_unusual_characters(home: Path, name: str) -> None:
    with users(home / name) as (user,):
        _use(user.url)
        user.leave()
    assert server_pid(home / name) is None


def test_home_is_closed_to_other_users_and_the_server_to_the_network(home: Path) -> None:
    server = embedded.start(home, UNSAFE)
    try:
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        with psycopg.connect(server.url("shared")) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    finally:
        embedded.release(server)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give the server another user")
def test_server_of_root_with_a_closed_home_is_below_var_lib() -> None:
    elsewhere = Path("/var/lib/chatwoot_assets")
    was_there = elsewhere.exists()
    with tempfile.TemporaryDirectory() as closed:
        server = embedded.start(Path(closed) / "postgres", UNSAFE)
        try:
            assert server.directory.parent == elsewhere
            _use(server.url("shared"))
            assert embedded.start(Path(closed) / "postgres") is server
            assert not (Path(closed) / "postgres").exists()
        finally:
            embedded.release(server)
            shutil.rmtree(server.directory)
            if not was_there and not any(elsewhere.iterdir()):
                elsewhere.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="all other tests are run by a user who is not root")
def test_server_of_a_user_runs_in_a_home_closed_to_others() -> None:
    with enterable_directory() as directory:
        shutil.chown(directory, "nobody")
        directory.chmod(0o700)
        with users(directory / "home" / "postgres", user="nobody") as (user,):
            assert str(directory) in unquote(user.url)
            owner = (directory / "home" / "postgres" / "data").stat()
            assert owner.st_uid == directory.stat().st_uid
            user.leave()
        assert server_pid(directory / "home" / "postgres") is None
