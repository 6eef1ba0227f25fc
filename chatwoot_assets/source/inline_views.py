"""The views' SQL within a query, for a database in which nothing may be created (CHATWOOT_VIEWS=inline).

Each view that a query reads becomes a common table expression, which PostgreSQL inlines as it does with a view: rows
and plans are the same.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import sql

from chatwoot_assets.source.views import VIEWS
from chatwoot_assets.view_options import ViewOptions

_LEADING_COMMENTS = re.compile(r"\A(?:\s*--[^\n]*\n)*\s*")
_CREATE = re.compile(r"CREATE OR REPLACE VIEW .*? AS\n", re.DOTALL)


@dataclass(frozen=True)
class InlineViews:
    """The views of a source whose schema does not exist.

    Attributes:
        options: The schema that queries name, and the settings that the views depend on.
    """

    options: ViewOptions

    @property
    def prefix(self) -> str:
        """How queries qualify the name of a view."""
        return f"{sql.Identifier(self.options.schema).as_string()}."

    def are_read_by(self, query: str) -> bool:
        """Return whether a query reads any of the views."""
        return f"{self.prefix}vw_" in query

    def put_into(self, query: str, missing: frozenset[str]) -> str:
        """Return a query with the views that it reads, directly or by others.

        Args:
            query: A SELECT, without a semicolon.
            missing: The views whose tables this Chatwoot does not have; see `releases.py`.
        """
        bodies = _bodies(self.options, missing)
        used = _find_used(query, self.prefix, bodies)
        expressions = ",\n".join(f"{name} AS NOT MATERIALIZED (\n{bodies[name]}\n)" for name in bodies if name in used)
        statement = _LEADING_COMMENTS.sub("", query)
        if re.match(r"WITH\s", statement):
            text = f"WITH {expressions},\n{statement.removeprefix('WITH')}"
        else:
            text = f"WITH {expressions}\n{statement}"
        return text.replace(f"{self.prefix}vw_", "vw_")


def _find_used(query: str, prefix: str, bodies: Mapping[str, str]) -> set[str]:
    pattern = re.compile(re.escape(prefix) + r"(vw_\w+)")
    used: set[str] = set()
    waiting = set(pattern.findall(query))
    while waiting:
        name = waiting.pop()
        if name in bodies and name not in used:
            used.add(name)
            waiting |= set(pattern.findall(bodies[name]))
    return used


@functools.lru_cache(maxsize=16)
def _bodies(options: ViewOptions, missing: frozenset[str]) -> dict[str, str]:
    """Return the SELECT of each view, in the order in which they are created."""
    bodies = {}
    for view in VIEWS:
        statement = view.statement(options, is_missing=view.name in missing)
        text = statement.as_string().strip().removesuffix(";")
        bodies[view.name] = text[_CREATE.search(text).end() :]  # type: ignore[union-attr]  # each file has one
    return bodies
