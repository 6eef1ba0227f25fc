"""`chatwoot-assets dashboard`: one line that says where, a clean end, and what is refused."""

from __future__ import annotations

import socket
import sys

import pytest

from chatwoot_assets.commands.dashboard import serve
from chatwoot_assets.errors import SettingsError
from chatwoot_assets_tests.dashboard.serving import served
from chatwoot_assets_tests.servers import enterable_directory, free_port, server_pid
from chatwoot_assets_tests.waiting import HANG_SECONDS


@pytest.mark.postgres
def test_it_says_where_and_ends_clean_with_nothing_left() -> None:
    with enterable_directory() as directory:
        with served(directory, CHATWOOT_ASSETS_HOME=str(directory / "home")) as dashboard:
            assert server_pid(directory / "home" / "postgres") is not None
            port = int(dashboard.address.rpartition(":")[2])
            assert _knocked(port, f"127.0.0.1:{port}", f"http://127.0.0.1:{port}").startswith("HTTP/1.1 101")
            # A name that somebody else made to lead here, and a page of somebody else's.
            assert _knocked(port, f"evil.example:{port}", f"http://evil.example:{port}").startswith("HTTP/1.1 403")
            assert _knocked(port, f"127.0.0.1:{port}", "http://evil.example").startswith("HTTP/1.1 403")
            code, out, err = dashboard.stop()
        assert out.splitlines()[0] == f"{dashboard.address} shows the dashboard; Ctrl-C stops it"
        assert (code, err) == (0, "")
        assert server_pid(directory / "home" / "postgres") is None
        assert [path.name for path in directory.iterdir()] == ["home"]


def _knocked(port: int, host: str, origin: str) -> str:
    """Return the first line of the answer to a browser that asks for what a page shows."""
    lines = [
        "GET /_stcore/stream HTTP/1.1", f"Host: {host}", f"Origin: {origin}", "Upgrade: websocket",
        "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ]  # fmt: skip
    with socket.create_connection(("127.0.0.1", port), timeout=HANG_SECONDS) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return connection.recv(1_000).decode("latin-1").splitlines()[0]


def test_a_port_in_use_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYTICS_DATABASE_URL", "postgresql://somebody@127.0.0.1/analytics")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SettingsError, match="cannot listen on 127"):
            serve("127.0.0.1", taken.getsockname()[1])


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "streamlit", None)
    with pytest.raises(SettingsError) as refused:
        serve("127.0.0.1", free_port())
    assert "\n" not in str(refused.value)
    assert "streamlit" in str(refused.value)
    assert 'pip install "chatwoot_assets[dashboard]"' in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DASHBOARD_CONVERSATIONS", "no"),
        ("CHATWOOT_URL", "chat.example.com"),
        ("CHATWOOT_URL", "https://user:secret@chat.example.com"),
        ("CHATWOOT_URL", "javascript:alert(1)"),
        ("ANALYTICS_DATABASE_URL", "mysql://somewhere"),
    ],
)
def test_a_wrong_value_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{name} is ") as refused:
        serve("127.0.0.1", free_port())
    assert "secret" not in str(refused.value)
