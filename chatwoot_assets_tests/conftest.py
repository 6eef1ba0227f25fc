"""What all tests share: one embedded PostgreSQL server for the session, databases on it, and the markers.

Nothing outlives the session: the server is stopped and its directory deleted.

A test that uses the server or a browser gets the marker `postgres` or `browser` from its fixtures. A test that starts a
server in another way must be marked explicitly, and so must a `slow` test, which takes more than ten seconds.
"""

from __future__ import annotations

import datetime
import functools
import itertools
import os
import shutil
import tempfile
import uuid
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import dagster as dg
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from chatwoot_assets.partitions import today
from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets.sample.database import SampleSize, create_sample
from chatwoot_assets.settings_variables import Variables
from chatwoot_assets_tests.debian import INSTALLED, debian_server
from chatwoot_assets_tests.examples import register_profiles
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.servers import stop_at_once
from chatwoot_assets_tests.source_writer import SourceWriter

# The number of days of the project `recent`.
DAYS_AGO = 20

# This server need not survive a crash.
_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# A test whose fixtures include one of these gets the marker.
_MARKERS = {
    "postgres": pytest.mark.postgres,
    "debian": pytest.mark.postgres,
    "debian_url": pytest.mark.postgres,
    "place": pytest.mark.postgres,
    "chromium": pytest.mark.browser,
}


register_profiles()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their fixtures, and put the files with slow tests first.

    One worker runs a whole file: a slow one that begins last would leave the other workers idle.
    """
    for item in items:
        for fixture in _MARKERS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(_MARKERS[fixture])
    sizes = Counter(item.path for item in items)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path not in slow, -sizes[item.path]))


def pytest_report_teststatus(report: pytest.CollectReport | pytest.TestReport) -> tuple[str, str, str] | None:
    """Name a failed test at once, and not only after the last test an hour later."""
    if isinstance(report, pytest.TestReport) and report.failed:
        category = "failed" if report.when == "call" else "error"
        return category, f"\n{category.upper()} {report.nodeid}\n", category.upper()
    return None


@pytest.fixture(autouse=True)
def no_server_without_its_marker(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that starts a server although `make test-quick` would run it."""
    with pytest.MonkeyPatch.context() as patch:
        if request.node.get_closest_marker("postgres") is None:
            patch.setattr(embedded, "start", lambda *_: pytest.fail("this test needs pytest.mark.postgres"))
        yield


@dataclass
class Postgres:
    """The session's server."""

    server: embedded.EmbeddedPostgres
    _names: Iterator[int] = field(default_factory=itertools.count)

    def new_database(self) -> str:
        """Create an empty database and return its URL."""
        return self.server.url(f"test_{next(self._names)}")

    @contextmanager
    def copied(self, url: str) -> Iterator[str]:
        """Copy a database, which nobody may use at that moment, until the block ends; yield the copy's URL."""
        original = str(conninfo_to_dict(url)["dbname"])
        copy = f"copy_{uuid.uuid4().hex}"
        with psycopg.connect(self.server.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{original}"'.encode())
        try:
            yield url.replace(original, copy, 1)
        finally:
            with psycopg.connect(self.server.url("postgres"), autocommit=True) as connection:
                connection.execute(f'DROP DATABASE "{copy}" WITH (FORCE)'.encode())


@pytest.fixture(scope="session", autouse=True)
def home() -> Iterator[Path]:
    """The session's own home and working directory, so that no test meets the user's databases or settings."""
    directory = Path(tempfile.mkdtemp(prefix="chatwoot-assets-tests-"))
    directory.chmod(0o755)
    names = [name for name in os.environ if name in Variables.model_fields or name.startswith("DAGSTER_")]
    saved = {name: os.environ.pop(name) for name in names}
    working_directory = Path.cwd()
    os.chdir(directory)
    os.environ["CHATWOOT_ASSETS_HOME"] = str(directory)
    yield directory
    os.chdir(working_directory)
    os.environ.pop("CHATWOOT_ASSETS_HOME")
    os.environ.update(saved)
    for server, _ in list(embedded._held.values()):
        stop_at_once(server.directory)  # without a checkpoint, which took a minute on a busy disk
        embedded.release(server)
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(home: Path) -> Postgres:
    return Postgres(embedded.start(home / "postgres", _UNSAFE))


@pytest.fixture(scope="session")
def debian(home: Path) -> Iterator[Callable[[], str]]:
    """A function that makes a database on the oldest installed server of Debian."""
    if not INSTALLED:
        pytest.skip("Debian's PostgreSQL is not installed (apt-get install postgresql)")
    with debian_server(home / "debian") as new_database:
        yield new_database


@pytest.fixture(scope="session")
def sample_url(postgres: Postgres) -> str:
    """A sample Chatwoot of 1,500 conversations in March 2025; tests must not write to it."""
    url = postgres.new_database()
    create_sample(url, SampleSize(1_500, 31, datetime.date(2025, 3, 31)))
    return url


@pytest.fixture(scope="module")
def load_recent(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Callable[[datetime.date], Project]:
    """A function that loads the twenty days before a day, once for all tests of a file, which copy them."""

    @functools.cache
    def load(last: datetime.date) -> Project:
        directory = tmp_path_factory.mktemp("recent")
        start = last - datetime.timedelta(days=DAYS_AGO)
        project = Project.create(postgres.new_database(), postgres.new_database(), directory, start=start)
        with project.source() as connection:
            writer = SourceWriter(connection)
            writer.account(1, "Loja")
            writer.contact(1, "Bia")
            for number in range(DAYS_AGO):
                noon = f"{start + datetime.timedelta(days=number)} 12:00"
                writer.conversation(noon, id=number + 1)
                writer.message(number + 1, noon, id=number + 1)
                writer.rating(number + 1, noon, 5, id=number + 1)
        project.load(start, last)
        return project

    return load


@pytest.fixture
def recent(load_recent: Callable[[datetime.date], Project], postgres: Postgres, tmp_path: Path) -> Iterator[Project]:
    """A project whose partitions start twenty days ago, all loaded, with a conversation at noon of each day."""
    loaded = load_recent(today(zoneinfo.ZoneInfo("America/Sao_Paulo")))
    shutil.copytree(loaded.settings.home, tmp_path, dirs_exist_ok=True)
    settings = replace(loaded.settings, home=tmp_path, extracts_url=str(tmp_path / "extracts"))
    with postgres.copied(loaded.source_url) as source_url, postgres.copied(loaded.target_url) as target_url:
        yield Project(source_url, target_url, settings)


@pytest.fixture
def project(postgres: Postgres, tmp_path: Path) -> Project:
    """A project in the time zone of São Paulo, with an empty Chatwoot and its views."""
    return Project.create(postgres.new_database(), postgres.new_database(), tmp_path)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """An empty instance in a directory of its own, which a schedule finds by its reference."""
    with dg.instance_for_test() as opened:
        yield opened


@pytest.fixture
def restored_environment() -> Iterator[None]:
    """Give the environment variables back that a command sets in its own process, such as DAGSTER_HOME."""
    saved = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(saved)
