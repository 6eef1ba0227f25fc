"""One Parquet file: written completely or not at all, with a stamp that says what its rows are, and a checksum.

A file is read as a whole, from a directory or an object store, and its checksum is compared before it is decoded.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

import polars as pl
from polars.exceptions import PolarsError

from chatwoot_assets.errors import ExtractError
from chatwoot_assets.extract.checksum import PLACEHOLDER, add_checksum, has_checksum_of, set_checksum
from chatwoot_assets.extract.object_store import read_object, write_object
from chatwoot_assets.private_files import create_private_file, make_private_directory

_SNAPSHOT_KEY = "snapshot_at"
_FINGERPRINT_KEY = "fingerprint"
_KEPT_KEY = "kept_files"
# A day of 5,400 conversations takes 34 ms of processor time to write and read, and 2.2 MB; with zstd 45 ms and 1.5 MB.
_COMPRESSION: Literal["lz4"] = "lz4"
# Long texts can be read in parts that take a bounded amount of memory: a part of the rows is decoded by groups.
_ROWS_PER_GROUP = 2_048
# What polars says if the end of a file cannot be written, without the system's reason.
_UNNAMED_WRITE_ERROR = "Invalid thrift: transport error"


class FileStamp(NamedTuple):
    """What a file says about its rows.

    Attributes:
        snapshot_at: The instant of the snapshot that they were read from.
        fingerprint: Their fingerprint.
        kept: In the stamp of a day's conversations, the fingerprints of the day's other files that had the same rows
            in an earlier snapshot and were not written again.
    """

    snapshot_at: datetime.datetime
    fingerprint: str
    kept: Mapping[str, str] = MappingProxyType({})


class OpenFile(NamedTuple):
    """A file that was opened; its rows stay the same when the file is replaced.

    Attributes:
        rows: Its rows, not decoded yet.
        stamp: What it says about them.
        size: Its size in bytes, which is held in memory.
    """

    rows: pl.LazyFrame
    stamp: FileStamp
    size: int


class DamagedFileError(Exception):
    """A file does not have its checksum."""


def is_local(path: str) -> bool:
    """Return whether a path or URL is that of a file on this machine, which costs no request."""
    return "://" not in path


def write_file(path: str, rows: pl.DataFrame | pl.LazyFrame, stamp: FileStamp) -> int:
    """Replace a file; if anything goes wrong, the previous one stays.

    Args:
        path: The file's path or URL.
        rows: Its rows; lazy rows are computed while they are written, and may come from the file that is replaced.
        stamp: What it says about them.

    Returns:
        The file's size in bytes.

    Raises:
        ExtractError: The file cannot be written, because the disk is full for example.
    """
    metadata = {_SNAPSHOT_KEY: stamp.snapshot_at.isoformat(), _FINGERPRINT_KEY: stamp.fingerprint, **PLACEHOLDER}
    if stamp.kept:
        metadata[_KEPT_KEY] = json.dumps(dict(stamp.kept))
    with translate_write_errors(path):
        if is_local(path):
            return _write_local(Path(path), lambda file: _save(rows, file, metadata))
        return _write_object(path, rows, metadata)


def _write_object(url: str, rows: pl.DataFrame | pl.LazyFrame, metadata: dict[str, str]) -> int:
    buffer = BytesIO()
    _save(rows.lazy().collect(), buffer, metadata)
    content = bytearray(buffer.getbuffer())
    set_checksum(content)
    write_object(url, content)
    return len(content)


def _save(rows: pl.DataFrame | pl.LazyFrame, file: BytesIO | Path, metadata: dict[str, str]) -> None:
    if isinstance(rows, pl.LazyFrame):
        rows.sink_parquet(file, compression=_COMPRESSION, metadata=metadata, row_group_size=_ROWS_PER_GROUP)
    else:
        rows.write_parquet(file, compression=_COMPRESSION, metadata=metadata, row_group_size=_ROWS_PER_GROUP)


def _write_local(path: Path, save: Callable[[Path], None]) -> int:
    make_directory_of(path)
    unfinished = path.with_name(f".{path.stem}.{os.getpid()}.partial")
    try:
        create_private_file(unfinished)
        save(unfinished)
        add_checksum(unfinished)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        size = unfinished.stat().st_size
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return size


def make_directory_of(path: Path) -> None:
    """Create the directory of a local file, and that of all extracts, for this user alone.

    An existing directory of extracts may hold other things and stays as it is; that of a dataset is closed to others.
    """
    extracts = path.parent.parent
    if not extracts.exists():
        make_private_directory(extracts)
    make_private_directory(path.parent)


@contextmanager
def translate_write_errors(path: str) -> Iterator[None]:
    """Translate an error in writing a file into an ExtractError that names the file."""
    try:
        yield
    except (OSError, PolarsError) as error:
        raise ExtractError(
            f"cannot write {path}: {reason(error)}; the day's previous file, if any, is unchanged:"
            " free space or set EXTRACTS_URL to another place, then run this again"
        ) from None


def read_content(path: str) -> bytes:
    """Return the bytes of a file, which have its checksum.

    Raises:
        DamagedFileError: The file does not have its checksum.
        ExtractError: The object store cannot be used.
        OSError: There is no such file, or it cannot be read.
    """
    content = Path(path).read_bytes() if is_local(path) else read_object(path)
    if not has_checksum_of(content):
        raise DamagedFileError
    return content


def open_file(path: str) -> OpenFile:
    """Open a file.

    Raises:
        DamagedFileError: The file does not have its checksum.
        ExtractError: The object store cannot be used.
        OSError: There is no such file, or it cannot be read.
        PolarsError: It is no Parquet file.
        KeyError: It has no stamp.
    """
    content = read_content(path)
    return OpenFile(pl.scan_parquet(content), _stamp_of(BytesIO(content)), len(content))


def read_stamp(path: str) -> FileStamp:
    """Return what a file says about its rows; of a local file, only its end is read.

    Raises:
        See `open_file`.
    """
    return _stamp_of(path) if is_local(path) else open_file(path).stamp


def _stamp_of(file: str | BytesIO) -> FileStamp:
    metadata = pl.read_parquet_metadata(file)
    snapshot_at = datetime.datetime.fromisoformat(metadata[_SNAPSHOT_KEY])
    return FileStamp(snapshot_at, metadata.get(_FINGERPRINT_KEY, ""), json.loads(metadata.get(_KEPT_KEY, "{}")))


def count_rows(path: str) -> int:
    """Return the number of a file's rows.

    Raises:
        See `open_file`.
    """
    return count(pl.scan_parquet(path, glob=False) if is_local(path) else open_file(path).rows)


def count(rows: pl.LazyFrame) -> int:
    """Return the number of rows of a file that was opened."""
    return int(rows.select(pl.len()).collect().item())


def reason(error: Exception) -> str:
    """Return the first line of an error in reading or writing a file."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if _UNNAMED_WRITE_ERROR in str(error):
        return "the file system does not accept the rest of it"
    return str(error).splitlines()[0] if str(error) else type(error).__name__
