"""Import every module that the image's processes import: what the Dockerfile removed must not be missing.

Python writes the bytecode of all that is imported. What is imported later, such as a country's holidays, is compiled at
each start instead, which costs time but no function.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
import sys

import chatwoot_assets

# Streamlit's own script, an extra that the image does not have, and Alembic's scripts.
_NOT_IMPORTED = (
    "chatwoot_assets.dashboard.entrypoint",
    "chatwoot_assets.commands.celery",
    "chatwoot_assets.warehouse.migrations",
)
_ENTRY_POINTS = (
    "dagster._cli",
    "dagster._daemon.cli",
    "dagster._grpc.server",
    "dagster_webserver.cli",
    "streamlit.web.bootstrap",
)
# Imported when they are first used.
_LATER = (
    "alembic.command",
    "apprise.plugins.custom_json",
    "dagster_postgres",
    "fpdf",
    "holidays.countries.brazil",
    "pyarrow.parquet",
    "streamlit.elements.vega_charts",
    "streamlit.elements.arrow",
)


def main() -> None:
    """Import the modules; the first one that is missing ends the build."""
    logging.disable(logging.WARNING)  # Streamlit says that no server runs
    for module in pkgutil.walk_packages(chatwoot_assets.__path__, "chatwoot_assets."):
        if not module.name.startswith(_NOT_IMPORTED):
            importlib.import_module(module.name)
    for name in _ENTRY_POINTS + _LATER:
        importlib.import_module(name)
    sys.stdout.write(f"{len(sys.modules)} modules can be imported\n")


if __name__ == "__main__":
    main()
