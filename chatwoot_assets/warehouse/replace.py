"""Groups of days replaced two at a time, each in a transaction of its own, over a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from queue import SimpleQueue
from typing import TypeVar

import psycopg

from chatwoot_assets.concurrency import map_ordered, prefetch
from chatwoot_assets.postgres import Warehouse

Group = TypeVar("Group")
Found = TypeVar("Found")

_CONNECTIONS = 2


def replace_concurrently(
    warehouse: Warehouse, replace: Callable[[psycopg.Connection, Group], Found], groups: Iterator[Group]
) -> Iterator[tuple[Group, Found]]:
    """Replace groups of days two at a time, the next one made meanwhile.

    One connection alone leaves the server waiting while rows are made for it, and a processor idle while the server
    parses and indexes them.

    Args:
        analytics: the local database.
        replace: replaces a group over a connection, in a transaction.
        groups: the groups; of each a day is in no other.

    Yields:
        Each group that is replaced, in order, with what `replace` returned.

    Raises:
        AnalyticsError: the local database cannot be used; the groups before stay.
    """
    with ExitStack() as stack:
        free: SimpleQueue[psycopg.Connection] = SimpleQueue()
        for _ in range(_CONNECTIONS):
            free.put(stack.enter_context(warehouse.connect()))

        def on_free_connection(group: Group) -> Found:
            connection = free.get()
            try:
                return replace(connection, group)
            finally:
                free.put(connection)

        # Closed, or after an error its thread would wait for whoever collects the garbage.
        ahead = stack.enter_context(closing(prefetch(groups)))
        yield from map_ordered(on_free_connection, ahead, _CONNECTIONS)
