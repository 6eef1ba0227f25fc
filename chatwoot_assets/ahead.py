"""Working one step ahead: the next item is made while the last one is used.

For items that are made and used by different servers and libraries, all of which leave Python free meanwhile: a
group of days is read while the one before it is written, and compiled while the one before it is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def one_ahead(items: Iterator[T]) -> Iterator[T]:
    """Yield the items, each made in a thread while the caller uses the one before it.

    At most two items exist at a time. What an item's making raises is raised here, after those before it.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="one-ahead") as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item
