"""A viewer of some teams sees nothing of another: PostgreSQL refuses its rows, whatever the page asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.dashboard import downloads
from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.errors import WarehouseError
from chatwoot_assets.viewer_rules import Access
from chatwoot_assets_tests.dashboard.conftest import clear_caches
from chatwoot_assets_tests.dashboard.opening import (
    PAGES,
    PERIOD,
    Dashboard,
    assert_no_errors,
    everything,
    metrics,
    texts,
)
from chatwoot_assets_tests.dashboard.viewers import READER, Restricted, as_viewer, restricted

# Sums over all teams, and campaigns, which belong to no team: a viewer of some teams sees no row of them.
WITHOUT_TEAM = {
    "daily_summary", "daily_by_agent", "daily_by_inbox", "daily_by_label", "campaigns", "campaign_deliveries",
}  # fmt: skip
OTHER_TEAM = {"team": "2"}
# The sample has none.
ADD_TARGETS = """
INSERT INTO targets
SELECT
    conversation_id, 'resolution', 1, conversation_date, account_id, inbox_id, team_id, assignee_id, created_at,
    conversation_date, created_at, conversation_date, 60, 'calendar', created_at, created_at, TRUE, status, labels
FROM conversation_facts
"""


@pytest.fixture(scope="module")
def warehouse(sampled_url: str, psql: Path) -> Iterator[Restricted]:
    clear_caches()  # a database that is in use cannot be copied
    with restricted(sampled_url, psql, "team_viewers") as warehouse:
        with psycopg.connect(warehouse.owner_url) as connection:
            connection.execute(ADD_TARGETS)
        yield warehouse


def test_every_table_shows_the_rows_of_the_team_only(warehouse: Restricted) -> None:
    tables = warehouse.read(
        "SELECT c.relname, array_agg(attname::text) FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND has_any_column_privilege(c.oid, 'SELECT')"
        " GROUP BY c.oid HAVING 'account_id' = ANY (array_agg(attname))",
        None,
    )
    names = {str(name) for name, _ in tables}
    assert names >= WITHOUT_TEAM | {"messages", "ratings", "targets", "episodes", "conversation_slas"}
    of_team = {
        name: "account_id = 1 AND team_id = 1"
        if "team_id" in columns  # type: ignore[operator]  # it is a list
        else "conversation_id IN (SELECT id FROM conversas_analytics WHERE account_id = 1 AND team_id = 1)"
        for name, columns in tables
        if name not in WITHOUT_TEAM
    }
    for table in names:
        rows = f"SELECT to_jsonb(t)::text FROM {table} AS t WHERE {{}} ORDER BY 1"  # noqa: S608
        expected = warehouse.read(rows.format(of_team.get(str(table), "false")), None, as_owner=True)
        assert bool(expected) == (table in of_team), table
        assert warehouse.read(rows.format("true"), "1", "1") == expected, table
        assert warehouse.read(rows.format("true"), "all", "1") == expected, table
        for accounts, teams in (("2", "1"), ("1", None), ("1", ""), ("1", "999"), (None, "1")):
            assert warehouse.read(rows.format("true"), accounts, teams) == [], table


def test_views_are_restricted_as_their_tables_are(warehouse: Restricted) -> None:
    for hidden in ("mvw_daily_summary", "inbox_bot"):
        query = f"SELECT count(*) FROM {hidden}"  # noqa: S608
        assert warehouse.read(query, "1") != [(0,)]
        assert warehouse.read(query, "1", "1") == [(0,)]
    query = "SELECT sum(open) FROM daily_backlog WHERE backlog_date = '2025-03-31'"
    opened = "SELECT sum(open) FROM backlog_changes WHERE account_id = 1 AND team_id = 1"
    assert warehouse.read(query, "1", "1") == warehouse.read(opened, None, as_owner=True)
    query = "SELECT DISTINCT account_id, team_id FROM target_states"
    assert warehouse.read(query, "1", "1") == [(1, 1)]


def test_role_whose_policies_hide_nothing_is_refused(warehouse: Restricted) -> None:
    """Only the policies of the dashboard's role restrict it; others have the policy that hides nothing."""
    other = sql.Identifier("team_test_other")
    with psycopg.connect(warehouse.owner_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(other))
        try:
            connection.execute(sql.SQL("GRANT SELECT ON conversation_facts TO {}").format(other))
            url = warehouse.owner_url.replace("postgres@", "team_test_other@", 1)
            with pytest.raises(WarehouseError, match="can read every account's rows of conversation_facts"):
                ReadOnlyPool(lambda: url, Access((1,))).read(lambda session: session.execute("SELECT 1"))
        finally:
            connection.execute(sql.SQL("DROP OWNED BY {}").format(other))
            connection.execute(sql.SQL("DROP ROLE {}").format(other))


def test_policies_of_an_earlier_version_are_refused(warehouse: Restricted) -> None:
    """They know no teams: a viewer of one would see the whole account."""
    policy = sql.Identifier(f"{READER}_accounts")
    change = sql.SQL("ALTER POLICY {} ON episodes USING ({})")
    pool = ReadOnlyPool(lambda: warehouse.url, Access((1,), teams=(1,)))
    with psycopg.connect(warehouse.owner_url, autocommit=True) as connection:
        condition = connection.execute(
            "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = 'episodes'::regclass"
            " AND NOT polpermissive"
        ).fetchone()
        assert condition is not None
        accounts_only = sql.SQL("account_id::text = current_setting('chatwoot_assets.accounts', true)")
        connection.execute(change.format(policy, accounts_only))
        try:
            with pytest.raises(WarehouseError, match=r"rows of episodes.*run again after each upgrade"):
                pool.read(lambda session: session.execute("SELECT 1"))
        finally:
            connection.execute(change.format(policy, sql.SQL(condition[0])))
    pool.read(lambda session: session.execute("SELECT 1"))
    pool.close()


