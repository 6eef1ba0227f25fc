"""The files of the pages are sent compressed to browsers that accept it, and SIGTERM ends the command like Ctrl-C."""

from __future__ import annotations

import gzip
import re
import urllib.request
from email.message import Message
from pathlib import Path

from chatwoot_assets_tests.dashboard.serving import served
from chatwoot_assets_tests.servers import free_port
from chatwoot_assets_tests.waiting import HANG_SECONDS


def test_scripts_are_compressed_once_and_arrive_unchanged(tmp_path: Path) -> None:
    warehouse = f"postgresql://nobody@127.0.0.1:{free_port()}/analytics"
    with served(tmp_path, ANALYTICS_DATABASE_URL=warehouse) as dashboard:
        index, _ = _get(dashboard.address)
        addresses = [f"{dashboard.address}/{path}" for path in re.findall(r"static/js/[\w.-]+\.js", index.decode())]
        plain_files = {address: _get(address)[0] for address in addresses}
        large = {address: plain for address, plain in plain_files.items() if len(plain) >= 1_000}
        assert sum(map(len, large.values())) > 1_000_000
        for address, plain in large.items():
            for _ in range(2):
                body, headers = _get(address, accept_encoding="gzip, br")
                assert gzip.decompress(body) == plain
                assert len(body) < len(plain)
                assert headers["content-encoding"] == "gzip"
                assert headers["vary"] == "Accept-Encoding"
                assert "immutable" in headers["cache-control"]
        part, headers = _get(addresses[0], accept_encoding="gzip", range="bytes=0-9")
        assert (part, headers["content-encoding"]) == (_get(addresses[0])[0][:10], None)
        page, headers = _get(f"{dashboard.address}/static/js/nothing.js", accept_encoding="gzip")
        assert (page, headers["content-encoding"]) == (index, None)
        dashboard.process.terminate()
        out, err = dashboard.process.communicate(timeout=HANG_SECONDS)
        assert (dashboard.process.returncode, err) == (0, "")
        assert "Traceback" not in out


def _get(address: str, **headers: str) -> tuple[bytes, Message]:
    """Return what a server answers, as it was sent, and its headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, headers=named)  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=HANG_SECONDS) as answer:  # noqa: S310 - our own address
        return answer.read(), answer.headers
