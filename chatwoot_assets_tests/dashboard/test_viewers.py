"""A viewer of one account sees nothing of another: PostgreSQL refuses its rows, whatever the page asks for."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.assistant import read_only_sql
from chatwoot_assets.dashboard import downloads
from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.dashboard.login import MAX_AGE_SECONDS, find_access
from chatwoot_assets.errors import SettingsError, UserError, WarehouseError
from chatwoot_assets.settings import Settings
from chatwoot_assets.viewer_rules import Access, parse_viewer_rules
from chatwoot_assets_tests.dashboard.conftest import clear_caches
from chatwoot_assets_tests.dashboard.opening import PAGES, PERIOD, Dashboard, assert_no_errors, everything, texts
from chatwoot_assets_tests.dashboard.viewers import LOGIN, VIEWERS, Restricted, as_viewer, restricted

NOW = 1_750_000_000


@pytest.fixture(scope="module")
def warehouse(sampled_url: str, psql: Path) -> Iterator[Restricted]:
    clear_caches()  # a database that is in use cannot be copied
    with restricted(sampled_url, psql, "viewers") as warehouse:
        yield warehouse


# The database


def test_every_table_of_an_account_shows_its_rows_only(warehouse: Restricted) -> None:
    tables = warehouse.read(
        "SELECT c.relname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND attname = 'account_id'"
        " AND has_any_column_privilege(c.oid, 'SELECT')",
        None,
    )
    assert len(tables) > 12
    for (table,) in tables:
        count = f"SELECT account_id, count(*) FROM {table} GROUP BY account_id ORDER BY account_id"  # noqa: S608
        everyone = warehouse.read(count, None, as_owner=True)
        for account in (1, 2):
            assert warehouse.read(count, str(account)) == [row for row in everyone if row[0] == account], table
        assert warehouse.read(count, "all") == everyone
        for nothing in (None, "", "999"):
            assert warehouse.read(count, nothing) == [], table


def test_everything_readable_has_an_account_or_a_policy(warehouse: Restricted) -> None:
    pool = ReadOnlyPool(lambda: warehouse.url, Access())
    assert pool.read(lambda connection: connection.execute("SELECT 1").fetchone()) == (1,)
    pool.close()


def test_owner_of_the_tables_is_refused_as_the_dashboards_role(warehouse: Restricted) -> None:
    pool = ReadOnlyPool(lambda: warehouse.owner_url, Access((1,)))
    with pytest.raises(WarehouseError, match="can read every account's rows of"):
        pool.read(lambda connection: connection.execute("SELECT 1").fetchone())


def test_table_without_policy_is_refused_once_it_is_readable(warehouse: Restricted) -> None:
    reader = sql.Identifier(_reader(warehouse))
    pool = ReadOnlyPool(lambda: warehouse.url, Access((1,)))
    with psycopg.connect(warehouse.owner_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE added_by_an_upgrade (account_id bigint)")
        try:
            pool.read(lambda session: session.execute("SELECT 1"))
            pool.close()
            connection.execute(sql.SQL("GRANT SELECT ON added_by_an_upgrade TO {}").format(reader))
            with pytest.raises(WarehouseError, match="rows of added_by_an_upgrade"):
                pool.read(lambda session: session.execute("SELECT 1"))
        finally:
            connection.execute("DROP TABLE added_by_an_upgrade")


def test_viewer_without_contents_reads_as_a_role_that_cannot(warehouse: Restricted) -> None:
    pool = ReadOnlyPool(lambda: warehouse.url, Access((1,), has_contents=False))
    assert pool.read(lambda session: session.execute("SELECT count(*) > 0 FROM conversation_facts").fetchone()) == (
        True,
    )
    for query in (b"SELECT content FROM messages", b"SELECT contact_name FROM conversas_analytics"):
        with pytest.raises(WarehouseError, match="permission denied"):
            pool.read(lambda session, query=query: session.execute(query))  # type: ignore[misc]  # a lambda
    assert pool.read(lambda session: session.execute("SELECT account_id FROM daily_summary LIMIT 1").fetchone())


def test_restriction_ends_with_its_transaction(warehouse: Restricted) -> None:
    pool = ReadOnlyPool(lambda: warehouse.url, Access(()))
    query = b"SELECT DISTINCT account_id FROM conversation_facts"
    for accounts in ((2,), (1,), ()):
        rows = pool.restricted_to(Access(accounts)).read(lambda session: session.execute(query).fetchall())
        assert rows == [(account,) for account in accounts]
    assert len(pool._idle) == 1  # one connection served all of them
    pool.close()


def test_assistant_sees_all_rows_or_is_refused(warehouse: Restricted) -> None:
    """A role of its own has the policy that hides nothing; the dashboard's role is restricted and gets no answer."""
    assistant = sql.Identifier("assistant_test_reader")
    facts = "SELECT account_id, count(*) FROM conversation_facts GROUP BY 1 ORDER BY 1"
    with psycopg.connect(warehouse.owner_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(assistant))
        try:
            connection.execute(sql.SQL("GRANT SELECT ON conversation_facts, daily_summary TO {}").format(assistant))
            url = warehouse.owner_url.replace("postgres@", "assistant_test_reader@", 1)
            expected = [list(row) for row in connection.execute(facts)]
            assert len(expected) == 3
            assert read_only_sql.run(lambda: url, facts)["rows"] == expected
            pool = ReadOnlyPool(lambda: url)
            assert [list(row) for row in pool.read(lambda session: session.execute(facts).fetchall())] == expected
            pool.close()
            with pytest.raises(UserError, match="row-level security"):
                read_only_sql.run(lambda: warehouse.url, facts)
            # A policy of somebody else hides rows from it.
            connection.execute(
                sql.SQL("CREATE POLICY other ON daily_summary AS RESTRICTIVE TO {} USING (false)").format(assistant)
            )
            with pytest.raises(UserError, match="row-level security"):
                read_only_sql.run(lambda: url, facts)
            connection.execute("DROP POLICY other ON daily_summary")
            connection.execute("DROP POLICY all_rows ON daily_summary")
            with pytest.raises(UserError, match="row-level security"):
                read_only_sql.run(lambda: url, facts)
        finally:
            connection.execute("DROP POLICY IF EXISTS other ON daily_summary")
            connection.execute("DROP POLICY IF EXISTS all_rows ON daily_summary")
            connection.execute("CREATE POLICY all_rows ON daily_summary USING (true)")
            connection.execute(sql.SQL("DROP OWNED BY {}").format(assistant))
            connection.execute(sql.SQL("DROP ROLE {}").format(assistant))


