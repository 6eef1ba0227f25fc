"""The other end of `worker.py`: what it is told, and what it answers."""

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
    """A run that a worker is to do.

    Attributes:
        instance: the directory of a Dagster instance; a passing one where it is empty.
        kill_point: one of `KILL_POINTS` at which it dies.
        kill_at_call: the moment at which it dies; see `moments`.
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
    def of(
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
        """Return the command for some days of a project that `Project.create` made."""
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
        """Read a worker's line."""
        return cls(**json.loads(line))

    @property
    def first(self) -> datetime.date:
        return datetime.date.fromisoformat(self.first_day)

    @property
    def last(self) -> datetime.date:
        return datetime.date.fromisoformat(self.last_day)

    def project(self) -> Project:
        """Return the project that the days are of."""
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
    """A process that does one run at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "chatwoot_assets_tests.soak.worker"],
            cwd=_TOP,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def begin(self, command: Command) -> None:
        """Have it begin a run."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asdict(command)) + "\n")
        self._process.stdin.flush()

    def wait(self) -> Outcome | None:
        """Wait for the end of the run; None where it was killed."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the worker ended"
        answer = json.loads(line)
        if "killed_by" in answer:
            assert answer["killed_by"] == signal.SIGKILL
            return None
        return Outcome(**answer)

    def run(self, command: Command) -> Outcome | None:
        """Do a run and wait for its end; None where it was killed."""
        self.begin(command)
        return self.wait()

    def leave(self) -> None:
        """End the process once it has nothing to do."""
        self._process.communicate(timeout=HANG_SECONDS)


@contextmanager
def workers(count: int) -> Iterator[list[Worker]]:
    """Workers that are there at once, and gone at the end."""
    started = [Worker() for _ in range(count)]
    try:
        yield started
    finally:
        for worker in started:
            worker.leave()
