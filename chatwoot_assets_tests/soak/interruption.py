"""Interrupt a run at a chosen call, so that the same point can be chosen again.

The point is a number: the n-th call in our own code and in the drivers' code, counted over all threads from the start
of the run. A time would hit another point on every run; with a number only the order of concurrent calls differs.
"""

from __future__ import annotations

import itertools
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType

import adbc_driver_manager
import polars
import psycopg

import chatwoot_assets

# A run that loads a few days makes 120,000 to 190,000 calls, a run that finds them equal 40,000. A number beyond the
# last call has no effect.
CALLS_PER_RUN = 150_000

_WATCHED = tuple(
    str(Path(str(module.__file__)).parent) for module in (chatwoot_assets, psycopg, adbc_driver_manager, polars)
)


@contextmanager
def interrupt_at_call(number: int, action: Callable[[], None]) -> Iterator[None]:
    """Run an action once within the block: at the n-th call in this and in later threads."""
    watched: dict[CodeType, bool] = {}
    calls = itertools.count(1)

    def count(frame: FrameType, event: str, _: object) -> None:
        if event not in ("call", "c_call"):
            return
        code = frame.f_code
        if code not in watched:
            watched[code] = code.co_filename.startswith(_WATCHED)
        if watched[code] and next(calls) == number:
            sys.setprofile(None)
            action()

    threading.setprofile(count)
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
