"""A line of a given speed to a server on this machine: a proxy in a process of its own, so that its work is not ours.

python -m benchmarks.line SOCKET MBIT    print a port of 127.0.0.1, and serve until told to end
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# So much is sent at once: a hundredth of a second's worth of 50 Mbit/s.
_BYTES_AT_ONCE = 65_536


@contextmanager
def line(directory: Path, mbit: int) -> Iterator[int]:
    """Open a line to the server whose socket is in a directory; yield the port at its near end."""
    (socket,) = directory.glob(".s.PGSQL.*[0-9]")
    command = [sys.executable, "-m", "benchmarks.line", str(socket), str(mbit)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def _serve(socket: str, mbit: int) -> None:
    bytes_per_second = mbit * 1_000_000 / 8

    async def joined(near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, there = await asyncio.open_unix_connection(socket)
        await asyncio.gather(_carry(near, there, bytes_per_second), _carry(far, back, bytes_per_second))

    server = await asyncio.start_server(joined, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, bytes_per_second: float) -> None:
    free_at = time.monotonic()
    while sent := await source.read(_BYTES_AT_ONCE):
        target.write(sent)
        await target.drain()
        free_at = max(free_at, time.monotonic()) + len(sent) / bytes_per_second
        await asyncio.sleep(free_at - time.monotonic())
    target.close()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
