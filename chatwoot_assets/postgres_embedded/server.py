"""The embedded PostgreSQL server: a real server from a wheel, used where no database URL is set.

`start` makes sure that a server runs for a directory, and keeps it running while any process uses it. Databases are
created here, their tables are not. How PostgreSQL's programs are found and run is in `process.py`.

Each process that uses a server holds a shared lock on a file. The kernel releases it when the process ends, even by a
kill, so that no stale entry remains. The last process to end stops the server. If that process was killed, the next
start takes over the running server.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from chatwoot_assets.database_urls import explicit_url
from chatwoot_assets.postgres_embedded.process import (
    EmbeddedPostgresError,
    initialise,
    is_running,
    others_can_enter,
    pg_ctl,
    server_user,
    start_server,
)
from chatwoot_assets.private_files import make_private_directory

SAMPLE_DATABASE = "chatwoot_sample"
ANALYTICS_DATABASE = "chatwoot_analytics"
DAGSTER_DATABASE = "dagster"

# The address of a unix socket has at most 107 bytes; PostgreSQL appends /.s.PGSQL.5432.lock to the directory.
_LONGEST_SOCKET_DIRECTORY = 85

_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A statement that fails may contain names and messages, which must not reach the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True)
class EmbeddedPostgres:
    """A running embedded server.

    Attributes:
        directory: The server's home, with `data`, `log` and the lock files.
        socket_directory: The directory of its unix socket; it listens on no network address.
    """

    directory: Path
    socket_directory: Path

    def url(self, database: str) -> str:
        """Return the libpq URL of a database on this server; create the database if it is missing."""
        _ensure_database(self.socket_directory, database)
        return _url(self.socket_directory, database)


def _url(socket_directory: Path, database: str) -> str:
    return f"postgresql://postgres@/{quote(database)}?host={quote(str(socket_directory), safe='')}&port=5432"


_held: dict[Path, tuple[EmbeddedPostgres, int]] = {}
_lock = threading.RLock()


def start(directory: Path, settings: dict[str, str] | None = None) -> EmbeddedPostgres:
    """Make sure that a server runs for a directory, and keep it running until this process ends.

    Args:
        directory: The server's home, created if it is missing. If this process is root, the server runs as another
            user; if that user cannot enter the directory, its home is below /var/lib/chatwoot_assets instead.
        settings: Server settings in addition to the defaults, used only if this call starts the server.

    Raises:
        EmbeddedPostgresError: The server does not start.
    """
    with _lock:
        directory = _reachable_directory(directory.resolve())
        if directory in _held and is_running(directory):
            return _held[directory][0]
        _make_directory(directory)
        with _locked(directory / "start.lock"):
            socket_directory = _socket_directory(directory)
            if not is_running(directory):
                initialise(directory)
                start_server(directory, socket_directory, {**_SETTINGS, **(settings or {})})
            if directory not in _held:
                users = os.open(directory / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(users, fcntl.LOCK_SH)
                _held[directory] = (EmbeddedPostgres(directory, socket_directory), users)
        return _held[directory][0]


def release(server: EmbeddedPostgres) -> None:
    """End this process's use of the server; the last process to do so stops it."""
    with _lock:
        held = _held.pop(server.directory, None)
        if held is None:
            return
        users = held[1]
        with _locked(server.directory / "start.lock"):
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            else:
                pg_ctl(server.directory, "stop", "-m", "fast")
            finally:
                os.close(users)


def stop_unused_servers() -> None:
    """Stop the servers that no other process uses, without waiting for them; for a process that is about to end."""
    for server, users in list(_held.values()):
        with suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            pg_ctl(server.directory, "stop", "-m", "fast", "-W")


@atexit.register
def _release_all() -> None:
    for server, _ in list(_held.values()):
        if server.directory.exists():
            release(server)


def _forget_in_child() -> None:
    """Forget all servers: a forked child shares its parent's locks, so it must not decide to stop one."""
    _held.clear()


os.register_at_fork(after_in_child=_forget_in_child)


def _reachable_directory(directory: Path) -> Path:
    """Return the directory, or one that the server's user can enter if this process is root."""
    if os.geteuid() != 0 or others_can_enter(directory.parent):
        return directory
    name = hashlib.sha256(str(directory).encode()).hexdigest()[:12]
    return Path("/var/lib/chatwoot_assets") / name


def _make_directory(directory: Path) -> None:
    try:
        make_private_directory(directory)
        user = server_user(directory)
        if user is not None:
            os.chown(directory, user.pw_uid, user.pw_gid)
        directory.chmod(0o700)
    except OSError as error:
        raise EmbeddedPostgresError(
            f"cannot create the embedded PostgreSQL's directory {directory}: {error.strerror};"
            " set CHATWOOT_ASSETS_HOME to a directory that you can write to"
        ) from None


def _socket_directory(directory: Path) -> Path:
    if len(str(directory)) <= _LONGEST_SOCKET_DIRECTORY:
        return directory
    name = hashlib.sha256(str(directory).encode()).hexdigest()[:12]
    socket_directory = Path(tempfile.gettempdir()) / f"chatwoot-assets-{name}"
    _make_directory(socket_directory)
    return socket_directory


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _connect(socket_directory: Path) -> psycopg.Connection:
    """Connect as the superuser; wait while the server recovers from a kill."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(explicit_url(_url(socket_directory, "postgres")), autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"the embedded PostgreSQL in {socket_directory} does not answer: see its log"
                ) from None
            time.sleep(0.1)


def _ensure_database(socket_directory: Path, database: str) -> None:
    with _connect(socket_directory) as connection:
        for _ in range(20):
            row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
            if row is not None:
                return
            try:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
            except (
                psycopg.errors.DuplicateDatabase,
                psycopg.errors.UniqueViolation,
                psycopg.errors.ObjectInUse,
            ):
                time.sleep(0.1)  # another process is creating it
        raise EmbeddedPostgresError(f"cannot create the database {database} on the embedded PostgreSQL")
