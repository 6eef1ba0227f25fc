"""A real S3 server for tests: `rclone serve s3` on a free port of this machine, with signed requests."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chatwoot_assets_tests.waiting import wait_until

KEY, SECRET = "a-key-of-tests", "a-secret-of-tests"
BUCKET = "extracts"


@dataclass
class S3Server:
    """A server whose objects are files in a directory.

    Attributes:
        directory: The directory; each bucket is a directory in it.
        log: The file with the server's log.
        address: Where it listens, once it was started: the same place after it was stopped and started again.
    """

    directory: Path
    log: Path
    address: str = "127.0.0.1:0"
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which it can be used."""
        return {
            "AWS_ENDPOINT_URL": f"http://{self.address}",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
        }

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [str(Path(sys.executable).with_name("rclone")), "serve", "s3", "--config", os.devnull]
        options = ["--auth-key", f"{KEY},{SECRET}", "--addr", self.address, "--vfs-cache-mode", "off", "-vv"]
        seen = len(self._log())
        with self.log.open("ab") as log:
            self._process = subprocess.Popen([*command, *options, str(self.directory)], stdout=log, stderr=log)
        started = re.compile(r"Starting s3 server on \[http://([0-9.:]+)/")
        wait_until(lambda: started.search(self._log()[seen:]) is not None)
        found = started.search(self._log()[seen:])
        assert found
        self.address = found[1]

    def stop(self) -> None:
        """Stop the server."""
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def count_deletions(self) -> int:
        """Return how many requests to delete objects it has answered."""
        return len(re.findall(r"serve s3: (?i:delete)", self._log()))

    def _log(self) -> str:
        return self.log.read_text() if self.log.exists() else ""


@contextmanager
def s3_server(directory: Path) -> Iterator[S3Server]:
    """Run a server with one empty bucket."""
    (directory / "objects" / BUCKET).mkdir(parents=True)
    server = S3Server(directory / "objects", directory / "s3.log")
    server.start()
    try:
        yield server
    finally:
        server.stop()
