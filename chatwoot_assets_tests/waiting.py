"""Waiting in tests: for a condition, never for a time.

A busy machine may take a hundred times as long as an idle one, so no test asserts a duration. What a test waits for
has one bound, which only ends a test that would hang.
"""

from __future__ import annotations

import time
from collections.abc import Callable

HANG_SECONDS = 600


def wait_until(condition: Callable[[], bool], *, interval: float = 0.05) -> None:
    """Return as soon as the condition holds.

    Args:
        condition: it is evaluated again and again.
        interval: the seconds between two evaluations.

    Raises:
        AssertionError: it does not hold after `HANG_SECONDS`.
    """
    deadline = time.monotonic() + HANG_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"nothing happened for {HANG_SECONDS} s"
        time.sleep(interval)
