"""Privileges: each role with what its file and the operator's guide say, and no more."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.errors import SourceError
from chatwoot_assets.postgres_embedded.process import binaries
from chatwoot_assets.source.create import create_views, drop_views
from chatwoot_assets.source.tables import check_tables
from chatwoot_assets.source.views import VIEWS
from chatwoot_assets.sql_files import sql_path
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import create_chatwoot
from chatwoot_assets_tests.source.view_catalog import dependencies

if TYPE_CHECKING:
    from typing_extensions import LiteralString

SCHEMA = "chatwoot_analytics"
NAMES = [view.name for view in VIEWS]


@dataclass(frozen=True)
class Chatwoot:
    """A Chatwoot whose superuser, views' owner and reader are roles of their own; the reader does not exist yet."""

    url: str
    owner: str
    reader: str
    psql: Path

    def url_of(self, role: str) -> str:
        return self.url.replace("postgres@", f"{role}@", 1)

    def run(self, file: str, role: str = "postgres", **variables: str) -> subprocess.CompletedProcess[str]:
        options = [f"--set={name}={value}" for name, value in {"reader": self.reader, **variables}.items()]
        return subprocess.run(
            [str(self.psql), "-X", "-q", "-d", self.url_of(role), *options, "-f", str(sql_path("chatwoot", file))],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )

    def succeed(self, file: str, role: str = "postgres", **variables: str) -> None:
        done = self.run(file, role, **variables)
        assert (done.returncode, [line for line in done.stderr.splitlines() if "NOTICE" not in line]) == (0, [])

    def create_views(self, role: str | None = None) -> None:
        with psycopg.connect(self.url_of(role or self.owner)) as connection:
            check_tables(connection)
            create_views(connection, ViewOptions(SCHEMA, "UTC"))

    def drop_views(self, role: str | None = None) -> None:
        with psycopg.connect(self.url_of(role or self.owner)) as connection:
            drop_views(connection, SCHEMA)

    def execute(self, statement: LiteralString, *names: str) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def unreadable(self) -> list[str]:
        """Return the views that the reader cannot read."""
        with psycopg.connect(self.url) as connection:
            rows = connection.execute(
                "SELECT viewname FROM pg_views WHERE schemaname = %s"
                " AND NOT has_table_privilege(%s, format('%%I.%%I', schemaname, viewname), 'SELECT')",
                [SCHEMA, self.reader],
            )
            return [name for (name,) in rows]


@pytest.fixture
def chatwoot(postgres: Postgres) -> Chatwoot:
    psql = binaries(postgres.server.directory) / "psql"
    if not psql.exists():
        pytest.skip("the embedded PostgreSQL brings no psql")
    url = postgres.new_database()
    create_chatwoot(url)
    database = url.partition("@/")[2].partition("?")[0]
    chatwoot = Chatwoot(url, f"owner_of_{database}", f"reader_of_{database}", psql)
    chatwoot.execute("CREATE ROLE {0} LOGIN; CREATE SCHEMA chatwoot_analytics AUTHORIZATION {0}", chatwoot.owner)
    return chatwoot


@pytest.fixture
def deployed(chatwoot: Chatwoot) -> Chatwoot:
    """Views whose owner can read Chatwoot's tables, and a reader without any grant."""
    chatwoot.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}", chatwoot.owner)
    chatwoot.create_views()
    chatwoot.succeed("role.sql")
    return chatwoot


def test_the_owner_of_the_views_grants_them_without_the_right_to_create_roles(deployed: Chatwoot) -> None:
    assert len(deployed.unreadable()) == len(VIEWS)
    assert "permission denied" in deployed.run("role.sql", deployed.owner, reader="another").stderr
    deployed.succeed("grants.sql", deployed.owner)
    assert deployed.unreadable() == []


# Nobody but a superuser can set a superuser's default privileges.
@pytest.mark.parametrize(
    ("granted_by", "created_by"), [("owner", "owner"), ("postgres", "owner"), ("postgres", "postgres")]
)
def test_the_reader_keeps_its_rights_when_views_are_dropped_and_created(
    deployed: Chatwoot, granted_by: str, created_by: str
) -> None:
    roles = {"owner": deployed.owner, "postgres": "postgres"}
    deployed.succeed("grants.sql", roles[granted_by])
    deployed.drop_views()
    deployed.create_views(roles[created_by])
    assert deployed.unreadable() == []


def test_grants_that_a_dba_made_survive_a_change_that_drops_the_views(deployed: Chatwoot) -> None:
    with psycopg.connect(deployed.url_of(deployed.owner)) as connection:
        connection.execute("DROP VIEW chatwoot_analytics.vw_csat_base CASCADE")
        connection.execute("CREATE VIEW chatwoot_analytics.vw_csat_base AS SELECT 'older' AS conversation_id")
    deployed.execute("GRANT SELECT ON chatwoot_analytics.vw_csat_base TO {}", deployed.reader)
    deployed.execute("GRANT SELECT ON chatwoot_analytics.vw_teams TO PUBLIC")
    deployed.create_views()
    assert set(deployed.unreadable()) == set(NAMES) - {"vw_csat_base", "vw_teams"}


