"""A home for one command: an embedded server of its own, that goes with everything in it when the command ends."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from chatwoot_assets.database_urls import DATABASE_URLS
from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets.settings_files import exported_settings

# What says where a user's databases, files and instance are, and how they are judged.
_VARIABLES = (
    *DATABASE_URLS,
    *(f"{variable}_FILE" for variable in DATABASE_URLS),
    "DAGSTER_HOME",
    "EXTRACTS_URL",
    "PARTITIONS_START_DATE",
    "FRESHNESS_WARN_HOURS",
    "FRESHNESS_FAIL_HOURS",
    "CHATWOOT_ASSETS_HOME",
)

# A server that is thrown away need not survive a crash.
_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def temporary_home() -> Iterator[embedded.EmbeddedPostgres]:
    """Point this process at a new home, and at nothing of the user's, until the block ends."""
    # What is kept of the user's settings must not depend on the working directory, which changes below.
    settings = exported_settings()
    stopped = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True
        raise KeyboardInterrupt

    # A job that is cancelled gets SIGTERM, by which a process would end without cleaning up.
    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    saved, directory = dict(os.environ), os.open(".", os.O_RDONLY)
    os.environ.update(settings)
    for name in _VARIABLES:
        os.environ.pop(name, None)
    home = Path(tempfile.mkdtemp(prefix="chatwoot-assets-checks-"))
    # The server's own user has to enter it, where we are root.
    home.chmod(0o755)
    left = {home}
    try:
        os.environ["CHATWOOT_ASSETS_HOME"] = str(home)
        os.chdir(home)
        server = embedded.start(home / "postgres", _UNSAFE)
        left |= {server.directory, server.socket_directory}
        try:
            yield server
        finally:
            embedded.release(server)
    finally:
        os.fchdir(directory)
        os.close(directory)
        for path in left:
            shutil.rmtree(path, ignore_errors=True)
        os.environ.clear()
        os.environ.update(saved)
        for number, handler in previous.items():
            signal.signal(number, handler)
    # Python swallows what is raised while it calls a weak reference's callback.
    if stopped:
        raise KeyboardInterrupt
