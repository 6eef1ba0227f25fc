"""Another version of PostgreSQL on either side: Debian's, if it is installed, beside the embedded one."""

from __future__ import annotations

import itertools
import os
import pwd
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets_tests.adversarial import AdversarialDays, insert_adversarial_rows
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.local_views import view_differences
from chatwoot_assets_tests.oracle import differences, expected_conversations, expected_daily_summary
from chatwoot_assets_tests.project import Project

_INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))


def _run(directory: Path, program: str, *arguments: str) -> None:
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    subprocess.run(
        [str(_INSTALLED[0].parent / program), "-D", str(directory / "data"), *arguments],
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        cwd="/",
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def debian(home: Path) -> Iterator[Callable[[], str]]:
    """A function that makes a database on the oldest installed server of Debian, which is stopped afterwards."""
    if not _INSTALLED:
        pytest.skip("Debian's PostgreSQL is not installed (apt-get install postgresql)")
    directory = home / "debian"
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


@pytest.mark.parametrize("timezone", ["UTC", "America/Sao_Paulo"])
@pytest.mark.parametrize("is_older", [(True, False), (False, True)], ids=["source", "target"])
def test_older_servers_give_the_same_rows(
    is_older: tuple[bool, bool], timezone: str, debian: Callable[[], str], postgres: Postgres, tmp_path: Path
) -> None:
    source_url, target_url = (debian() if older else postgres.new_database() for older in is_older)
    project = Project.create(source_url, target_url, tmp_path, timezone=timezone)
    with project.source() as connection:
        adversarial: AdversarialDays = insert_adversarial_rows(connection)
    expected = {}
    for day in adversarial.utc if timezone == "UTC" else adversarial.sao_paulo:
        project.load(day)
        with project.source() as connection:
            expected |= expected_conversations(connection, timezone, day)
    assert len(expected) > 150
    assert differences(expected, project.conversations()) == []
    assert differences(expected_daily_summary(expected), project.daily_summary()) == []
    assert view_differences(project) == []
