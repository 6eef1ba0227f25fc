"""`chatwoot-assets mcp`: the Model Context Protocol server, for an assistant on this machine or over HTTP."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from pathlib import Path

from chatwoot_assets.assistant.numbers import Numbers
from chatwoot_assets.assistant.read_only_sql import read_rights
from chatwoot_assets.commands.console import err, warehouse_database
from chatwoot_assets.commands.dagster_process import check_address
from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.settings import Settings

_MIN_TOKEN_LENGTH = 20


def serve(host: str | None, port: int, token_file: str | None, *, personal: bool) -> None:
    """Serve until the assistant leaves, or until Ctrl-C.

    Args:
        host: The address to listen on for HTTP; None for standard input and output.
        port: The port for HTTP.
        token_file: The file with the token that HTTP requests must carry.
        personal: Whether names of contacts and contents of messages are given to the assistant.

    Raises:
        UserError: The SDK is not installed, an option is refused, or the warehouse cannot be read.
    """
    if importlib.util.find_spec("mcp") is None:
        raise SettingsError(
            'this command needs the extra named mcp: pip install "chatwoot_assets[mcp]",'
            ' or in a checkout: pip install --editable ".[mcp]"'
        )
    settings = Settings.load()
    if personal and not settings.dashboard_conversations:
        raise SettingsError("--personal and DASHBOARD_CONVERSATIONS=off contradict each other")
    if host is None and token_file is not None:
        raise SettingsError("--token-file goes with --http; standard input needs no token")
    token = _read_token(token_file) if host is not None else None
    from chatwoot_assets.assistant.access import Access
    from chatwoot_assets.assistant.server import build_server, require_token

    url = warehouse_database().resolved_url
    rights = read_rights(url)
    has_sql = not rights.is_powerful and (personal or not rights.reads_personal)
    if not has_sql:
        err.print(
            "queries in SQL are off: this role can do more than read numbers;"
            " give ANALYTICS_DATABASE_URL of a role by sql/dashboard/grants.sql with conversations=off"
        )
    pool = ReadOnlyPool(url)
    access = Access(Numbers(pool), url, settings.reporting_timezone, has_sql, personal)
    server = build_server(access, importlib.metadata.version("chatwoot_assets"))
    try:
        if host is None or token is None:
            server.run()
            return
        check_address(host, port)
        import uvicorn

        err.print(f"Model Context Protocol: http://{host}:{port}/mcp (Ctrl-C to stop)")
        app = require_token(server.streamable_http_app(host=host), token)
        uvicorn.run(app, host=host, port=port, log_level="warning")
    finally:
        pool.close()


def _read_token(path: str | None) -> str:
    if path is None:
        raise SettingsError("--http needs --token-file FILE: a file with the token that requests must carry")
    try:
        token = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"--token-file {path} cannot be read") from None
    if len(token) < _MIN_TOKEN_LENGTH or not token.isascii() or not token.isprintable():
        raise SettingsError(f"--token-file {path} must hold at least {_MIN_TOKEN_LENGTH} ASCII characters")
    return token