def _secrets(warehouse: Restricted) -> tuple[set[bytes], set[bytes]]:
    """Return the names that only team 1 has, and those that only the others have."""
    rows = warehouse.read(
        "SELECT contact_name, account_id = 1 AND team_id IS NOT DISTINCT FROM 1 FROM conversas_analytics"
        " WHERE length(contact_name) > 8"
        " UNION SELECT team_name, account_id = 1 AND team_id IS NOT DISTINCT FROM 1 FROM conversation_facts"
        " WHERE team_name IS NOT NULL",
        None,
        as_owner=True,
    )
    own, others = ({str(name) for name, is_own in rows if is_own == wanted} for wanted in (True, False))
    return {name.encode() for name in own - others}, {
        name.encode() for name in others - own if not any(name in seen for seen in own)
    }


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_anything_of_another_team(warehouse: Restricted, viewed: Dashboard, page: str) -> None:
    own, others = _secrets(warehouse)
    assert own
    assert others
    # A viewer of the whole account fills the cache with the rows that the next one asks for.
    as_viewer(viewed, "one@example.com")
    viewed.open(page, **PERIOD, **OTHER_TEAM)
    as_viewer(viewed, "team@example.com")
    for url in ({}, OTHER_TEAM, {"team": "0"}):
        app = viewed.open(page, **PERIOD, **url)
        if page in ("data_health", "campaigns"):
            assert [header.value for header in app.header] == ["Overview"]  # there is no such page
            continue
        assert_no_errors(app)
        sent = everything(app)
        assert [name for name in others if name in sent] == []
        # A team that the viewer does not see does not exist, and what it selects is nothing.
        assert ("Nothing is shown" in texts(app)) == bool(url)
        if page in ("agents", "conversations") and not url:
            assert [name for name in own if name in sent]
    if page != "conversations":
        as_viewer(viewed, "team_numbers@example.com")
        assert_no_errors(viewed.open(page, **PERIOD))


@pytest.mark.parametrize("page", ["overview", "bots", "satisfaction"])
def test_numbers_are_those_of_the_filter_by_team(viewed: Dashboard, page: str) -> None:
    as_viewer(viewed, "one@example.com")
    expected = metrics(viewed.open(page, **PERIOD, team="1"))
    as_viewer(viewed, "team@example.com")
    seen = metrics(viewed.open(page, **PERIOD))
    # Contacts who came back to another team are not seen, and Chatwoot counts the surveys of all teams.
    differing = {label for label in expected if seen[label] != expected[label]}
    assert differing <= {"Came back within 7 days", "Resolved at first contact", "Response rate in Chatwoot"}
    assert seen.get("Response rate in Chatwoot", ("—", ""))[0] == "—"
    assert any(value not in ("—", "0") for value, _ in seen.values())


@pytest.mark.parametrize("page", ["channels", "bots", "satisfaction"])
def test_what_is_not_known_of_a_team_is_said(viewed: Dashboard, page: str) -> None:
    said = "not known for your teams"
    as_viewer(viewed, "team@example.com")
    assert said in texts(viewed.open(page, **PERIOD))
    as_viewer(viewed, "one@example.com")
    assert said not in texts(viewed.open(page, **PERIOD, team="1"))


def test_filters_offer_what_the_team_has(warehouse: Restricted, viewed: Dashboard) -> None:
    as_viewer(viewed, "team@example.com")
    app = viewed.open(**PERIOD)
    rows = warehouse.read(
        "SELECT DISTINCT inbox_id, assignee_id FROM conversas_analytics WHERE account_id = 1 AND team_id = 1",
        None,
        as_owner=True,
    )
    labels = warehouse.read(
        "SELECT DISTINCT unnest(labels) FROM conversation_facts WHERE account_id = 1 AND team_id = 1",
        None,
        as_owner=True,
    )
    options = {widget.key: widget.options for widget in app.multiselect}
    assert len(options["teams"]) == 1
    assert len(options["inboxes"]) == len({inbox for inbox, _ in rows})
    assert len(options["agents"]) == len({agent for _, agent in rows} | {None})  # and nobody
    assert sorted(options["labels"]) == sorted(str(label) for (label,) in labels)
    assert "accounts" not in options  # there is one
    # The teams of the viewer are no selection of the viewer.
    assert app.multiselect(key="teams").value == []
    assert "team" not in app.query_params
    assert [button.label for button in app.button if button.label.startswith("Teams:")] == []


def test_conversation_of_another_team_is_not_there(warehouse: Restricted, viewed: Dashboard) -> None:
    as_viewer(viewed, "team@example.com")
    for team, is_there in (("= 1", True), ("= 2", False), ("IS NULL", False)):
        query = f"SELECT min(id) FROM conversas_analytics WHERE account_id = 1 AND team_id {team}"  # noqa: S608
        ((id_,),) = warehouse.read(query, None, as_owner=True)
        app = viewed.open("conversations", conversation=str(id_))
        assert ("is not in the loaded data" not in texts(app)) == is_there


def test_csv_holds_the_viewers_team_only(
    warehouse: Restricted, viewed: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    monkeypatch.setattr(
        "chatwoot_assets.dashboard.conversation_list.show_export_button",
        lambda page, dataset, _total, **values: files.append(downloads.build_csv(page, dataset, **values)),
    )
    as_viewer(viewed, "team@example.com")
    assert_no_errors(viewed.open("conversations", **PERIOD))
    own, others = _secrets(warehouse)
    (file,) = files
    assert [name for name in own if name in file]
    assert [name for name in others if name in file] == []
