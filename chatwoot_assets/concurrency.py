"""Work on several items at once, in threads.

The items are made and used by servers and libraries that leave Python free meanwhile: a batch of days is read while the
previous one is written, transformed while earlier ones are loaded, and all of the latter while more days are read.
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
    """Yield the items, making each in a thread while the caller uses the previous one.

    At most two items exist at a time. An error in making an item is raised here, after the items before it.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="prefetch") as thread:
        upcoming = thread.submit(next, items, None)
        while (item := upcoming.result()) is not None:
            upcoming = thread.submit(next, items, None)
            yield item


def map_ordered(function: Callable[[T], R], items: Iterator[T], workers: int) -> Iterator[tuple[T, R]]:
    """Yield each item with the function's result, in the items' order, computing several results at once.

    An error of the function is raised here, after the items before it; calls that have begun are finished first.

    Args:
        function: Called for each item, in a thread.
        items: The items.
        workers: How many calls run at once.
    """
    with ThreadPoolExecutor(workers, thread_name_prefix="map-ordered") as threads:
        running: deque[tuple[T, Future[R]]] = deque()
        for item in items:
            running.append((item, threads.submit(function, item)))
            if len(running) == workers:
                first, result = running.popleft()
                yield first, result.result()
        for item, result in running:
            yield item, result.result()


class ProducerFailed(Exception):
    """Raised in the consumer when the producer failed."""


@contextmanager
def consume_in_background(consume: Callable[[Iterator[T]], R]) -> Iterator[tuple[Callable[[T], None], Future[R]]]:
    """Consume items in a thread while the block produces them; the block never waits for the consumer.

    The block ends when all items are consumed. If the block fails or is interrupted, the consumer gets
    `ProducerFailed` instead of the next item, and the block ends when the consumer does.

    Args:
        consume: Consumes the items as they come. Its error is raised by the future's `result` and not earlier:
            producing an item does not fail because another one could not be consumed.

    Yields:
        A function that hands an item to the consumer, and the future of the consumer's result.
    """
    queue: SimpleQueue[T | None] = SimpleQueue()
    has_failed = Event()

    def items() -> Iterator[T]:
        while True:
            item = queue.get()
            if has_failed.is_set():
                raise ProducerFailed
            if item is None:
                return
            yield item

    with ThreadPoolExecutor(1, thread_name_prefix="consumer") as thread:
        try:
            consumed = thread.submit(consume, items())
            yield queue.put, consumed
            queue.put(None)
            wait([consumed])
        except BaseException:
            has_failed.set()
            queue.put(None)
            raise
