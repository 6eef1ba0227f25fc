"""How long we wait for a server that sends nothing.

The server ends a statement after its `statement_timeout`. If it sends nothing for longer than that, the connection is
lost, even if something on the way, such as a proxy or a firewall, keeps acknowledging what we send. Both drivers then
stop waiting. Long before that, a line in the log says for which database we wait.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Generator
from typing import Any, TypeVar

import psycopg

T = TypeVar("T")

# How long after the server should have ended a statement we stop waiting for it.
GRACE_SECONDS = 15.0
# How often a wait is reported in the log.
REPORT_SECONDS = 60.0

_log = logging.getLogger(__name__)


class SilentServerError(psycopg.OperationalError):
    """A server has sent nothing for longer than any of its statements may take."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"no answer for {seconds:.0f} s: the connection is lost, or a proxy or firewall on the way holds it"
        )


class TotalLimit:
    """The time that several statements may take together.

    Args:
        seconds: The time, from now on.
        statement_seconds: What a single statement may take.
    """

    def __init__(self, seconds: float, statement_seconds: float) -> None:
        self._seconds = seconds
        self._ends_at = time.monotonic() + seconds
        self._statement_seconds = statement_seconds

    @property
    def is_over(self) -> bool:
        """Whether nothing is left of the time."""
        return time.monotonic() >= self._ends_at

    @property
    def settings(self) -> list[str]:
        """The statements that end the next statement in time: none while it may take all of its own time."""
        left = self._ends_at - time.monotonic()
        if left >= self._statement_seconds:
            return []
        return [f"SET LOCAL statement_timeout = {max(math.ceil(left * 1000), 1)}"]

    def __str__(self) -> str:
        return f"more than {self._seconds:g} s in total"


class Wait:
    """One wait for a server.

    Args:
        server: The name of the server in the log, such as the variable of its URL.
        statement_seconds: The server's statement_timeout; 0 if it has none.
    """

    def __init__(self, server: str, statement_seconds: float) -> None:
        self._server = server
        self._limit = statement_seconds + GRACE_SECONDS if statement_seconds else None
        self.restart()

    def restart(self) -> None:
        """Record that the server sent something."""
        self._heard_at = time.monotonic()
        self._report_after = REPORT_SECONDS

    def check(self) -> None:
        """Report a long wait in the log.

        Raises:
            SilentServerError: It has lasted too long.
        """
        silent = time.monotonic() - self._heard_at
        if self._limit is not None and silent > self._limit:
            raise SilentServerError(silent)
        if silent > self._report_after:
            self._report_after += REPORT_SECONDS
            _log.warning("Waiting for %s: nothing was heard for %.0f s.", self._server, silent)


class LimitedConnection(psycopg.Connection[Any]):
    """A connection of psycopg that does not wait longer than its limit.

    Attributes:
        server: The name of the server in the log.
        statement_seconds: The server's statement_timeout; 0 for no limit.
    """

    server = "the database"
    statement_seconds: float = 0

    def wait(self, gen: Generator[Any, Any, T], *arguments: Any, **options: Any) -> T:  # noqa: ANN401 - passed on
        """Wait as psycopg does, but close the connection when the server sends nothing for too long.

        Raises:
            SilentServerError: The server has sent nothing for too long.
        """
        try:
            return super().wait(_limited(gen, Wait(self.server, self.statement_seconds)), *arguments, **options)
        except SilentServerError:
            self.close()  # or the end of its transaction would wait again
            raise


def _limited(steps: Generator[Any, Any, T], wait: Wait) -> Generator[Any, Any, T]:
    """Wrap one of psycopg's generators, which is resumed ten times per second even if nothing is ready."""
    try:
        waiting_for = next(steps)
        while True:
            ready = yield waiting_for
            if ready:
                wait.restart()
            else:
                wait.check()
            waiting_for = steps.send(ready)
    except StopIteration as end:
        result: T = end.value
        return result
