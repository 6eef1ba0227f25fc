"""What PostgreSQL's catalog says about the tables and views in the schema public."""

from __future__ import annotations

from typing import Any

import psycopg

_COLUMNS = """
SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull,
    pg_get_expr(adbin, adrelid)
FROM pg_attribute
JOIN pg_class ON pg_class.oid = attrelid
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND attnum > 0 AND NOT attisdropped
ORDER BY 1, attnum
"""
_INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
_VIEWS = "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1"
# From version 18 on, NOT NULL is a constraint with a name of its own; it is compared as a property of its column.
_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1, 2
"""
_COMMENTS = """
SELECT objoid::regclass::text, objsubid, description FROM pg_description
JOIN pg_class ON pg_class.oid = objoid AND classoid = 'pg_class'::regclass
WHERE relnamespace = 'public'::regnamespace ORDER BY 1, 2
"""


def describe_schema(connection: psycopg.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Return all columns, indexes, views, constraints and comments."""
    queries = {
        "columns": _COLUMNS,
        "indexes": _INDEXES,
        "views": _VIEWS,
        "constraints": _CONSTRAINTS,
        "comments": _COMMENTS,
    }
    return {name: connection.execute(query.encode()).fetchall() for name, query in queries.items()}


def tables(connection: psycopg.Connection) -> list[str]:
    """Return the names of all tables."""
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    return [name for (name,) in rows]
