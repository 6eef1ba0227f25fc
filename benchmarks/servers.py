"""A source server that counts what statements cost it: Debian's PostgreSQL with pg_stat_statements.

The embedded server's wheel has no extensions but pgvector. This one lives in `.bench/pg`, for one benchmark at a
time, and is stopped at the end, whatever happens.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from chatwoot_assets.postgres_embedded.server import EmbeddedPostgres

_SETTINGS = {
    "listen_addresses": "",
    "shared_preload_libraries": "pg_stat_statements",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A failing statement can hold names and messages: it must not reach the log.
    "log_min_error_statement": "panic",
}


class NoServerError(SystemExit):
    """There is no PostgreSQL with pg_stat_statements on this machine."""


def _programs() -> Path:
    """Return the directory of the newest installed PostgreSQL's programs that comes with pg_stat_statements."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/lib/pg_stat_statements.so"), key=lambda path: int(path.parts[4])
    )
    if not installed:
        raise NoServerError(
            "error: this needs a PostgreSQL with pg_stat_statements below /usr/lib/postgresql, which the embedded one"
            " does not bring; on Debian and Ubuntu: apt-get install postgresql; what needs no such figures takes"
            " --source embedded"
        )
    return installed[-1].parent.parent / "bin"


def _run(programs: Path, directory: Path, program: str, *arguments: str) -> int:
    """Run one of PostgreSQL's programs on the server's data directory, as a user that is not root."""
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    return subprocess.run(
        [str(programs / program), "-D", str(directory / "data"), *arguments],
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        # The server would inherit a pipe, and keep it open.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    ).returncode


@contextmanager
def server_with_statistics(directory: Path) -> Iterator[EmbeddedPostgres]:
    """Start the server in its directory, made where missing; at the end it is stopped.

    Raises:
        NoServerError: there is none to start.
    """
    programs = _programs()
    # A directory for each version: another one cannot read its data.
    directory = directory / programs.parent.name
    directory.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(directory, user.pw_uid, user.pw_gid)
    directory.chmod(0o700)
    with (directory.parent / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for another benchmark, which uses the server", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not (directory / "data").exists():
            _run(programs, directory, "initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")
        _run(programs, directory, "pg_ctl", "-w", "-m", "fast", "stop")  # that a killed benchmark left
        options = " ".join([f"-k {directory}", *(f"-c {name}={value}" for name, value in _SETTINGS.items())])
        started = _run(programs, directory, "pg_ctl", "-w", "-l", str(directory / "log"), "-o", options, "start")
        if started != 0:
            raise NoServerError(f"error: PostgreSQL in {directory} does not start: see {directory / 'log'}")
        try:
            yield EmbeddedPostgres(directory, directory)
        finally:
            _run(programs, directory, "pg_ctl", "-w", "-m", "fast", "stop")


class Statistics:
    """What the statements of one database cost its server since they were last forgotten."""

    def __init__(self, server: EmbeddedPostgres, database: str) -> None:
        """Look from a database of their own, so that looking is not counted."""
        self._url = server.url("statistics")
        self._database = database
        with psycopg.connect(self._url) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")

    def forget(self) -> None:
        """Begin anew."""
        with psycopg.connect(self._url) as connection:
            connection.execute("SELECT pg_stat_statements_reset()")

    def seconds(self) -> float:
        """Return the time that all statements took, whoever sent them."""
        return self._sum("total_exec_time + total_plan_time") / 1_000

    def statements(self) -> int:
        """Return how many statements there were, settings and the transaction's own included."""
        return int(self._sum("calls"))

    def _sum(self, what: str) -> float:
        query = sql.SQL(
            "SELECT coalesce(sum({}), 0)::double precision FROM pg_stat_statements AS s"
            " JOIN pg_database AS d ON d.oid = s.dbid WHERE d.datname = {} AND s.toplevel"
        ).format(sql.SQL(what), sql.Literal(self._database))
        with psycopg.connect(self._url) as connection:
            found = connection.execute(query).fetchone()
        assert found is not None
        return float(found[0])


def processor_seconds(server: EmbeddedPostgres) -> float:
    """Return the processors' time of all sessions that have ended since the server started.

    In hundredths: of something short, take it over many rounds. Unlike the clock it does not count waiting, for a
    client or for a processor that others use.
    """
    time.sleep(0.1)  # a session that was just closed is still ending
    pid = (server.directory / "data" / "postmaster.pid").read_text().split("\n", 1)[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
