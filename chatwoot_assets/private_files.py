"""Directories and files that only their owner can read: nearly all that is written holds personal data.

The modes are set here and not left to the umask, because these files are also written by processes that other programs
start, such as Dagster's code server.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_OTHERS = 0o077


def make_private_directory(directory: Path) -> None:
    """Create a directory that only its owner can enter; close an existing one to others.

    Missing directories above it are closed, too. Those that root creates let other users pass: the embedded server
    of root runs as another user, in a directory below.

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
        with suppress(PermissionError):  # it is another user's, who decides about it
            directory.chmod(mode & ~_OTHERS)


def create_private_file(path: Path) -> None:
    """Create an empty file that only its owner can read, for a library to write into."""
    path.touch(mode=0o600)
