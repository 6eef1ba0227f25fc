"""A source server with statistics of statements, from pg_stat_statements.

It is Debian's PostgreSQL, because the embedded server has no extension except pgvector. This server's data is in
`.bench/pg`. One benchmark uses it at a time, and it is always stopped at the end.
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
    # A failing statement may contain names and messages, which must not reach the log.
    "log_min_error_statement": "panic",
}


class NoServerError(SystemExit):
    """Raised if the machine has no PostgreSQL with pg_stat_statements, or it does not start."""


def _programs() -> Path:
    """Return the programs' directory of the newest PostgreSQL with pg_stat_statements."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/lib/pg_stat_statements.so"), key=lambda path: int(path.parts[4])
    )
    if not installed:
        raise NoServerError(
            "error: this needs a PostgreSQL with pg_stat_statements below /usr/lib/postgresql, which the embedded"
            " server does not have; on Debian and Ubuntu: apt-get install postgresql; most benchmarks also run with"
            " --source embedded"
        )
    return installed[-1].parent.parent / "bin"


def _run(programs: Path, directory: Path, program: str, *arguments: str) -> int:
    """Run a PostgreSQL program on the server's data directory, never as root."""
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    return subprocess.run(
        [str(programs / program), "-D", str(directory / "data"), *arguments],
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        # The server would inherit a pipe and keep it open.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    ).returncode


@contextmanager
def server_with_statistics(directory: Path) -> Iterator[EmbeddedPostgres]:
    """Start the server in its directory, which is created if missing; stop it at the end.

    Raises:
        NoServerError: There is no suitable PostgreSQL, or it does not start.
    """
    programs = _programs()
    # Each version has its own directory, because it cannot read the data of another.
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
            print("waiting for another benchmark that uses the server", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not (directory / "data").exists():
            _run(programs, directory, "initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")
        _run(programs, directory, "pg_ctl", "-w", "-m", "fast", "stop")  # in case a killed benchmark left it running
        options = " ".join([f"-k {directory}", *(f"-c {name}={value}" for name, value in _SETTINGS.items())])
        exit_code = _run(programs, directory, "pg_ctl", "-w", "-l", str(directory / "log"), "-o", options, "start")
        if exit_code != 0:
            raise NoServerError(f"error: PostgreSQL in {directory} does not start: see {directory / 'log'}")
        try:
            yield EmbeddedPostgres(directory, directory)
        finally:
            _run(programs, directory, "pg_ctl", "-w", "-m", "fast", "stop")


class Statistics:
    """The cost of all statements in one database since the last reset."""

    def __init__(self, server: EmbeddedPostgres, database: str) -> None:
        """Connect to another database, so that reading the statistics is not counted."""
        self._url = server.url("statistics")
        self._database = database
        with psycopg.connect(self._url) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")

    def reset(self) -> None:
        """Reset the statistics."""
        with psycopg.connect(self._url) as connection:
            connection.execute("SELECT pg_stat_statements_reset()")

    def seconds(self) -> float:
        """Return the seconds of all statements, from all clients."""
        return self._sum("total_exec_time + total_plan_time") / 1_000

    def statements(self) -> int:
        """Return the number of statements, including settings and transaction control."""
        return int(self._sum("calls"))

    def rows(self) -> int:
        """Return the number of rows that the statements returned."""
        return int(self._sum("rows"))

    def _sum(self, expression: str) -> float:
        query = sql.SQL(
            "SELECT coalesce(sum({}), 0)::double precision FROM pg_stat_statements AS s"
            " JOIN pg_database AS d ON d.oid = s.dbid WHERE d.datname = {} AND s.toplevel"
        ).format(sql.SQL(expression), sql.Literal(self._database))
        with psycopg.connect(self._url) as connection:
            row = connection.execute(query).fetchone()
        assert row is not None
        return float(row[0])


def cpu_seconds(server: EmbeddedPostgres) -> float:
    """Return the CPU time of all sessions that have ended since the server started.

    The resolution is 0.01 s, so measure short work over many rounds. Unlike elapsed time it does not include waiting
    for a client or for a busy core.
    """
    time.sleep(0.1)  # a session that was just closed may still be ending
    pid = (server.directory / "data" / "postmaster.pid").read_text().split("\n", 1)[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
