"""Doing something at a chosen moment of a run, so that the same moment can be chosen again.

A moment is a number: the n-th call in our own code and in the drivers', counted from the run's start in whatever
thread. By the clock it would be another one every time; as it is, only what happens side by side differs.
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

# A run that loads a few days makes some 120,000 to 190,000 calls, one that finds them equal 40,000; a moment beyond the
# end never comes.
CALLS_PER_RUN = 150_000

_WATCHED = tuple(
    str(Path(str(module.__file__)).parent) for module in (chatwoot_assets, psycopg, adbc_driver_manager, polars)
)


@contextmanager
def at_call(number: int, action: Callable[[], None]) -> Iterator[None]:
    """Within the block, do something once, at the call of that number in this thread and those that it begins."""
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
        threading.setprofile(None)  # type: ignore[arg-type]  # as sys.setprofile: none
