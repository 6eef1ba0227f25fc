"""A year's backfill with dlt's `sql_table`, compared with psql's pipe and our data path.

All read the same view on the same servers. dlt has its own virtual environment below `.bench/`, and is configured as
its documentation recommends for speed: rows as Arrow, messages as text, COPY from CSV or ADBC from Parquet instead of
INSERT, files of bounded size loaded concurrently. Its rows are compared, column by column, with those that psql copied.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.data import HOME, Bench
from benchmarks.loading import refresh, without_metrics
from benchmarks.pipes import JSON_COLUMNS, JSON_TABLE, copy_json
from benchmarks.source_reading import temporary_store
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.warehouse.schema import migrate

_HERE = Path(__file__).parent
# The backends, each with the file formats that it supports.
_METHODS = (
    ("connectorx", "parquet"),
    ("connectorx", "csv"),
    ("pyarrow", "parquet"),
    ("pyarrow", "csv"),
    ("sqlalchemy", "csv"),
)
# How a value of each type is cast so that it is comparable.
_CASTS = {
    "smallint": "{}::bigint",
    "integer": "{}::bigint",
    "character varying": "{}::text",
    "json": "{}::jsonb",
    "numeric": "{}::double precision",
    "timestamp with time zone": "{} AT TIME ZONE 'UTC'",
}


def run(bench: Bench) -> dict[str, object]:
    """Load with each method once, one after the other, and compare with psql's rows."""
    python = _install_dlt()
    pipe_url = bench.new_target("pipe")
    rows = [_row("psql COPY | psql COPY", _psql_pipe(bench, pipe_url), pipe_url, pipe_url)]
    ours_url = bench.new_target("ours")
    with temporary_store(bench) as store:
        print("our data path", file=sys.stderr, flush=True)
        migrate(Warehouse(url=ours_url))
        started = time.perf_counter()
        with without_metrics():
            refresh(bench.source_url, ours_url, bench.all_days, store)
        seconds = time.perf_counter() - started
        rows.append(_row("ours, data path", seconds, ours_url, pipe_url, "public.vw_conversations_analytics"))
    for backend, file_format in _METHODS:
        print(f"dlt: {backend}, {file_format}", file=sys.stderr, flush=True)
        target = bench.new_target("by_dlt")
        seconds = _run_dlt(bench, python, backend, file_format, target)
        rows.append(_row(f"dlt, {backend}, {file_format}", seconds, target, pipe_url, "dlt.conversations"))
    fastest = min(float(str(row["seconds"])) for row in rows if str(row["method"]).startswith("dlt"))
    for row in rows:
        row["relative to dlt's fastest"] = round(float(str(row["seconds"])) / fastest, 2)
    return {
        "a year": rows,
        "not compared": "extracted_at, which the view lacks; the types, the key and the indexes, which dlt does not"
        " create: its integers are bigint, its times have no zone, its JSON from Parquet is json instead of jsonb",
    }  # fmt: skip


def _row(
    method: str, seconds: float, url: str, pipe_url: str, table: str = f"public.{JSON_TABLE}"
) -> dict[str, object]:
    expected, actual = _hashes(pipe_url, f"public.{JSON_TABLE}"), _hashes(url, table)
    differing = [name for name in expected if actual[name] != expected[name]]
    if {"rows", "id"} & set(differing):
        raise AssertionError(f"{method}: {actual['rows']} rows instead of the pipe's {expected['rows']}")
    return {
        "method": method,
        "seconds": round(seconds, 1),
        "rows": actual["rows"],
        "columns that differ": differing or "none",
    }


def _hashes(url: str, table: str) -> dict[str, object]:
    """Return a table's number of rows, and for each column the sum of its values' hashes."""
    schema, name = table.split(".")
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        types: dict[str, str] = dict(
            connection.execute(
                "SELECT column_name, data_type FROM information_schema.columns"
                " WHERE table_schema = %s AND table_name = %s",
                [schema, name],
            ).fetchall()
        )
        sums = [
            sql.SQL("sum(hash_record_extended(ROW(id::bigint, {}), 0))::text").format(_cast(column, types[column]))
            for column in JSON_COLUMNS
        ]
        query = sql.SQL("SELECT count(*), {} FROM {}").format(sql.SQL(", ").join(sums), sql.Identifier(schema, name))
        sums_of_table = connection.execute(query).fetchone()
    assert sums_of_table is not None
    return dict(zip(("rows", *JSON_COLUMNS), sums_of_table, strict=True))


def _cast(column: str, type_: str) -> sql.Composed:
    return sql.SQL(_CASTS.get(type_, "{}")).format(sql.Identifier(column))


def _psql_pipe(bench: Bench, target: str) -> float:
    """Copy the rows of the view into a table with the same columns, key and indexes."""
    print("psql's pipe", file=sys.stderr, flush=True)
    started = time.perf_counter()
    copy_json(bench, target)
    return time.perf_counter() - started


def _run_dlt(bench: Bench, python: Path, backend: str, file_format: str, target: str) -> float:
    """Run `dlt_load.py`; return the seconds of its pipeline, without Python's imports."""
    urls = [_complete_url(url) for url in (bench.source_url, target)]
    with tempfile.TemporaryDirectory(dir=HOME) as directory:
        done = subprocess.run(
            # Isolated: otherwise Python searches this folder first, and finds this module, which is also called dlt.
            [python, "-I", _HERE / "dlt_load.py", backend, file_format, *urls, directory],
            capture_output=True,
            text=True,
            check=False,
            cwd=directory,
        )
    if done.returncode != 0:
        raise RuntimeError(f"dlt, {backend}, {file_format}: {done.stdout[-1_000:]} {done.stderr[-2_000:]}")
    return float(done.stdout.strip().splitlines()[-1])


def _complete_url(url: str) -> str:
    """Return the URL with a host and a password, which dlt requires."""
    return url.replace("postgres@/", "postgres:none@localhost/", 1)


def _install_dlt() -> Path:
    """Return the Python of dlt's environment, which is made if missing or outdated."""
    requirements = _HERE / "dlt-requirements.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    directory = HOME / "dlt-venv"
    stamp = directory / "requirements.sha256"
    python = directory / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != digest:
        print("installing dlt", file=sys.stderr, flush=True)
        shutil.rmtree(directory, ignore_errors=True)
        venv.create(directory, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
        stamp.write_text(digest)
    return python
