"""Names of contacts and contents of messages are shown on the pages for them, if allowed, and nowhere else."""

from __future__ import annotations

import datetime
import re
import subprocess
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.columns import Columns
from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.dashboard.queries import cached_rows
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.postgres_embedded.process import binaries
from chatwoot_assets.sql_files import sql_path
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.dashboard.conftest import clear_caches
from chatwoot_assets_tests.dashboard.opening import (
    PAGES,
    PERIOD,
    PERSONAL_PAGES,
    Dashboard,
    Row,
    assert_no_errors,
    everything,
    texts,
)
from chatwoot_assets_tests.project import Project

READER = "dashboard_test_reader"
DAY = "2025-03-20"
# What a contact may choose as its name and write, on every page that shows it.
NASTY = '<img src=x onerror="alert(1)"> ![x](http://example.com/x.png) [y](javascript:alert(1)) =1+1 {0} $x$ :smile:'


def _personal(rows: list[Row]) -> set[str]:
    """Return the personal data in the rows: names (not of agents), phones, addresses and contents."""
    agents = {part for row in rows for part in (row["assignee_name"] or "").split()}
    names = {
        row["contact_name"] for row in rows
        if row["contact_name"] and not set(row["contact_name"].split()) <= agents and len(row["contact_name"]) > 8
    }  # fmt: skip
    # Every other personal text of the table; names are above, messages below.
    texts = {column.name for column in CONVERSAS_ANALYTICS.values() if column.personal and column.type == "text"}
    others = {row[key] for row in rows for key in texts - {"contact_name"} if row[key]}
    contents = {
        message["content"] for row in rows for message in row["message_compiled"]
        if message["content"] and len(message["content"]) > 20
    }  # fmt: skip
    return names | others | contents


def _find_in(personal: set[str], sent: bytes) -> set[str]:
    return {text for text in personal if text.encode() in sent}


@pytest.mark.parametrize(
    ("table", "columns"), [("conversas_analytics", CONVERSAS_ANALYTICS), ("ratings", TABLES["ratings"])]
)
def test_role_without_conversations_may_read_nothing_personal(table: str, columns: Columns) -> None:
    script = sql_path("dashboard", "grants.sql").read_text(encoding="utf-8")
    (granted,) = re.findall(rf"GRANT SELECT \(([^()]*)\) ON {table}", script)
    expected = [column.name for column in columns.values() if not column.personal]
    assert [name.strip() for name in granted.split(",")] == expected


@pytest.mark.parametrize("page", [page for page in PAGES if page not in PERSONAL_PAGES])
def test_page_of_numbers_holds_nothing_personal(dashboard: Dashboard, rows: list[Row], page: str) -> None:
    personal = _personal(rows)
    assert len(personal) > 1_000
    assert _find_in(personal, everything(dashboard.open(page, **PERIOD))) == set()


def test_satisfaction_page_holds_comments_and_no_names(dashboard: Dashboard, rows: list[Row]) -> None:
    comments = {row["feedback_message"] for row in rows}
    shown = _find_in(_personal(rows), everything(dashboard.open("satisfaction", **PERIOD)))
    assert shown
    assert shown <= comments


@pytest.mark.parametrize("page", PAGES)
def test_no_page_holds_personal_data_if_that_is_switched_off(dashboard: Dashboard, rows: list[Row], page: str) -> None:
    dashboard.set(DASHBOARD_CONVERSATIONS="off")
    app = dashboard.open(page, **PERIOD, conversation=str(rows[0]["id"]))
    assert_no_errors(app)
    assert _find_in(_personal(rows), everything(app)) == set()
    assert "Conversations" not in [element.value for element in app.header]


