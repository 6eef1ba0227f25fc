"""Find the SQL files, and turn these psql scripts into statements.

The files are beside the package in a checkout, and inside it in an installed wheel. Each runs unchanged in psql. For
psycopg, the psql commands are removed and the variables are replaced by values, quoted as psql does it.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

from psycopg import sql

_VARIABLE = re.compile(r""":"(?P<identifier>[a-z_]+)"|:'(?P<literal>[a-z_]+)'""")
# SQL that several queries share: a variable set by \gset to a $$text$$, in a script that they include.
_INCLUDE = re.compile(r"\\ir (?P<name>\S+)")
_SHARED_SQL = re.compile(r"\$\$(?P<text>.*?)\$\$ AS (?P<name>[a-z_]+)", re.DOTALL)
_SHARED_SQL_VARIABLE = re.compile(r"(?<![:\w]):(?P<name>[a-z_]+)")


def sql_path(*parts: str) -> Path:
    """Return the path of a file or directory in `sql/`."""
    return _root().joinpath(*parts)


@functools.cache
def _root() -> Path:
    package = Path(__file__).parent
    installed = package / "sql"
    return installed if installed.exists() else package.parent / "sql"


def compose(path: Path, **values: object) -> sql.Composed:
    """Return the statements of a psql script, without the last semicolon, so that a query can be part of another.

    Args:
        path: The file.
        values: Its variables: `:"name"` is quoted as an identifier, `:'name'` as a literal. A bare `:name` is
            replaced by the SQL of that name in a script that this one includes, if there is any.
    """
    text = _read_script(path)
    parts: list[sql.Composable] = []
    position = 0
    for match in _VARIABLE.finditer(text):
        parts.append(sql.SQL(text[position : match.start()]))
        name = match["identifier"] or match["literal"]
        value = values[name]
        parts.append(sql.Identifier(str(value)) if match["identifier"] else literal(value))
        position = match.end()
    parts.append(sql.SQL(text[position:]))
    return sql.Composed(parts)


def literal(value: object) -> sql.Literal:
    """Return a value as a literal; a list of ids as the text of an array."""
    if isinstance(value, list) and set(map(type, value)) == {int}:
        # psycopg would adapt the ids one by one, which takes longer than the query.
        return sql.Literal(f"{{{','.join(map(str, value))}}}")
    return sql.Literal(value)


@functools.cache
def _read_script(path: Path) -> str:
    """Return a psql script without its psql commands, and with the SQL of the scripts that it includes."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("\\")).rstrip().rstrip(";")
    shared: dict[str, str] = {}
    for line in lines:
        if include := _INCLUDE.match(line):
            script = (path.parent / include["name"]).read_text(encoding="utf-8")
            shared |= {match["name"]: match["text"] for match in _SHARED_SQL.finditer(script)}
    # A shared text may contain another, as it may in psql.
    while (expanded := _SHARED_SQL_VARIABLE.sub(lambda match: shared.get(match["name"], match[0]), text)) != text:
        text = expanded
    return text
