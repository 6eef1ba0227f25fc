"""A server on loopback that takes what Apprise sends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from chatwoot_assets_tests.http_servers import QuietHandler, http_server


@contextmanager
def receiver() -> Iterator[tuple[str, list[str]]]:
    """Run a server; yield its address for Apprise and the messages that it has taken."""
    taken: list[str] = []

    class Handler(QuietHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            taken.append(f"{body['type']}|{body['title']}|{body['message']}")
            self.send_response(200)
            self.end_headers()

    with http_server(Handler) as port:
        yield f"json://127.0.0.1:{port}", taken
