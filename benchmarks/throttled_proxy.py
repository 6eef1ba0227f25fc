"""A proxy with limited bandwidth, which makes a local server look distant.

    python -m benchmarks.throttled_proxy SOCKET MBIT

It prints a port of 127.0.0.1 and serves until it is terminated. It is a separate process, so that its CPU time does
not count as the benchmark's.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The amount sent at once: about 10 ms at 50 Mbit/s.
_CHUNK_BYTES = 65_536


@contextmanager
def throttle(directory: Path, mbit: int) -> Iterator[int]:
    """Start a proxy to the server whose socket is in a directory; yield the proxy's port."""
    (socket,) = directory.glob(".s.PGSQL.*[0-9]")
    command = [sys.executable, "-m", "benchmarks.throttled_proxy", str(socket), str(mbit)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def _serve(socket: str, mbit: int) -> None:
    bytes_per_second = mbit * 1_000_000 / 8

    async def connect(client_reader: asyncio.StreamReader, client_writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_unix_connection(socket)
        await asyncio.gather(
            _forward(client_reader, server_writer, bytes_per_second),
            _forward(server_reader, client_writer, bytes_per_second),
        )

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


async def _forward(source: asyncio.StreamReader, target: asyncio.StreamWriter, bytes_per_second: float) -> None:
    free_at = time.monotonic()
    while chunk := await source.read(_CHUNK_BYTES):
        target.write(chunk)
        await target.drain()
        free_at = max(free_at, time.monotonic()) + len(chunk) / bytes_per_second
        await asyncio.sleep(free_at - time.monotonic())
    target.close()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
