"""Comparing the warehouse's views with the views of the same names in Chatwoot's database."""

from __future__ import annotations

import psycopg
from psycopg import sql

from chatwoot_assets_tests.project import Project

VIEWS = ("vw_messages_compiled", "vw_conversations_analytics")


def view_rows(connection: psycopg.Connection, schema: str, view: str) -> tuple[list[str], dict[int, str]]:
    """Return the view's columns, and its rows by conversation as the text that PostgreSQL makes of them."""
    connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)))
    empty = connection.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(sql.Identifier(view)))
    columns = [column.name for column in empty.description or ()]
    query = sql.SQL("SELECT {}, v::text FROM {} AS v").format(sql.Identifier("v", columns[0]), sql.Identifier(view))
    return columns, dict(connection.execute(query).fetchall())


def view_differences(project: Project) -> list[str]:
    """Return the views and conversations that differ between the warehouse and the source.

    Conversations that are not loaded are left out.
    """
    differing = []
    for view in VIEWS:
        with project.source() as source, project.target() as target:
            columns, remote = view_rows(source, project.settings.views_schema, view)
            local_columns, local = view_rows(target, "public", view)
        if columns != local_columns or not local:
            differing.append(f"{view}: {columns} {local_columns}")
        rows = ((id_, remote.get(id_), text) for id_, text in local.items())
        differing += [f"{view} {id_}: {expected} {text}" for id_, expected, text in rows if expected != text]
    return differing
