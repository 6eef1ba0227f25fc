"""Private names of ADBC's driver manager, each with a public fallback.

ADBC's public DB-API does the same with these names, but imports pandas and pyarrow's data sets: 60 MB and nearly half
a second per process. No other module imports a private name of ADBC. When a release lacks one, a warning is logged
once, and the same rows are read through public names.
"""

from __future__ import annotations

import functools
import logging

import pyarrow
from adbc_driver_manager import AdbcStatusCode, ArrowArrayStreamHandle, OperationalError

_log = logging.getLogger(__name__)


def read_stream(stream: ArrowArrayStreamHandle) -> pyarrow.Table:
    """Read all rows of a result.

    Raises:
        adbc_driver_manager.Error: The statement failed while its rows were read. Without the private reader the
            error has no SQLSTATE and not the server's message, which may quote values of a row.
    """
    try:
        from adbc_driver_manager._reader import AdbcRecordBatchReader

        import_stream = AdbcRecordBatchReader._import_from_c
    except (ImportError, AttributeError) as error:
        _warn_once("reports errors of the source without their cause", str(error))
        return _read_publicly(stream)
    return import_stream(stream.address).read_all()


def _read_publicly(stream: ArrowArrayStreamHandle) -> pyarrow.Table:
    try:
        return pyarrow.RecordBatchReader.from_stream(stream).read_all()
    except (OSError, pyarrow.ArrowException):
        message = "the statement failed while its rows were read; the server's log has the cause"
        raise OperationalError(message, status_code=AdbcStatusCode.IO) from None


@functools.cache
def _warn_once(consequence: str, reason: str) -> None:
    _log.warning("This release of ADBC lacks a private name (%s), so chatwoot_assets %s.", reason, consequence)
