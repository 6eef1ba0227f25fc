"""Ctrl-C ends any command within two seconds, and a second one at once.

A first Ctrl-C raises KeyboardInterrupt, which ends the work in an orderly way: the run is recorded as failed, sessions
are closed. A thread may still wait for a server that does not answer, and the process would wait for the thread. After
a moment the process therefore exits without it. The next command repairs what a killed one leaves behind.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from chatwoot_assets.postgres_embedded import server as embedded

EXIT_CODE = 130
MESSAGE = "Interrupted. Finished days are kept; run the same command to resume."

# The time for an orderly end.
_SECONDS = 1.4
_SHOW_CURSOR = "\x1b[?25h"

_is_announced = threading.Event()
_cleanups: list[Callable[[], None]] = []


def watch() -> None:
    """Watch for Ctrl-C, even if a library replaces its handler."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # `__main__.py` sets it for the time of the imports
        signal.signal(signal.SIGINT, signal.default_int_handler)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    threading.Thread(target=_leave_when_interrupted, args=(reading,), name="interruption", daemon=True).start()


def announce() -> None:
    """Say once that the command was interrupted."""
    if not _is_announced.is_set():
        _is_announced.set()
        sys.stderr.write(f"{MESSAGE}\n")
        sys.stderr.flush()


@contextmanager
def cleaning_up(cleanup: Callable[[], None]) -> Iterator[None]:
    """Call a function if the process exits during the block without an orderly end."""
    _cleanups.append(cleanup)
    try:
        yield
    finally:
        _cleanups.remove(cleanup)


def _leave_when_interrupted(reading: int) -> None:
    is_interrupted = False
    while True:
        for number in os.read(reading, 1):
            if number != signal.SIGINT:
                continue
            if is_interrupted:
                _leave()
            is_interrupted = True
            timer = threading.Timer(_SECONDS, _leave)
            timer.daemon = True
            timer.start()


def _leave() -> None:
    """End the process without waiting for its threads."""
    with suppress(Exception):
        if sys.stderr.isatty():
            sys.stderr.write(_SHOW_CURSOR)  # a progress bar hides it
        announce()
    for cleanup in [embedded.stop_unused_servers, *_cleanups]:
        with suppress(Exception):
            cleanup()
    os._exit(EXIT_CODE)
