"""`chatwoot-assets export`: all rows of a period, as a file or on standard output."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from chatwoot_assets.commands.console import err, progress_bars, warehouse_database
from chatwoot_assets.commands.selection import choose_format, selected_filters
from chatwoot_assets.dashboard.database import allow_policies_that_hide_nothing
from chatwoot_assets.dashboard.filters import query_parameters
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.errors import SettingsError, UserError
from chatwoot_assets.exports.cells import Language
from chatwoot_assets.exports.datasets import columns_of
from chatwoot_assets.exports.read import open_export
from chatwoot_assets.exports.writers import WRITERS, Writer
from chatwoot_assets.private_files import replacing_private_file
from chatwoot_assets.settings import Settings

_COPIED_BYTES = 1 << 20


def export(
    dataset: str,
    first: str,
    last: str | None,
    file_format: str | None,
    output: str | None,
    language: str,
    *,
    waiting: bool,
    lists: Mapping[str, str | Sequence[str] | None],
) -> None:
    """Write all rows that are selected.

    Args:
        dataset: What to export, such as conversations.
        first: The first day, as YYYY-MM-DD.
        last: The last day, or None for today.
        file_format: csv, parquet or xlsx; None for what the file's name says, or csv.
        output: The file to write, or None for standard output.
        language: The language of headings and terms.
        waiting: Whether to export only conversations that wait for a reply, whenever they began.
        lists: The filters; see `selected_filters`.

    Raises:
        UserError: An option is refused, the warehouse cannot be read, or the file cannot be written.
    """
    if waiting and dataset != "conversations":
        raise SettingsError("--waiting goes with conversations only")
    settings = Settings.load()
    filters, today = selected_filters(settings, first, last, lists)
    file_format = choose_format(file_format, output, tuple(WRITERS))
    columns = columns_of(dataset, personal=settings.dashboard_conversations, links=settings.chatwoot_url is not None)
    conditions = ListFilters(needs_reply=waiting)
    parameters = {**query_parameters(filters, filters.period(today)), **conditions.query_parameters()}
    url = warehouse_database().resolved_url
    with (
        _translated_errors(output),
        open_export(url, dataset, columns, parameters, settings.chatwoot_url, allow_policies_that_hide_nothing) as rows,
        _open_output(output, seekable=file_format != "csv") as file,
        progress_bars() as show,
    ):
        writer: Writer = WRITERS[file_format](
            file, rows.columns, cast("Language", language), settings.reporting_timezone
        )
        started, done = time.monotonic(), 0
        for batch in rows.batches:
            writer.write(batch)
            done += len(batch)
            show(dataset, done, rows.total, f"rows, {done / (time.monotonic() - started):,.0f} rows/s")
        writer.close()
    seconds = max(time.monotonic() - started, 1e-9)
    err.print(f"{done:,} rows in {seconds:,.1f} s ({done / seconds:,.0f} rows/s){f' in {output}' if output else ''}")


@contextmanager
def _open_output(output: str | None, *, seekable: bool) -> Iterator[BinaryIO]:
    """Open what is written to: a temporary file that takes its place when it is complete, or standard output."""
    if output is not None:
        with replacing_private_file(Path(output)) as file:
            yield file
        return
    stdout = sys.stdout.buffer
    if not seekable:
        yield stdout
        stdout.flush()
        return
    if sys.stdout.isatty():
        raise SettingsError("this format is not for a terminal; give --output FILE, or redirect the output")
    with tempfile.TemporaryFile() as file:  # its name does not exist: nobody else can read it
        yield file
        file.seek(0)
        while data := file.read(_COPIED_BYTES):
            stdout.write(data)
        stdout.flush()


@contextmanager
def _translated_errors(output: str | None) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        # The reader has read enough, as `head` does. Nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise UserError("standard output was closed before all rows were written") from None
    except OSError as error:
        raise UserError(f"cannot write {output or 'to standard output'}: {error.strerror or error}") from None
