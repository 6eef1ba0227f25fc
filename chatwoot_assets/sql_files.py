"""Where the SQL files are: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path


def sql_path(*parts: str) -> Path:
    """Return the path of a file or folder below `sql/`."""
    package = Path(__file__).parent
    installed = package / "sql"
    root = installed if installed.exists() else package.parent / "sql"
    return root.joinpath(*parts)
