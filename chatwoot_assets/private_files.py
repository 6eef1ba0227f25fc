"""Directories and files that only their owner can read: nearly every file that we write holds personal data.

The modes are set here and not left to the umask, because other programs also start processes that write these files,
such as Dagster's code server.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_OTHERS = 0o077


def make_private_directory(directory: Path) -> None:
    """Create a directory that only its owner can enter; close an existing one to others.

    Missing directories above it are closed, too. If root creates them, other users can pass through: root's embedded
    server runs as another user, in a directory below.

    Raises:
        OSError: The directory cannot be created.
    """
    for ancestor in reversed(directory.parents):
        if not ancestor.exists():
            ancestor.mkdir(mode=0o700, exist_ok=True)
            if os.geteuid() == 0:
                ancestor.chmod(0o711)
    directory.mkdir(mode=0o700, exist_ok=True)
    mode = directory.stat().st_mode
    if mode & _OTHERS:
        with suppress(PermissionError):  # it belongs to another user, who decides about it
            directory.chmod(mode & ~_OTHERS)


def create_private_file(path: Path) -> None:
    """Create an empty file that only its owner can read, for a library to write into."""
    path.touch(mode=0o600)


@contextmanager
def replacing_private_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file that only its owner can read; it takes its place when the block ends without an error.

    Yields:
        A temporary file in the same directory, open for writing. It is removed after an error.

    Raises:
        OSError: The file cannot be written.
    """
    # mkstemp creates it with the mode 0600.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
