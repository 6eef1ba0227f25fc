"""The files of the dashboard's pages, sent compressed.

Streamlit sends its scripts and styles as they are: 5.5 MB for a first page, because it would compress them again for
every viewer. Here each file is compressed once and kept, which takes 2 MB of memory for all that the pages use.
"""

from __future__ import annotations

import asyncio
import gzip

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette import starlette_app

# What a file of these types loses by compression is worth its time; fonts and pictures are compressed already.
_TYPES = ("text/javascript", "application/javascript", "text/css", "application/json", "image/svg+xml")
_MIN_BYTES = 1_000
_IMMUTABLE = "immutable"  # Streamlit says so of the files whose names contain a hash of their contents


def compress_files() -> None:
    """Let Streamlit's server, which starts afterwards, compress its files.

    Streamlit has a public way to add middleware to an application, but not to the server that `streamlit run` starts.
    A version without this private function sends the files as they are.
    """
    streamlit_middleware = getattr(starlette_app, "create_streamlit_middleware", None)
    if streamlit_middleware is not None:
        starlette_app.create_streamlit_middleware = lambda: [Middleware(CompressedFiles), *streamlit_middleware()]


class CompressedFiles:
    """Middleware that compresses files that never change, each once.

    Args:
        app: The application that has the files.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._answers: dict[str, list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request: with the compressed file if there is one, else as the application does."""
        if not _accepts_gzip(scope):
            await self._app(scope, receive, send)
            return
        for message in self._answers.get(scope["path"]) or await self._ask(scope, receive, send):
            await send(message)

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> list[Message]:
        """Ask the application, and return what remains to be sent: a compressed file, or nothing."""
        start: Message = {}
        parts: list[bytes] = []

        async def collect(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_worthwhile(message):
                start = message
            elif start and message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
            else:
                await send(message)

        await self._app(scope, receive, collect)
        if not start:
            return []
        body = await asyncio.to_thread(gzip.compress, b"".join(parts))
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(body))
        headers.add_vary_header("Accept-Encoding")
        if "etag" in headers:
            headers["ETag"] = f"W/{headers['etag'].removeprefix('W/')}"
        answer: list[Message] = [{**start, "headers": headers.raw}, {"type": "http.response.body", "body": body}]
        self._answers[scope["path"]] = answer
        return answer


def _accepts_gzip(scope: Scope) -> bool:
    """Return whether a request is for a whole file that may be compressed."""
    if scope["type"] != "http" or scope["method"] != "GET" or "/static/" not in scope["path"]:
        return False
    headers = Headers(scope=scope)
    return "gzip" in headers.get("accept-encoding", "") and "range" not in headers and "if-none-match" not in headers


def _is_worthwhile(start: Message) -> bool:
    """Return whether the answer that starts is a file that never changes and becomes smaller."""
    headers = Headers(raw=start["headers"])
    return (
        start["status"] == 200
        and _IMMUTABLE in headers.get("cache-control", "")
        and headers.get("content-type", "").split(";")[0] in _TYPES
        and "content-encoding" not in headers
        and int(headers.get("content-length", "0")) >= _MIN_BYTES
    )
