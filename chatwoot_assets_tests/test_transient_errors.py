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
from psycopg import sql

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
def _refusing(severity: str, state: str, message: str, encoding: str = "utf-8") -> Iterator[str]:
    """Run a server that refuses every connection with a message of PostgreSQL's; yield its URL."""
    texts = [(b"S", severity), (b"C", state), (b"M", message)]
    fields = b"".join(code + text.encode(encoding) + b"\0" for code, text in texts)
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


# What servers with lc_messages = es_ES and pt_BR say, in UTF-8 or LATIN1.
IN_OTHER_LANGUAGES = {
    "password es": (
        "28P01",
        "la autentificación password falló para el usuario «u»",
        "check the user and the password",
    ),
    "password pt": ("28P01", 'autenticação do tipo senha falhou para usuário "u"', "check the user and the password"),
    "admission es": ("28000", "no hay una línea en pg_hba.conf para «1.2.3.4»", "pg_hba.conf"),
    "database es": ("3D000", "no existe la base de datos «chatwoot»", "check the database's name"),
    "role pt": ("28000", 'papel "u" não existe', "check the user in the URL"),
    "connect pt": ("42501", 'permissão negada para banco de dados "chatwoot"', "privilege CONNECT"),
    "starting es": ("57P03", "el sistema de base de datos está iniciándose", "the server is starting"),
    "full pt": ("53300", "desculpe, muitos clientes conectados", "no connection left"),
}


@BOTH_DRIVERS
@pytest.mark.parametrize("encoding", ["utf-8", "latin1"])
@pytest.mark.parametrize(("state", "message", "advice"), IN_OTHER_LANGUAGES.values(), ids=IN_OTHER_LANGUAGES.keys())
def test_advice_does_not_depend_on_the_servers_language(
    driver: str, encoding: str, state: str, message: str, advice: str
) -> None:
    with _refusing("FATAL", state, message, encoding) as url:
        error = _error(url, driver)
    assert advice in str(error)
    assert error.transient == (state in ("57P03", "53300"))
    if encoding == "utf-8":
        assert message in str(error)


@BOTH_DRIVERS
def test_server_of_something_else_is_told_from_one_that_is_silent(driver: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_answer_all, args=(server, b"HTTP/1.1 400 Bad Request\r\n\r\n"), daemon=True).start()
        url = f"postgresql://u@127.0.0.1:{server.getsockname()[1]}/chatwoot?sslmode=disable&gssencmode=disable"
        error = _error(url, driver)
        server.shutdown(socket.SHUT_RDWR)
    assert "not as PostgreSQL should" in str(error)


@BOTH_DRIVERS
def test_host_without_an_address_is_named_as_the_cause(driver: str) -> None:
    error = _error("postgresql://u@nowhere.invalid/chatwoot", driver)
    assert "check the host in the URL" in str(error)
    assert error.transient


@BOTH_DRIVERS
def test_conflict_with_a_standbys_recovery_names_its_settings(postgres: Postgres, driver: str) -> None:
    url = postgres.new_database()
    with psycopg.connect(url) as connection:
        connection.execute("""
            CREATE FUNCTION conflict() RETURNS int LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'cancelando instrução devido a conflito com a recuperação' USING ERRCODE = '40001';
            END $$
        """)
    with pytest.raises(SourceError, match=r"hot_standby_feedback.*max_standby_streaming_delay") as raised:
        _run(ChatwootDatabase(url=url), driver, sql.SQL("SELECT public.conflict()"))
    assert raised.value.transient


def _run(source: ChatwootDatabase, driver: str, query: sql.SQL) -> None:
    if driver == "psycopg":
        with source.transaction() as session:
            session.execute(query)
    else:
        with snapshot(source) as taken:
            taken.read(query)


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