def test_personal_data_are_neither_cached_nor_in_the_url(
    dashboard: Dashboard, rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    queries: list[str] = []

    def record(pool: ReadOnlyPool, version: str, name: str, parameters: dict[str, object]) -> list[Row]:
        queries.append(name)
        return cached_rows(pool, version, name, parameters)

    monkeypatch.setattr("chatwoot_assets.dashboard.page_context.cached_rows", record)
    for page in PERSONAL_PAGES:
        app = dashboard.open(page, **PERIOD)
        assert_no_errors(app)
        assert app.query_params == {**PERIOD, "lang": "en"}
    row = next(row for row in rows if row["contact_name"] and row["t_messages"])
    app = dashboard.open("conversations", **PERIOD, conversation=str(row["id"]))
    assert app.query_params == {**PERIOD, "lang": "en", "conversation": str(row["id"])}
    assert set(queries) == {"satisfaction", "chatwoot_csat", "list_count"}


def test_conversation_is_shown_with_its_notes_and_deletions_marked(dashboard: Dashboard, rows: list[Row]) -> None:
    dashboard.set(CHATWOOT_URL="https://chat.example.com/")
    row = next(
        row for row in rows
        if any(message["private"] for message in row["message_compiled"])
        and any(message["deleted"] for message in row["message_compiled"])
        and row["contact_name"] and row["t_messages"] < 200
    )  # fmt: skip
    app = dashboard.open("conversations", conversation=str(row["id"]))
    assert_no_errors(app)
    page = everything(app).decode("utf-8", "replace")
    assert page.count('<div class="cw-message') == row["t_messages"]
    assert "private note" in page
    assert "deleted in Chatwoot" in page
    link = f"https://chat.example.com/app/accounts/{row['account_id']}/conversations/{row['display_id']}"
    assert link in page
    gone = dashboard.open("conversations", conversation="999999999")
    assert "is not in the loaded data" in texts(gone)


def test_text_by_contacts_and_agents_takes_effect_nowhere(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with project.writing() as writer:
        writer.contact(2, NASTY)
        writer.user(3, NASTY)
        writer.inbox(20, NASTY)
        writer.conversation(f"{DAY} 12:00", id=1, contact_id=2, inbox_id=20, assignee_id=3)
        for number in range(205):
            writer.message(1, f"{DAY} 12:01", NASTY, sender_id=2, id=number + 1)
        writer.rating(1, f"{DAY} 13:00", 5, feedback_message=NASTY)
    date = datetime.date.fromisoformat(DAY)
    project.load(date)
    dashboard = Dashboard(monkeypatch, project.target_url, date)
    for page in PAGES:
        app = dashboard.open(
            page, **{"from": DAY, "to": DAY}, **({"conversation": "1"} if page == "conversations" else {})
        )
        assert_no_errors(app)
        html = "".join(element.proto.body for element in app.get("html"))
        assert "<img" not in html
        for kind in (app.markdown, app.caption, app.subheader, app.header, app.info):
            assert NASTY not in [element.value for element in kind]
    assert "of 205 messages" in texts(dashboard.open("conversations", conversation="1"))


def test_contact_name_is_escaped_once_in_its_messages(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with project.writing() as writer:
        writer.contact(2, "Silva & Filhos")
        writer.conversation(f"{DAY} 12:00", id=1, contact_id=2)
        writer.message(1, f"{DAY} 12:01", "Bom dia", sender_id=2, id=1)
    date = datetime.date.fromisoformat(DAY)
    project.load(date)
    app = Dashboard(monkeypatch, project.target_url, date).open("conversations", conversation="1")
    html = "".join(element.proto.body for element in app.get("html"))
    assert re.findall(r"<span>(Silva .*?)</span>", html) == ["Silva &amp; Filhos"]


@pytest.mark.parametrize("conversations", ["on", "off"])
def test_read_only_role_is_sufficient_for_every_page(
    sampled: Project, postgres: Postgres, monkeypatch: pytest.MonkeyPatch, conversations: str
) -> None:
    psql = binaries(postgres.server.directory) / "psql"
    if not psql.exists():
        pytest.skip("the embedded PostgreSQL has no psql")
    try:
        for script in ("role.sql", "grants.sql") * 2:
            _run_script(psql, sampled.target_url, script, conversations)
        url = sampled.target_url.replace("postgres@", f"{READER}@", 1)
        dashboard = Dashboard(monkeypatch, url)
        dashboard.set(DASHBOARD_CONVERSATIONS=conversations)
        for page in PAGES:
            assert_no_errors(dashboard.open(page, **PERIOD))
        # A role without the right leaves out what needs it, also if the setting says otherwise.
        dashboard.set(DASHBOARD_CONVERSATIONS="on")
        assert_no_errors(dashboard.open("overview", **PERIOD))
        with psycopg.connect(url) as connection, pytest.raises(psycopg.Error, match=r"read-only|permission"):
            connection.execute("DELETE FROM daily_summary")
        with psycopg.connect(url) as connection:
            connection.autocommit = True
            for query in (
                "SELECT contact_name FROM conversas_analytics LIMIT 1",
                "SELECT content FROM messages LIMIT 1",
                "SELECT review_notes FROM ratings LIMIT 1",
            ):
                if conversations == "on":
                    assert connection.execute(query.encode()).fetchone()
                else:
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        connection.execute(query.encode())
    finally:
        clear_caches()  # an idle session of the dropped role is denied what its successor of the same name may read
        with psycopg.connect(sampled.target_url) as connection:
            connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(READER)))
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(READER)))


