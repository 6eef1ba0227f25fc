"""`chatwoot-assets dashboard`: its output, its end, and the errors of its configuration."""

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
def test_command_prints_its_address_and_leaves_nothing_behind() -> None:
    with enterable_directory() as directory:
        with served(directory, CHATWOOT_ASSETS_HOME=str(directory / "home")) as dashboard:
            assert server_pid(directory / "home" / "postgres") is not None
            port = int(dashboard.address.rpartition(":")[2])
            assert _open_stream(port, f"127.0.0.1:{port}", f"http://127.0.0.1:{port}").startswith("HTTP/1.1 101")
            # A foreign name that resolves to this machine, and a page of a foreign origin.
            assert _open_stream(port, f"evil.example:{port}", f"http://evil.example:{port}").startswith("HTTP/1.1 403")
            assert _open_stream(port, f"127.0.0.1:{port}", "http://evil.example").startswith("HTTP/1.1 403")
            code, out, err = dashboard.stop()
        assert out.splitlines()[0] == f"Dashboard: {dashboard.address} (Ctrl-C to stop)"
        assert (code, err) == (0, "")
        assert server_pid(directory / "home" / "postgres") is None
        assert [path.name for path in directory.iterdir()] == ["home"]


def _open_stream(port: int, host: str, origin: str) -> str:
    """Return the first line of the answer to a browser that opens the stream of a page's contents."""
    lines = [
        "GET /_stcore/stream HTTP/1.1", f"Host: {host}", f"Origin: {origin}", "Upgrade: websocket",
        "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ]  # fmt: skip
    with socket.create_connection(("127.0.0.1", port), timeout=HANG_SECONDS) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return connection.recv(1_000).decode("latin-1").splitlines()[0]


def test_port_in_use_is_reported_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYTICS_DATABASE_URL", "postgresql://somebody@127.0.0.1/analytics")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SettingsError, match="cannot listen on 127"):
            serve("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize("host", ["192.0.2.1", "::"])
def test_a_host_of_other_machines_needs_a_name(host: str) -> None:
    with pytest.raises(SettingsError, match=r"--name numbers\.example\.com") as raised:
        serve(host, free_port())
    assert "\n" not in str(raised.value)


def test_missing_extra_is_reported_with_the_command_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "streamlit", None)
    with pytest.raises(SettingsError) as raised:
        serve("127.0.0.1", free_port())
    assert "\n" not in str(raised.value)
    assert "streamlit" in str(raised.value)
    assert 'pip install "chatwoot_assets[dashboard]"' in str(raised.value)


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
def test_invalid_value_is_reported_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{name} is ") as raised:
        serve("127.0.0.1", free_port())
    assert "secret" not in str(raised.value)
