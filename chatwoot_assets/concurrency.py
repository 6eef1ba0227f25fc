"""Working on several items at once: the next is made while the last is used, some are used side by side, or all
are used in a thread while others are made.

For items that are made and used by different servers and libraries, all of which leave Python free meanwhile: a
group of days is read while the one before it is written, compiled while the ones before it are loaded, and all of
the latter while more days are read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def prefetch(items: Iterator[T]) -> Generator[T, None, None]:
    """Yield the items, each made in a thread while the caller uses the one before it.

    At most two items exist at a time. What an item's making raises is raised here, after those before it.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="one-ahead") as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item


def map_ordered(use: Callable[[T], R], items: Iterator[T], at_once: int) -> Iterator[tuple[T, R]]:
    """Yield the items in their order, each with what `use` returned for it, so many of them used at once.

    What `use` raises is raised here, after the items before it; those that were begun are ended first.
    """
    with ThreadPoolExecutor(at_once, thread_name_prefix="side-by-side") as threads:
        begun: deque[tuple[T, Future[R]]] = deque()
        for item in items:
            begun.append((item, threads.submit(use, item)))
            if len(begun) == at_once:
                first, result = begun.popleft()
                yield first, result.result()
        for item, result in begun:
            yield item, result.result()


class ProducerFailed(Exception):
    """What takes items that are handed on is to stop: whoever made them has failed."""


@contextmanager
def consume_in_background(use: Callable[[Iterator[T]], R]) -> Iterator[tuple[Callable[[T], None], Future[R]]]:
    """Have items used in a thread while the block makes them, which never waits for their use.

    The block ends when all items are used. Where it is left by an error or an interrupt, `use` gets an error in place
    of the next item, and the block ends when `use` does.

    Args:
        use: uses the items as they come. What it raises is raised by the future's `result`, and not before: to make
            an item does not fail since another could not be used.

    Yields:
        What hands an item on, and the future of what `use` returns.
    """
    handed: SimpleQueue[T | None] = SimpleQueue()
    is_left = Event()

    def coming() -> Iterator[T]:
        while True:
            item = handed.get()
            if is_left.is_set():
                raise ProducerFailed
            if item is None:
                return
            yield item

    with ThreadPoolExecutor(1, thread_name_prefix="handed-on") as thread:
        try:
            used = thread.submit(use, coming())
            yield handed.put, used
            handed.put(None)
            wait([used])
        except BaseException:
            is_left.set()
            handed.put(None)
            raise
