"""Errors on connecting: the transient ones are retried, the others are not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from chatwoot_assets.errors import SourceError
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets_tests.conftest import Postgres

BOTH_DRIVERS = pytest.mark.parametrize("driver", ["psycopg", "adbc"])


def _error(url: str, driver: str) -> SourceError:
    """Return the error that a driver raises on connecting."""
    database = ChatwootDatabase(url=url)
    with pytest.raises(SourceError) as raised:
        _connect(database, driver)
    assert "\n" not in str(raised.value)
    return raised.value


def _connect(database: ChatwootDatabase, driver: str) -> None:
    with database.transaction() if driver == "psycopg" else snapshot(database):
        pass


@contextmanager
def _refusing(severity: str, state: str, message: str) -> Iterator[str]:
    """Run a server that refuses every connection with a message of PostgreSQL's; yield its URL."""
    fields = b"".join(code + text.encode() + b"\0" for code, text in [(b"S", severity), (b"C", state), (b"M", message)])
    answer = b"E" + (len(fields) + 5).to_bytes(4, "big") + fields + b"\0"
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_answer_all, args=(server, answer), daemon=True).start()
        port = server.getsockname()[1]
        yield f"postgresql://u@127.0.0.1:{port}/chatwoot?sslmode=disable&gssencmode=disable"
        server.shutdown(socket.SHUT_RDWR)


def _answer_all(server: socket.socket, answer: bytes) -> None:
    while True:
        try:
            client, _ = server.accept()
        except OSError:
            return
        with client:
            client.recv(1024)
            client.sendall(answer)


TRANSIENT = {
    "starting up": ("57P03", "the database system is starting up"),
    "shutting down": ("57P03", "the database system is shutting down"),
    "in recovery": ("57P03", "the database system is in recovery mode"),
    "not yet accepting": ("57P03", "the database system is not yet accepting connections"),
    "full": ("53300", "sorry, too many clients already"),
    "full but for superusers": (
        "53300",
        "remaining connection slots are reserved for roles with the SUPERUSER attribute",
    ),
}

PERMANENT = {
    "no such database": ("3D000", 'database "chatwoot" does not exist'),
    "no such role": ("28000", 'role "u" does not exist'),
    "wrong password": ("28P01", 'password authentication failed for user "u"'),
    "not admitted": ("28000", 'no pg_hba.conf entry for host "1.2.3.4", user "u", database "d", no encryption'),
    "may not connect": ("42501", 'permission denied for database "chatwoot"'),
}


@BOTH_DRIVERS
@pytest.mark.parametrize(("state", "message"), TRANSIENT.values(), ids=TRANSIENT.keys())
def test_server_that_is_not_ready_is_a_transient_error(driver: str, state: str, message: str) -> None:
    with _refusing("FATAL", state, message) as url:
        error = _error(url, driver)
    assert message in str(error)
    assert error.transient


@BOTH_DRIVERS
@pytest.mark.parametrize(("state", "message"), PERMANENT.values(), ids=PERMANENT.keys())
def test_server_that_rejects_us_is_a_permanent_error(driver: str, state: str, message: str) -> None:
    with _refusing("FATAL", state, message) as url:
        error = _error(url, driver)
    assert message in str(error)
    assert not error.transient


@BOTH_DRIVERS
@pytest.mark.parametrize("host", ["nobody", "the-database", "role-of-primary"])
def test_server_that_does_not_run_is_a_transient_error(driver: str, host: str, tmp_path: Path) -> None:
    error = _error(f"postgresql://postgres@/chatwoot?host={quote(str(tmp_path / host), safe='')}", driver)
    assert error.transient
    assert "check host and port" in str(error)


@BOTH_DRIVERS
def test_role_without_free_connections_is_a_transient_error(postgres: Postgres, driver: str) -> None:
    url = postgres.new_database()
    with psycopg.connect(url) as connection:
        connection.execute(f"CREATE ROLE busy_{driver} LOGIN CONNECTION LIMIT 0".encode())
    error = _error(url.replace("postgres@", f"busy_{driver}@"), driver)
    assert "too many connections for role" in str(error)
    assert error.transient


@BOTH_DRIVERS
def test_missing_database_is_a_permanent_error(postgres: Postgres, driver: str) -> None:
    url = postgres.new_database()
    name = url.partition("@/")[2].partition("?")[0]
    error = _error(url.replace(f"/{name}?", f"/{name}_not_there?"), driver)
    assert not error.transient
    assert "check the database's name" in str(error)