def _reader(warehouse: Restricted) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(warehouse.url)["user"])


# The pages


def _secrets_of(warehouse: Restricted, account: int) -> set[bytes]:
    """Return names and texts that only one account has."""
    query = (
        "SELECT contact_name, account_id FROM conversas_analytics WHERE length(contact_name) > 8"
        " UNION SELECT inbox_name, account_id FROM daily_summary"
        " UNION SELECT account_name, account_id FROM conversation_facts"
    )
    rows = warehouse.read(query, None, as_owner=True)
    others = {str(name) for name, owner in rows if owner != account}
    return {str(name).encode() for name, owner in rows if owner == account and name and str(name) not in others}


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_anything_of_another_account(warehouse: Restricted, viewed: Dashboard, page: str) -> None:
    for email, own, other in (("one@example.com", 1, 2), ("two@example.com", 2, 1)):
        as_viewer(viewed, email)
        # The URL asks for the other account, and the rows of an earlier viewer are cached.
        for url in ({}, {"accounts": str(other)}):
            app = viewed.open(page, **PERIOD, **url)
            if page == "data_health":
                assert [header.value for header in app.header] == ["Overview"]  # there is no such page
                continue
            assert_no_errors(app)
            sent = everything(app)
            assert [name for name in _secrets_of(warehouse, other) if name in sent] == []
            if page in ("overview", "conversations") and not url:
                assert [name for name in _secrets_of(warehouse, own) if name in sent]


def test_conversation_of_another_account_is_not_there(warehouse: Restricted, viewed: Dashboard) -> None:
    ((id_,),) = warehouse.read("SELECT min(id) FROM conversas_analytics WHERE account_id = 2", None, as_owner=True)
    as_viewer(viewed, "one@example.com")
    assert "is not in the loaded data" in texts(viewed.open("conversations", conversation=str(id_)))
    as_viewer(viewed, "two@example.com")
    assert "is not in the loaded data" not in texts(viewed.open("conversations", conversation=str(id_)))


