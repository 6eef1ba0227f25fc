"""The life of an embedded server: shared by processes, stopped by the last one, restarted after every accident."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets_tests.servers import (
    UNSAFE,
    enterable_directory,
    server_pid,
    server_user,
    stop_at_once,
    users,
)
from chatwoot_assets_tests.waiting import wait_until

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """A home whose server has been stopped; copying it is faster than initdb."""
    with enterable_directory() as directory:
        with users(directory / "home") as (user,):
            _write(user.url, "before")
            user.leave()
        yield directory / "home"


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that does not exist yet."""
    with enterable_directory() as directory:
        yield directory / "postgres"


@pytest.fixture
def used_home(home: Path, template: Path) -> Path:
    """A home whose server has a table with one row, and does not run."""
    subprocess.run(["cp", "-a", str(template), str(home)], check=True)
    return home


def _write(url: str, row: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (row text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [row])


def _rows(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row for (row,) in connection.execute("SELECT row FROM kept ORDER BY row")]


def _kill_server(home: Path) -> None:
    pid = server_pid(home)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: server_pid(home) is None)


def test_processes_share_the_server_until_the_last_one_leaves(used_home: Path) -> None:
    with users(used_home) as (first,), users(used_home) as (second,):
        assert first.url == second.url
        pid = server_pid(used_home)
        assert pid is not None
        first.leave()
        assert server_pid(used_home) == pid
        assert _rows(second.url) == ["before"]
        second.leave()
        assert server_pid(used_home) is None
        assert not (used_home / "data" / "postmaster.pid").exists()


def test_processes_that_start_together_start_one_server(home: Path) -> None:
    with users(home, 3) as started:
        assert len({user.url for user in started}) == 1
        assert server_pid(home) is not None
        assert not (home / "data.partial").exists()
        for user in started:
            user.leave()
    assert server_pid(home) is None


def test_threads_that_start_together_hold_the_server_once(used_home: Path) -> None:
    code = (
        "import concurrent.futures, pathlib, sys\n"
        "from chatwoot_assets.postgres_embedded import server as embedded\n"
        "with concurrent.futures.ThreadPoolExecutor(4) as pool:\n"
        "    servers = set(pool.map(embedded.start, [pathlib.Path(sys.argv[1])] * 4))\n"
        "assert len(servers) == 1\n"
    )
    subprocess.run([sys.executable, "-c", code, str(used_home)], check=True)
    assert server_pid(used_home) is None


def test_threads_can_create_the_same_database_together(used_home: Path) -> None:
    server = embedded.start(used_home, UNSAFE)
    try:
        for name in ("new", 'Ünïcode "quoted" %20'):
            with ThreadPoolExecutor(8) as pool:
                urls = set(pool.map(server.url, [name] * 8))
            assert len(urls) == 1
            with psycopg.connect(urls.pop()) as connection:
                assert connection.info.dbname == name
    finally:
        embedded.release(server)
    assert server_pid(used_home) is None


def test_forked_child_leaves_its_parent_s_server_running(used_home: Path) -> None:
    server = embedded.start(used_home, UNSAFE)
    try:
        child = os.fork()
        if child == 0:
            embedded._release_all()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        assert server_pid(used_home) is not None
    finally:
        embedded.release(server)
    assert server_pid(used_home) is None


def test_killed_process_does_not_keep_the_server_running(used_home: Path) -> None:
    with users(used_home, 2) as (killed, leaving):
        assert killed.url == leaving.url
        killed.kill()
        assert server_pid(used_home) is not None
        leaving.leave()
    assert server_pid(used_home) is None


def test_orphaned_server_serves_the_next_process_and_stops_with_it(used_home: Path) -> None:
    with users(used_home) as (killed,):
        _write(killed.url, "by the killed")
        killed.kill()
    pid = server_pid(used_home)
    assert pid is not None
    with users(used_home) as (next_one,):
        assert _rows(next_one.url) == ["before", "by the killed"]
        assert server_pid(used_home) == pid
        next_one.leave()
    assert server_pid(used_home) is None


def test_killed_server_has_its_data_at_the_next_start(used_home: Path) -> None:
    with users(used_home) as (first,):
        _write(first.url, "committed")
        _kill_server(used_home)
        with users(used_home) as (second,):
            assert _rows(second.url) == ["before", "committed"]
            assert _rows(first.url) == ["before", "committed"]
            first.leave()
            assert server_pid(used_home) is not None
            second.leave()
    assert server_pid(used_home) is None


def test_process_can_restart_its_killed_server(used_home: Path) -> None:
    server = embedded.start(used_home, UNSAFE)
    try:
        _kill_server(used_home)
        assert embedded.start(used_home, UNSAFE) == server
        assert server_pid(used_home) is not None
        assert _rows(server.url("shared")) == ["before"]
    finally:
        embedded.release(server)
    assert server_pid(used_home) is None


def _leave_pid_file(home: Path, pid: int) -> None:
    """Write a pid file as a machine without power leaves it."""
    file = home / "data" / "postmaster.pid"
    file.write_text(f"{pid}\n{home}/data\n1700000000\n5432\n{home}\n\n  5432001         1\nready   \n")
    owner = (home / "data").stat()
    os.chown(file, owner.st_uid, owner.st_gid)
    file.chmod(0o600)


def _assert_serves(home: Path) -> None:
    with users(home) as (user,):
        assert _rows(user.url) == ["before"]
        user.leave()
    assert server_pid(home) is None


def test_pid_file_of_a_dead_process_is_ignored(used_home: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    _leave_pid_file(used_home, dead.pid)
    _assert_serves(used_home)


@pytest.mark.parametrize("same_user", [True, False])
def test_pid_file_with_the_pid_of_another_program_is_ignored(used_home: Path, same_user: bool) -> None:
    other = subprocess.Popen(["sleep", "600"], user=server_user() if same_user else None)
    try:
        _leave_pid_file(used_home, other.pid)
        _assert_serves(used_home)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_pid_file_with_the_pid_of_another_server_is_ignored(used_home: Path) -> None:
    with enterable_directory() as directory:
        other = embedded.start(directory / "other", UNSAFE)
        try:
            pid = server_pid(other.directory)
            assert pid is not None
            _leave_pid_file(used_home, pid)
            server = embedded.start(used_home, UNSAFE)
            try:
                assert server_pid(used_home) not in (None, pid)
            finally:
                embedded._held.pop(server.directory, None)
                stop_at_once(used_home)
            assert server_pid(other.directory) == pid
        finally:
            embedded.release(other)


def test_interrupted_initdb_is_repeated(home: Path) -> None:
    unfinished = home / "data.partial"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    (unfinished / "base").mkdir()
    with users(home) as (user,):
        _write(user.url, "row")
        assert not unfinished.exists()
        user.leave()
    assert server_pid(home) is None
