"""The client of `worker.py`: the commands that it sends, and the outcomes that it reads."""

from __future__ import annotations

import datetime
import json
import signal
import subprocess
import sys
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from chatwoot_assets.settings import Settings
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.soak.runs import Outcome
from chatwoot_assets_tests.waiting import HANG_SECONDS

_TOP = Path(__file__).parents[2]


@dataclass(frozen=True)
class Command:
    """A run that a worker carries out.

    Attributes:
        source_url: The source's database.
        target_url: The warehouse.
        timezone: The reporting time zone.
        start: The date of the first partition.
        directory: The project's home.
        first_day: The date of the first day to run.
        last_day: The date of the last day to run.
        force: Whether to load days that are up to date.
        instance: The directory of a Dagster instance; an ephemeral instance if empty.
        kill_point: The one of `KILL_POINTS` or `CHANGE_KILL_POINTS` at which the worker kills itself.
        kill_at_call: The call at which the worker kills itself; see `interruption.py`.
    """

    source_url: str
    target_url: str
    timezone: str
    start: str
    directory: str
    first_day: str
    last_day: str
    force: bool = False
    instance: str = ""
    kill_point: str = ""
    kill_at_call: int = 0

    @classmethod
    def for_days(
        cls,
        project: Project,
        first: datetime.date,
        last: datetime.date,
        *,
        force: bool = False,
        instance: Path | None = None,
        kill_point: str = "",
        kill_at_call: int = 0,
    ) -> Command:
        """Return the command for some days of a project made by `Project.create`."""
        return cls(
            project.source_url,
            project.target_url,
            project.settings.reporting_timezone.key,
            project.settings.partitions_start_date.isoformat(),
            str(project.settings.home),
            first.isoformat(),
            last.isoformat(),
            force,
            str(instance or ""),
            kill_point,
            kill_at_call,
        )

    @classmethod
    def from_json(cls, line: str) -> Command:
        """Parse a line of a worker's input."""
        return cls(**json.loads(line))

    @property
    def first(self) -> datetime.date:
        """The first day to run."""
        return datetime.date.fromisoformat(self.first_day)

    @property
    def last(self) -> datetime.date:
        """The last day to run."""
        return datetime.date.fromisoformat(self.last_day)

    def project(self) -> Project:
        """Return the project to which the days belong."""
        settings = Settings(
            chatwoot_url_is_set=False,
            analytics_url_is_set=False,
            views_schema="chatwoot_analytics",
            reporting_timezone=zoneinfo.ZoneInfo(self.timezone),
            partitions_start_date=datetime.date.fromisoformat(self.start),
            extracts_url=str(Path(self.directory) / "extracts"),
            home=Path(self.directory),
        )
        return Project(self.source_url, self.target_url, settings)


class Worker:
    """A process that carries out one run at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "chatwoot_assets_tests.soak.worker"],
            cwd=_TOP,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def start(self, command: Command) -> None:
        """Start a run."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asdict(command)) + "\n")
        self._process.stdin.flush()

    def wait(self) -> Outcome | None:
        """Wait for the end of the run; return None if it was killed."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the worker ended"
        answer = json.loads(line)
        if "killed_by" in answer:
            assert answer["killed_by"] == signal.SIGKILL
            return None
        return Outcome(**answer)

    def run(self, command: Command) -> Outcome | None:
        """Start a run and wait for its end; return None if it was killed."""
        self.start(command)
        return self.wait()

    def close(self) -> None:
        """End the process once it is idle."""
        self._process.communicate(timeout=HANG_SECONDS)


@contextmanager
def start_workers(count: int) -> Iterator[list[Worker]]:
    """Start workers for the time of the block."""
    workers = [Worker() for _ in range(count)]
    try:
        yield workers
    finally:
        for worker in workers:
            worker.close()
