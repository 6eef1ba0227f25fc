"""Work on several items at once, in threads.

Servers and libraries do most of the work, and Python is free meanwhile. One batch of days can therefore be read while
the previous one is transformed and an earlier one is loaded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
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
            del item  # it may be large, and the next one may take long


def map_ordered(function: Callable[[T], R], items: Iterator[T], workers: int) -> Iterator[R]:
    """Yield the function's result for each item, in the items' order, computing several results at once.

    No item is kept after its call, because it may be large. An error in the function, or in making an item, is raised
    here, after the results before it; calls that have begun are finished first.

    Args:
        function: Called for each item, in a thread.
        items: The items.
        workers: How many calls run at once; a single one needs no thread.
    """
    if workers == 1:
        yield from map(function, items)
        return
    with ThreadPoolExecutor(workers, thread_name_prefix="map-ordered") as threads:
        running: deque[Future[R]] = deque()
        failure: Exception | None = None
        while True:
            try:
                running.append(threads.submit(function, next(items)))
            except StopIteration:
                break
            except Exception as error:  # noqa: BLE001 (raised below, after the items before it)
                failure = error
                break
            if len(running) == workers:
                yield running.popleft().result()
        for result in running:
            yield result.result()
        if failure:
            raise failure


@contextmanager
def produce_in_background(items: Generator[T, None, None]) -> Iterator[Iterator[T]]:
    """Make items in a thread while the block uses them; making never waits for the block.

    An error in making an item is raised in the block, after the items before it. When the block ends early, the item
    that is being made is finished, and no other one is made.

    Args:
        items: Makes the items.

    Yields:
        The items as they come, once.
    """
    queue: SimpleQueue[T | None] = SimpleQueue()
    is_abandoned = Event()

    def produce() -> None:
        try:
            with closing(items):
                for item in items:
                    queue.put(item)
                    if is_abandoned.is_set():
                        return
        finally:
            queue.put(None)

    with ThreadPoolExecutor(1, thread_name_prefix="producer") as thread:
        produced = thread.submit(produce)

        def take() -> Iterator[T]:
            while (item := queue.get()) is not None:
                yield item
            produced.result()

        try:
            yield take()
        finally:
            is_abandoned.set()
