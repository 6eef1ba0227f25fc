"""What PostgreSQL's catalog says about the views in a schema."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

import psycopg


def definitions(connection: psycopg.Connection[Any], schema: str) -> dict[str, str]:
    """Return the definition of every view in a schema, as PostgreSQL stores it."""
    rows = connection.execute(
        "SELECT viewname, pg_get_viewdef(format('%%I.%%I', schemaname, viewname)::regclass)"
        " FROM pg_views WHERE schemaname = %s",
        [schema],
    )
    return dict(rows.fetchall())


def columns(connection: psycopg.Connection[Any], schema: str, view: str) -> list[str]:
    """Return the names of a view's columns, in order."""
    rows = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = format('%%I.%%I', %s::text, %s::text)::regclass"
        " AND attnum > 0 ORDER BY attnum",
        [schema, view],
    )
    return [name for (name,) in rows]


def column_types(connection: psycopg.Connection[Any], schema: str) -> dict[str, list[tuple[str, str]]]:
    """Return the names and types of the columns of every view in a schema, in order; timestamp(6) is timestamp."""
    rows = connection.execute(
        "SELECT v.relname, a.attname, format_type(a.atttypid, NULL)"
        " FROM pg_class AS v JOIN pg_attribute AS a ON a.attrelid = v.oid"
        " WHERE v.relnamespace = %s::regnamespace AND v.relkind = 'v' AND a.attnum > 0 ORDER BY v.relname, a.attnum",
        [schema],
    )
    types: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for view, column, type_ in rows:
        types[view].append((column, type_))
    return dict(types)


def dependencies(connection: psycopg.Connection[Any], schema: str, view: str | None = None) -> dict[str, set[str]]:
    """Return the columns that the views read, by relation; for all views together, only those of tables.

    A relation that is read as a whole row, as by `SELECT t FROM t`, has a column `*`.
    """
    rows = connection.execute(
        """
        SELECT relation.relname, coalesce(attribute.attname, '*')
        FROM pg_depend AS d
        JOIN pg_rewrite AS rule ON rule.oid = d.objid
        JOIN pg_class AS v ON v.oid = rule.ev_class
        JOIN pg_namespace AS n ON n.oid = v.relnamespace
        JOIN pg_class AS relation ON relation.oid = d.refobjid AND relation.oid != v.oid
        LEFT JOIN pg_attribute AS attribute
            ON attribute.attrelid = d.refobjid AND attribute.attnum = d.refobjsubid
        WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
            AND n.nspname = %(schema)s
            AND (v.relname = %(view)s OR %(view)s::text IS NULL AND relation.relkind = 'r')
        """,
        {"schema": schema, "view": view},
    )
    read: dict[str, set[str]] = defaultdict(set)
    for relation, column in rows:
        read[relation].add(column)
    return dict(read)


def as_utc(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with its timestamps marked as UTC, which Chatwoot stores without a zone."""
    utc = datetime.timezone.utc
    return {k: v.replace(tzinfo=utc) if isinstance(v, datetime.datetime) else v for k, v in row.items()}
