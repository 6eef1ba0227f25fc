"""The oldest installed server of Debian, which is another version than the embedded one."""

from __future__ import annotations

import itertools
import os
import pwd
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))


@contextmanager
def debian_server(directory: Path) -> Iterator[Callable[[], str]]:
    """Yield a function that makes a database on the server, which is stopped afterwards."""
    directory.mkdir(mode=0o700)
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(directory, user.pw_uid, user.pw_gid)
    _run(directory, "initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")
    _run(directory, "pg_ctl", "-w", "-o", f"-k {directory} -c listen_addresses= -c fsync=off", "start")
    numbers = itertools.count()

    def new_database() -> str:
        name = f"database_{next(numbers)}"
        with psycopg.connect(f"postgresql://postgres@/postgres?host={directory}", autocommit=True) as connection:
            assert 14 <= connection.info.server_version // 10_000 < 18
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"postgresql://postgres@/{name}?host={directory}"

    try:
        yield new_database
    finally:
        _run(directory, "pg_ctl", "-w", "-m", "immediate", "stop")


def _run(directory: Path, program: str, *arguments: str) -> None:
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    subprocess.run(
        [str(INSTALLED[0].parent / program), "-D", str(directory / "data"), *arguments],
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        cwd="/",
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
