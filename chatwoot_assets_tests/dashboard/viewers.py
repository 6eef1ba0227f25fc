"""A loaded warehouse of several accounts whose dashboard has a login, and what each account holds."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import streamlit as st
from psycopg import sql

from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.sql_files import sql_path
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets_tests.dashboard.opening import Dashboard

READER = "dashboard_test_viewer"
VIEWERS: dict[str, dict[str, object]] = {
    "emails": {
        "one@example.com": {"accounts": [1]},
        "two@example.com": {"accounts": [2]},
        "numbers@example.com": {"accounts": [1], "contents": False},
        "team@example.com": {"accounts": [1], "teams": [1]},
        "team_numbers@example.com": {"accounts": [1], "teams": [2], "contents": False},
    },
    "groups": {"directors": {"accounts": "all"}},
}
LOGIN = {
    "DASHBOARD_URL": "https://numbers.example.com",
    "OIDC_METADATA_URL": "https://login.example.com/.well-known/openid-configuration",
    "OIDC_CLIENT_ID": "dashboard",
    "OIDC_CLIENT_SECRET": "open-sesame",
    "VIEWERS": json.dumps(VIEWERS),
}


@dataclass(frozen=True)
class Restricted:
    """A warehouse with the policies of `sql/dashboard/viewers.sql`.

    Attributes:
        owner_url: The URL of the tables' owner.
        url: The URL of the dashboard's role.
    """

    owner_url: str
    url: str

    def read(
        self, query: str, accounts: str | None, teams: str | None = "all", *, as_owner: bool = False
    ) -> list[tuple[object, ...]]:
        """Return the rows of a query in a session that may see some accounts and teams."""
        with psycopg.connect(self.owner_url if as_owner else self.url) as connection:
            for name, value in (("accounts", accounts), ("teams", teams)):
                if value is not None:
                    connection.execute("SELECT set_config(%s, %s, true)", [f"chatwoot_assets.{name}", value])
            return connection.execute(query.encode()).fetchall()


@contextmanager
def restricted(loaded_url: str, psql: Path, name: str) -> Iterator[Restricted]:
    """Copy a loaded database and restrict the dashboard's role in it, until the block ends."""
    owner_url = re.sub(r"/[^/?]+(\?|$)", rf"/{name}\1", loaded_url, count=1)
    template = psycopg.conninfo.conninfo_to_dict(loaded_url)["dbname"]
    with psycopg.connect(re.sub(r"/[^/?]+(\?|$)", r"/postgres\1", loaded_url, count=1), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(str(template)))
        )
        try:
            for script, reader, conversations in (
                ("role.sql", READER, "on"),
                ("grants.sql", READER, "on"),
                ("role.sql", f"{READER}_no_contents", "off"),
                ("grants.sql", f"{READER}_no_contents", "off"),
                ("viewers.sql", READER, "on"),
                ("viewers.sql", READER, "on"),
            ):
                _run(psql, owner_url, script, reader, conversations)
            yield Restricted(owner_url, owner_url.replace("postgres@", f"{READER}@", 1))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            for role in (READER, f"{READER}_no_contents"):
                connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def as_viewer(dashboard: Dashboard, email: str | None, **claims: object) -> None:
    """Log somebody in: Streamlit's own test runner has no cookies."""
    person: dict[str, Any] = {"is_logged_in": email is not None, "email": email, "iat": time.time(), **claims}
    dashboard.monkeypatch.setattr(type(st.user), "to_dict", lambda _: person)


def copy_tables(source_url: str, target_url: str) -> None:
    """Copy all rows of a warehouse into an empty one, which may be on a server of another version."""
    migrate(Warehouse(url=target_url))
    with psycopg.connect(source_url) as source, psycopg.connect(target_url) as target:
        tables = source.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in tables:
            table = sql.Identifier(name)
            target.execute(sql.SQL("TRUNCATE {}").format(table))
            columns = sql.SQL(", ").join(
                sql.Identifier(column)
                for (column,) in source.execute(
                    "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                    " AND NOT attisdropped AND attgenerated = ''",
                    [name],
                )
            )
            read = sql.SQL("COPY {} ({}) TO STDOUT (FORMAT BINARY)").format(table, columns)
            write = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(table, columns)
            with source.cursor().copy(read) as rows, target.cursor().copy(write) as copy:
                for data in rows:
                    copy.write(data)
    with psycopg.connect(target_url, autocommit=True) as target:
        target.execute("ANALYZE")


def _run(psql: Path, url: str, script: str, reader: str, conversations: str) -> None:
    options = ["-X", "-q", "-d", url, f"--set=reader={reader}", f"--set=conversations={conversations}"]
    result = subprocess.run(
        [str(psql), *options, "-f", str(sql_path("dashboard", script))], capture_output=True, text=True, check=False
    )
    assert (result.returncode, re.sub(r".*NOTICE.*\n", "", result.stderr)) == (0, "")
