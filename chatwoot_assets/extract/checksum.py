"""The checksum of a Parquet file, kept in the file's own metadata.

A damaged file can often be decoded without an error, with wrong rows. The checksum covers every byte of the file, so
that damage is noticed before the file is decoded. It is computed as if its own digits were zeros.
"""

from __future__ import annotations

import mmap
import zlib
from pathlib import Path

_KEY = "crc32_of_file"
_ZEROS = b"0" * 8
# The key is followed by its value: Thrift's header of a string of eight bytes, then the bytes.
_BEFORE_VALUE = _KEY.encode() + b"\x18\x08"

# The metadata with which a file is written before it gets its checksum.
PLACEHOLDER = {_KEY: _ZEROS.decode()}


def add_checksum(path: Path) -> None:
    """Write the checksum into a file that was written with the placeholder.

    Raises:
        OSError: The file cannot be written.
    """
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as content:
        set_checksum(content)


def set_checksum(content: bytearray | mmap.mmap) -> None:
    """Write the checksum into the content of a file that was written with the placeholder."""
    position = content.rfind(_BEFORE_VALUE) + len(_BEFORE_VALUE)
    content[position : position + len(_ZEROS)] = f"{zlib.crc32(content):08x}".encode()


def has_checksum_of(content: bytes) -> bool:
    """Return whether the content of a file matches the checksum in it."""
    # The metadata are at the end: an earlier occurrence of the key belongs to the data.
    key_position = content.rfind(_BEFORE_VALUE)
    if key_position < 0:
        return False
    position = key_position + len(_BEFORE_VALUE)
    end = position + len(_ZEROS)
    with memoryview(content) as view:
        checksum = zlib.crc32(view[end:], zlib.crc32(_ZEROS, zlib.crc32(view[:position])))
    return content[position:end] == f"{checksum:08x}".encode()
