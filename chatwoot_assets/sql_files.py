"""The SQL files: where they are, and how a psql script becomes a statement.

They lie beside the package in a checkout, inside it in an installed wheel. A file runs as it is in psql;
for psycopg its psql commands go and its variables are composed in, each quoted as psql would.
"""

from __future__ import annotations

import re
from pathlib import Path

from psycopg import sql

_VARIABLE = re.compile(r""":"(?P<identifier>[a-z_]+)"|:'(?P<literal>[a-z_]+)'""")


def sql_path(*parts: str) -> Path:
    """Return the path of a file or folder below `sql/`."""
    package = Path(__file__).parent
    installed = package / "sql"
    root = installed if installed.exists() else package.parent / "sql"
    return root.joinpath(*parts)


def compose(path: Path, **values: object) -> sql.Composed:
    """Return the statements of a psql script, without the last one's semicolon: a query may go into another.

    Args:
        path: the file.
        values: its variables: `:"name"` is quoted as an identifier, `:'name'` as a literal.
    """
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("\\")).rstrip().rstrip(";")
    parts: list[sql.Composable] = []
    position = 0
    for match in _VARIABLE.finditer(text):
        parts.append(sql.SQL(text[position : match.start()]))
        name = match["identifier"] or match["literal"]
        value = values[name]
        parts.append(sql.Identifier(str(value)) if match["identifier"] else sql.Literal(value))
        position = match.end()
    parts.append(sql.SQL(text[position:]))
    return sql.Composed(parts)
