"""Plans: how PostgreSQL executes a query, and the nodes of that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from typing_extensions import LiteralString

Node = dict[str, Any]


def explain(connection: psycopg.Connection, query: sql.Composable, options: LiteralString = "") -> Node:
    """Return the root of a query's plan.

    Args:
        connection: A session, with the settings that the plan depends on.
        query: A statement.
        options: Options of EXPLAIN besides its format, each with a comma after it.
    """
    row = connection.execute(sql.SQL(f"EXPLAIN ({options}FORMAT JSON) ") + query).fetchone()
    assert row is not None
    root: Node = row[0][0]["Plan"]
    return root


def plan_nodes(node: Node, *, is_once: bool = False) -> Iterator[Node]:
    """Yield a node and all below it, with whether each is executed only once, before the query's rows are read."""
    is_once = is_once or node.get("Parent Relationship") == "InitPlan"
    yield {**node, "Is Once": is_once}
    for child in node.get("Plans", []):
        yield from plan_nodes(child, is_once=is_once)