def _run_script(psql: Path, url: str, script: str, conversations: str = "on") -> None:
    options = ["-X", "-q", "-d", url, f"--set=reader={READER}", f"--set=conversations={conversations}"]
    result = subprocess.run(
        [str(psql), *options, "-f", str(sql_path("dashboard", script))], capture_output=True, text=True, check=False
    )
    assert (result.returncode, re.sub(r".*NOTICE.*\n", "", result.stderr)) == (0, "")


@pytest.mark.parametrize("conversations", ["on", "off"])
def test_owner_of_the_tables_grants_without_creating_roles(postgres: Postgres, conversations: str) -> None:
    psql = binaries(postgres.server.directory) / "psql"
    if not psql.exists():
        pytest.skip("the embedded PostgreSQL has no psql")
    owner = f"owner_of_tables_{conversations}"
    url = postgres.new_database()
    _run_script(psql, url, "role.sql")
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(owner)))
        connection.execute(sql.SQL("GRANT CREATE ON SCHEMA public TO {}").format(sql.Identifier(owner)))
    owner_url = url.replace("postgres@", f"{owner}@", 1)
    try:
        migrate(Warehouse(url=owner_url))
        _run_script(psql, owner_url, "grants.sql", conversations)
        with psycopg.connect(owner_url) as connection:
            connection.execute("CREATE TABLE added_by_an_upgrade (contact_name text)")
            row = connection.execute(
                "SELECT has_table_privilege(%s, 'added_by_an_upgrade', 'SELECT')", [READER]
            ).fetchone()
        assert row == (conversations == "on",)
    finally:
        with psycopg.connect(url) as connection:
            for role in (READER, owner):
                connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(role)))
                connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def test_long_message_is_cut_until_the_viewer_wants_all_of_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with project.writing() as writer:
        writer.contact(2, "Bia")
        writer.conversation(f"{DAY} 12:00", id=1, contact_id=2)
        writer.message(1, f"{DAY} 12:01", "a" * 100_000 + "the end", sender_id=2, id=1)
    date = datetime.date.fromisoformat(DAY)
    project.load(date)
    app = Dashboard(monkeypatch, project.target_url, date).open("conversations", conversation="1")
    assert len(everything(app)) < 50_000
    assert b"the rest is not shown" in everything(app)
    app.toggle(key="whole_messages").set_value(True).run()
    assert_no_errors(app)
    assert b"the end" in everything(app)
    assert b"the rest is not shown" not in everything(app)
