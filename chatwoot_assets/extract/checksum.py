"""The checksum of a Parquet file, kept in the file's own metadata.

A damaged file is often read without an error, as other rows. The checksum covers every byte of the file, so that it is
noticed before the file is decoded. It is computed with zeros in its own place.
"""

from __future__ import annotations

import mmap
import zlib
from pathlib import Path

_KEY = "crc32_of_file"
_ZEROS = b"0" * 8
# The key is followed by its value: the header of a string of eight bytes, as Thrift encodes it, and these.
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
    """Return whether the content of a file has its checksum."""
    # The metadata are at the end: what looks like the key before them is data.
    found = content.rfind(_BEFORE_VALUE)
    if found < 0:
        return False
    position = found + len(_BEFORE_VALUE)
    end = position + len(_ZEROS)
    with memoryview(content) as view:
        checksum = zlib.crc32(view[end:], zlib.crc32(_ZEROS, zlib.crc32(view[:position])))
    return content[position:end] == f"{checksum:08x}".encode()
