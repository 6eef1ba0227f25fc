"""Replace batches of days on two connections at the same time; each batch is a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from queue import Empty, SimpleQueue
from typing import TypeVar

import psycopg

from chatwoot_assets.concurrency import map_ordered, prefetch
from chatwoot_assets.postgres import Warehouse

Batch = TypeVar("Batch")
Result = TypeVar("Result")

_CONNECTIONS = 2


def replace_concurrently(
    warehouse: Warehouse, replace: Callable[[psycopg.Connection, Batch], Result], batches: Iterator[Batch]
) -> Iterator[Result]:
    """Replace batches of days, two at a time, while the next batch is being made.

    With one connection the server would wait while rows are made for it, and a processor would be idle while the
    server parses and indexes them.

    Args:
        warehouse: The database.
        replace: Replaces a batch over a connection, in a transaction.
        batches: The batches; no two have a day in common.

    Yields:
        What `replace` returned for each batch, in order.

    Raises:
        WarehouseError: The database cannot be used; the batches before stay.
    """
    with ExitStack() as stack:
        free: SimpleQueue[psycopg.Connection] = SimpleQueue()

        def replace_on_free_connection(batch: Batch) -> Result:
            try:
                connection = free.get_nowait()
            except Empty:  # never more often than there are workers
                connection = stack.enter_context(warehouse.connect())
            try:
                return replace(connection, batch)
            finally:
                free.put(connection)

        # Closed here: after an error its thread would otherwise run until the garbage is collected.
        prefetched = stack.enter_context(closing(prefetch(batches)))
        yield from map_ordered(replace_on_free_connection, prefetched, _CONNECTIONS)