def test_grants_give_the_reader_nothing_but_the_views(deployed: Chatwoot) -> None:
    with psycopg.connect(deployed.url_of(deployed.owner)) as connection:
        connection.execute("CREATE TABLE chatwoot_analytics.mine (id int)")
    deployed.succeed("grants.sql")
    deployed.succeed("grants.sql", views_schema="public")
    deployed.execute("CREATE TABLE public.added_by_chatwoot (id int)")
    with psycopg.connect(deployed.url) as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v') AND relnamespace IN"
            " ('public'::regnamespace, 'chatwoot_analytics'::regnamespace) AND has_any_column_privilege(%s, oid, %s)",
            [deployed.reader, "SELECT"],
        ).fetchall()
    assert {name for (name,) in rows} == set(NAMES)


def _grant_columns(chatwoot: Chatwoot) -> None:
    """Grant the owner exactly the columns that the views read."""
    with psycopg.connect(chatwoot.url) as connection:
        create_views(connection, ViewOptions("probe", "UTC"))
        for table, columns in dependencies(connection, "probe").items():
            connection.execute(
                sql.SQL("GRANT SELECT ({}) ON public.{} TO {}").format(
                    sql.SQL(", ").join(map(sql.Identifier, sorted(columns))),
                    sql.Identifier(table),
                    sql.Identifier(chatwoot.owner),
                )
            )
        connection.execute("DROP SCHEMA probe CASCADE")


def test_the_columns_that_the_views_read_are_all_that_their_owner_needs(chatwoot: Chatwoot) -> None:
    _grant_columns(chatwoot)
    chatwoot.create_views()
    with psycopg.connect(chatwoot.url_of(chatwoot.owner)) as connection:
        for name in NAMES:
            connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(SCHEMA, name)))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT encrypted_password FROM users")


def test_columns_that_the_owner_cannot_read_are_named_and_nothing_is_created(chatwoot: Chatwoot) -> None:
    _grant_columns(chatwoot)
    chatwoot.execute("REVOKE SELECT (email) ON contacts FROM {}", chatwoot.owner)
    chatwoot.execute("REVOKE SELECT (xmin, content) ON messages FROM {}", chatwoot.owner)
    with pytest.raises(SourceError) as raised:
        chatwoot.create_views()
    line = str(raised.value)
    assert f"owner '{chatwoot.owner}' cannot read columns that they need: contacts (email); messages (" in line
    assert "content, xmin" in line
    assert "\n" not in line
    assert not raised.value.transient
    with psycopg.connect(chatwoot.url) as connection:
        assert connection.execute("SELECT FROM pg_views WHERE schemaname = %s", [SCHEMA]).fetchall() == []


def test_views_replaced_by_a_superuser_are_checked_for_their_owner(deployed: Chatwoot) -> None:
    deployed.execute("REVOKE SELECT ON teams FROM {}", deployed.owner)
    with pytest.raises(SourceError, match=r"cannot read columns that they need: teams \(account_id, id, name\)"):
        deployed.create_views("postgres")


def test_dropping_views_names_all_that_depends_on_them(deployed: Chatwoot) -> None:
    deployed.execute("CREATE SCHEMA reports")
    deployed.execute("CREATE VIEW reports.teams AS SELECT name FROM chatwoot_analytics.vw_teams")
    deployed.execute("CREATE MATERIALIZED VIEW reports.users AS SELECT name FROM chatwoot_analytics.vw_users")
    with pytest.raises(SourceError) as raised:
        deployed.drop_views()
    line = str(raised.value)
    for name in ("teams", "users"):
        assert f"reports.{name} depends on view chatwoot_analytics.vw_{name}" in line
    assert "\n" not in line
    deployed.execute("DROP SCHEMA reports CASCADE")
    deployed.drop_views()


def test_what_the_guide_lets_a_dba_revoke_is_then_refused(deployed: Chatwoot) -> None:
    deployed.succeed("grants.sql")
    writes = ("CREATE TEMPORARY TABLE mine (id int)", "SELECT lo_create(0)", "SELECT lo_from_bytea(0, '')")
    refused: dict[bool, list[str]] = {}
    for revoked in (False, True):
        if revoked:
            with psycopg.connect(deployed.url, autocommit=True) as connection:
                for statement in _revocations(connection.info.dbname):
                    connection.execute(statement)
        with psycopg.connect(deployed.url_of(deployed.reader), autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off; SET statement_timeout = 0")
            refused[revoked] = [write for write in writes if _is_refused(connection, write)]
    assert refused == {False: [], True: list(writes)}


def _is_refused(connection: psycopg.Connection, statement: LiteralString) -> bool:
    try:
        connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return True
    return False


def _revocations(database: str) -> list[bytes]:
    """Return the statements of the operator's guide, for this database."""
    guide = (Path(__file__).parent.parent.parent / "docs" / "operating.md").read_text(encoding="utf-8")
    lines = [line.strip() for line in guide.splitlines() if line.startswith("REVOKE ")]
    assert lines
    return [line.replace("chatwoot_production", f'"{database}"').encode() for line in lines]
