"""Load a year with dlt; run by `dlt.py` in dlt's own environment, without our packages.

    python dlt_load.py BACKEND FILE_FORMAT SOURCE_URL TARGET_URL DIRECTORY

Prints the seconds of the pipeline's run, without the imports.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

# As dlt's performance guide recommends: files of bounded size, which can be normalized and loaded concurrently.
_ROWS_PER_FILE = "50000"
_CHUNK = {"sqlalchemy": 10_000, "pyarrow": 50_000, "connectorx": 50_000}
os.environ.update(
    {
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "RUNTIME__LOG_LEVEL": "ERROR",
        "DATA_WRITER__FILE_MAX_ITEMS": _ROWS_PER_FILE,
        "NORMALIZE__WORKERS": "2",
        "LOAD__WORKERS": "4",
    }
)

import dlt  # noqa: E402 (reads the environment when imported)
import sqlalchemy as sa  # noqa: E402 (with dlt)
from dlt.destinations import postgres  # noqa: E402 (imports dlt)
from dlt.sources.sql_database import sql_table  # noqa: E402 (imports dlt)


def _messages_as_text(query: Any, table: Any) -> Any:  # noqa: ANN401, ARG001 (SQLAlchemy's)
    """Select the messages as text: otherwise dlt parses each into Python objects and back."""
    columns = [
        sa.cast(column, sa.Text).label(column.name) if column.name == "message_compiled" else column
        for column in table.columns
    ]
    return sa.select(*columns)


def main() -> None:
    """Load the view, and print the seconds."""
    backend, file_format, source, target, directory = sys.argv[1:]
    resource = sql_table(
        credentials=source.replace("postgresql://", "postgresql+psycopg2://", 1),
        table="vw_conversations_analytics",
        schema="chatwoot_analytics",
        backend=backend,
        chunk_size=_CHUNK[backend],
        query_adapter_callback=_messages_as_text,
        backend_kwargs={"conn": source, "return_type": "arrow_stream"} if backend == "connectorx" else {},
        write_disposition="replace",
    )
    resource.apply_hints(table_name="conversations", columns={"message_compiled": {"data_type": "json"}})
    pipeline = dlt.pipeline(
        pipeline_name=f"{backend}_{file_format}",
        pipelines_dir=directory,
        destination=postgres(credentials=target),
        dataset_name="dlt",
    )
    started = time.perf_counter()
    pipeline.run(resource, loader_file_format=file_format)
    print(time.perf_counter() - started)


# dlt starts processes, which import this module.
if __name__ == "__main__":
    main()
