"""A home directory for one command, with an embedded server of its own; both are removed when the command ends."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from chatwoot_assets.commands.interruption import cleaning_up
from chatwoot_assets.database_urls import DATABASE_URLS, EMBEDDED
from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets.settings_files import exported_settings

# The variables that are unset in the new home: those that name a user's databases, files and instance, the one that
# forbids an embedded server, and the limits of freshness.
_VARIABLES = (
    *DATABASE_URLS,
    *(f"{variable}_FILE" for variable in DATABASE_URLS),
    EMBEDDED,
    "DAGSTER_HOME",
    "EXTRACTS_URL",
    "PARTITIONS_START_DATE",
    "FRESHNESS_WARN_HOURS",
    "FRESHNESS_FAIL_HOURS",
    "CHATWOOT_ASSETS_HOME",
)

# This server need not survive a crash.
_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def temporary_home() -> Iterator[embedded.EmbeddedPostgres]:
    """Use a new home directory, and nothing of the user's, until the block ends.

    Yields:
        The embedded server of the new home.
    """
    # The user's other settings must not depend on the working directory, which changes below.
    settings = exported_settings()
    stopped = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True
        raise KeyboardInterrupt

    # A job that is canceled gets SIGTERM, which would end the process without cleaning up.
    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    saved, directory = dict(os.environ), os.open(".", os.O_RDONLY)
    os.environ.update(settings)
    for name in _VARIABLES:
        os.environ.pop(name, None)
    home = Path(tempfile.mkdtemp(prefix="chatwoot-assets-checks-"))
    if os.geteuid() == 0:
        # The server then runs as another user, and has to pass through the directory.
        home.chmod(0o711)
    directories = {home}
    try:
        os.environ["CHATWOOT_ASSETS_HOME"] = str(home)
        os.chdir(home)
        server = embedded.start(home / "postgres", _UNSAFE)
        directories |= {server.directory, server.socket_directory}
        try:
            with cleaning_up(lambda: _remove(directories)):
                yield server
        finally:
            embedded.release(server)
    finally:
        os.fchdir(directory)
        os.close(directory)
        _remove(directories)
        os.environ.clear()
        os.environ.update(saved)
        for number, handler in previous.items():
            signal.signal(number, handler)
    # Python ignores an exception that is raised while it calls a weak reference's callback.
    if stopped:
        raise KeyboardInterrupt


def _remove(directories: set[Path]) -> None:
    for path in directories:
        shutil.rmtree(path, ignore_errors=True)