def test_csv_holds_the_viewers_account_only(
    warehouse: Restricted, viewed: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    build = downloads.build_csv
    monkeypatch.setattr(
        downloads,
        "show_export_button",
        lambda page, dataset, _total, **values: files.append(build(page, dataset, **values)),
    )
    monkeypatch.setattr(
        "chatwoot_assets.dashboard.conversation_list.show_export_button", downloads.show_export_button, raising=False
    )
    monkeypatch.setattr(
        "chatwoot_assets.dashboard.pages.conversations.show_export_button", downloads.show_export_button, raising=False
    )
    as_viewer(viewed, "one@example.com")
    assert_no_errors(viewed.open("conversations", **PERIOD))
    (file,) = files
    assert [name for name in _secrets_of(warehouse, 1) if name in file]
    assert [name for name in _secrets_of(warehouse, 2) if name in file] == []


def test_viewer_without_contents_sees_no_conversations(viewed: Dashboard) -> None:
    as_viewer(viewed, "numbers@example.com")
    for page in (page for page in PAGES if page not in ("conversations", "data_health")):
        assert_no_errors(viewed.open(page, **PERIOD))
    app = viewed.open("conversations", **PERIOD)
    assert [header.value for header in app.header] == ["Overview"]  # there is no such page


@pytest.mark.parametrize(
    ("email", "claims"),
    [
        (None, {}),
        ("stranger@example.com", {}),
        ("one@example.com", {"email_verified": False}),
        ("one@example.com", {"iat": time.time() - MAX_AGE_SECONDS - 60}),
    ],
)
def test_nobody_without_a_rule_sees_a_number(viewed: Dashboard, email: str | None, claims: dict[str, object]) -> None:
    as_viewer(viewed, email, **claims)
    app = viewed.open(**PERIOD)
    assert [button.label for button in app.button] == (["Log out"] if email and "iat" not in claims else ["Log in"])
    assert not app.metric
    assert not app.get("vega_lite_chart")


# The rules


def test_address_precedes_groups_and_the_first_group_counts() -> None:
    rules = parse_viewer_rules(
        json.dumps(
            {
                "groups_claim": "roles",
                "emails": {"Ana@Example.com": {"accounts": [3, 1]}},
                "groups": {"b": {"accounts": [2], "teams": [9, 4], "contents": False}, "a": {"accounts": "all"}},
            }
        )
    )
    person = {"is_logged_in": True, "iat": NOW}
    cases: list[tuple[dict[str, object], Access | None]] = [
        ({"email": "ANA@example.com", "roles": ["a"]}, Access((1, 3))),
        ({"email": "bia@example.com", "roles": ["a", "b"]}, Access((2,), has_contents=False, teams=(4, 9))),
        ({"roles": "a"}, Access(None)),
        ({"roles": ["c", 7]}, None),
        ({"email": "ana@example.com", "email_verified": "false"}, None),
        ({"email": ["ana@example.com"]}, None),
        ({"email": "ana@example.com", "is_logged_in": False}, None),
        ({"email": "ana@example.com", "iat": "now"}, None),
    ]
    for claims, expected in cases:
        assert find_access({**person, **claims}, rules, NOW + 60) == expected, claims


@pytest.mark.parametrize(
    ("viewers", "reason"),
    [
        ("everybody", "accepted are a table"),
        ({"people": {}}, "unknown key people"),
        ({"emails": {"ana": {"accounts": [1]}}}, "accepted is an e-mail address"),
        (
            {"emails": {"ana@x.y": {}}},
            'accounts = null; accepted are lists of ids of accounts, such as [1, 2], and "all"',
        ),
        ({"emails": {"ana@x.y": {"accounts": []}}}, "emails.ana@x.y.accounts = []"),
        ({"emails": {"ana@x.y": {"accounts": "1"}}}, 'accounts = "1"'),
        ({"emails": {"ana@x.y": {"accounts": [0]}}}, "is the id of an account"),
        ({"emails": {"ana@x.y": {"accounts": [1], "agents": [2]}}}, "unknown key emails.ana@x.y.agents"),
        ({"emails": {"ana@x.y": {"teams": [2]}}}, "emails.ana@x.y.accounts = null"),
        ({"emails": {"ana@x.y": {"accounts": [1], "teams": []}}}, "emails.ana@x.y.teams = []; accepted are lists of"),
        ({"emails": {"ana@x.y": {"accounts": [1], "teams": "all"}}}, 'teams = "all"'),
        ({"emails": {"ana@x.y": {"accounts": [1], "teams": None}}}, "teams = null"),
        ({"emails": {"ana@x.y": {"accounts": [1], "teams": [0]}}}, "is the id of a team"),
        ({"emails": {"ana@x.y": {"accounts": [1], "contents": "no"}}}, "are true and false"),
        ({"emails": {"a@x.y": {"accounts": [1]}, "A@x.y": {"accounts": [2]}}}, "twice"),
        ({"groups": {"g": 1}}, "groups.g = 1"),
        ({"groups_claim": 7}, "is the name of a claim"),
    ],
)
def test_viewers_that_are_not_understood_are_refused_in_a_line(viewers: object, reason: str) -> None:
    text = viewers if isinstance(viewers, str) else json.dumps(viewers)
    with pytest.raises(SettingsError) as refused:
        Settings.from_values({**LOGIN, "VIEWERS": text})
    assert str(refused.value).startswith("VIEWERS ")
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", LOGIN)
def test_half_of_a_login_is_refused(name: str) -> None:
    login = {key: value for key, value in LOGIN.items() if key != name}
    with pytest.raises(SettingsError, match=f"{name} is not set although"):
        Settings.from_values(login)
    whole = Settings.from_values(LOGIN).login
    assert whole is not None
    assert list(whole.viewers.emails) == list(VIEWERS["emails"])
