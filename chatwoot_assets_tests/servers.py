"""PostgreSQL servers for single tests, in directories of their own; nothing of them outlives the block.

A `User` is another process that uses an embedded server, and that a test can end or kill. `password_postgres` is a
server on TCP that asks for passwords.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets_tests.waiting import HANG_SECONDS, wait_until

UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# Everything is imported before the user changes: another user may not be able to enter Python's directory.
_PROGRAM = """
import encodings.idna, os, pathlib, sys
from chatwoot_assets.postgres_embedded import server as embedded
directory, user = sys.argv[1:]
if user:
    import pwd
    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
server = embedded.start(pathlib.Path(directory))
print(server.url("shared"), flush=True)
sys.stdin.readline()
"""


@contextmanager
def enterable_directory() -> Iterator[Path]:
    """Yield a directory that every user can enter, unlike pytest's; delete it afterwards and stop its servers."""
    directory = Path(tempfile.mkdtemp(prefix="chatwoot-assets-tests-")).resolve()
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        for data in directory.rglob("data/PG_VERSION"):
            stop_at_once(data.parent.parent)
        shutil.rmtree(directory)


class User:
    """Another process that uses the embedded server of a directory until it leaves."""

    def __init__(self, directory: Path, user: str = "") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(directory), user],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._url = ""

    @property
    def url(self) -> str:
        """The URL of a database on the server; waits until the server runs."""
        assert self.process.stdout is not None
        self._url = self._url or self.process.stdout.readline().strip()
        if not self._url:
            raise AssertionError(self.process.communicate()[1])
        return self._url

    def leave(self) -> None:
        """End the process normally."""
        output = self.process.communicate("\n", timeout=HANG_SECONDS)
        assert self.process.returncode == 0, output

    def kill(self) -> None:
        """Kill the process, so that it cannot clean up."""
        self.process.kill()
        self.process.communicate(timeout=HANG_SECONDS)


@contextmanager
def users(directory: Path, count: int = 1, user: str = "") -> Iterator[list[User]]:
    """Yield processes that start to use the server together; kill those that still run afterwards."""
    started = [User(directory, user) for _ in range(count)]
    try:
        yield started
    finally:
        for each in started:
            if each.process.poll() is None:
                each.process.kill()
            each.process.communicate()


def server_pid(directory: Path) -> int | None:
    """Return the pid of the directory's server; None if it does not run."""
    try:
        pid = int((directory / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
        return pid if Path(f"/proc/{pid}/cwd").resolve() == (directory / "data").resolve() else None
    except (FileNotFoundError, ValueError):
        return None


def stop_at_once(directory: Path) -> None:
    """Stop the directory's server at once if it runs, without telling its users."""
    pid = server_pid(directory)
    if pid is not None:
        os.kill(pid, signal.SIGQUIT)
        wait_until(lambda: not Path(f"/proc/{pid}").exists())


def free_port() -> int:
    """Return a free port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def server_user() -> str | None:
    """Return the name of the user that servers run as if the tests run as root, otherwise None."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def password_postgres(directory: Path, role: str, password: str) -> Iterator[str]:
    """Run a server that accepts `role` only with its password; yield `host:port/postgres`."""
    port = free_port()
    server = embedded.start(directory, {**UNSAFE, "listen_addresses": "127.0.0.1", "port": str(port)})
    try:
        with psycopg.connect(host=str(server.socket_directory), port=port, user="postgres", autocommit=True) as admin:
            statement = "CREATE ROLE {} LOGIN PASSWORD {}"
            admin.execute(sql.SQL(statement).format(sql.Identifier(role), sql.Literal(password)))
            hba = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
            (server.directory / "data" / "pg_hba.conf").write_text(hba)
            admin.execute("SELECT pg_reload_conf()")
        yield f"127.0.0.1:{port}/postgres"
    finally:
        embedded.release(server)
