"""Another version of PostgreSQL as the source: Debian's, if it is installed, into the embedded one."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatwoot_assets_tests.adversarial import AdversarialDays, insert_adversarial_rows
from chatwoot_assets_tests.conftest import Postgres
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
def debian_url(home: Path) -> Iterator[str]:
    """An empty database on the oldest installed server of Debian, which is stopped afterwards."""
    if not _INSTALLED:
        pytest.skip("Debian's PostgreSQL is not installed (apt-get install postgresql)")
    directory = home / "debian"
    directory.mkdir(mode=0o700)
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(directory, user.pw_uid, user.pw_gid)
    _run(directory, "initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")
    _run(directory, "pg_ctl", "-w", "-o", f"-k {directory} -c listen_addresses= -c fsync=off", "start")
    try:
        yield f"postgresql://postgres@/postgres?host={directory}"
    finally:
        _run(directory, "pg_ctl", "-w", "-m", "immediate", "stop")


def test_older_server_as_the_source_gives_the_same_rows(debian_url: str, postgres: Postgres, tmp_path: Path) -> None:
    project = Project.create(debian_url, postgres.new_database(), tmp_path)
    with project.source() as connection:
        version = connection.info.server_version // 10_000
        days: AdversarialDays = insert_adversarial_rows(connection)
    assert 14 <= version < 18
    expected = {}
    for day in days.sao_paulo:
        project.load(day)
        with project.source() as connection:
            expected |= expected_conversations(connection, "America/Sao_Paulo", day)
    assert len(expected) > 150
    assert differences(expected, project.conversations()) == []
    assert differences(expected_daily_summary(expected), project.daily_summary()) == []
