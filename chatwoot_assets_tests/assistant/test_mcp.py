"""The Model Context Protocol server, asked by the SDK's own client: eighty questions, and what it must not tell."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from mcp import Client, StdioServerParameters, stdio_client
from psycopg import sql

from chatwoot_assets.assistant import definitions, read_only_sql
from chatwoot_assets.assistant.metrics import METRICS
from chatwoot_assets.assistant.server import require_token
from chatwoot_assets.bi.create import create_views, drop_views, grant
from chatwoot_assets.errors import UserError
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS
from chatwoot_assets_tests.assistant.questions import Question, pick, read_questions
from chatwoot_assets_tests.command_line import Workspace
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.dashboard.conftest import sampled  # noqa: F401  # a fixture
from chatwoot_assets_tests.project import Project

READER = "mcp_test_reader"
MARCH = {"first_day": "2025-03-01", "last_day": "2025-03-31"}
# What the role of sql/dashboard/role.sql can read with conversations=off, as far as the tools need it.
_GRANT = """
GRANT SELECT ON partition_state, daily_summary, daily_backlog, episode_follow_ups, {} TO {};
GRANT SELECT ({}) ON conversas_analytics TO {}
"""
# The same numbers by a query of its own.
_REFERENCES = {
    "new_conversations": "SELECT count(*) FROM conversas_analytics WHERE conversation_date BETWEEN {} AND {}",
    "ratings": "SELECT count(rating) FROM conversas_analytics WHERE conversation_date BETWEEN {} AND {}",
    "average_rating": "SELECT avg(rating)::float FROM conversas_analytics WHERE conversation_date BETWEEN {} AND {}",
    "replies": "SELECT count(*) FROM response_intervals WHERE ended_date BETWEEN {} AND {}",
    "response_time_average": "SELECT avg(seconds) FROM response_intervals WHERE ended_date BETWEEN {} AND {}",
    "resolutions": "SELECT sum(resolved)::int FROM daily_by_inbox WHERE event_date BETWEEN {} AND {}",
    "reopenings": "SELECT sum(reopened)::int FROM daily_by_inbox WHERE event_date BETWEEN {} AND {}",
    "messages_received": "SELECT sum(incoming_messages)::int FROM daily_by_inbox WHERE event_date BETWEEN {} AND {}",
    "messages_sent": "SELECT sum(outgoing_messages)::int FROM daily_by_inbox WHERE event_date BETWEEN {} AND {}",
    "episodes_started": "SELECT sum(episodes_started)::int FROM daily_by_inbox WHERE event_date BETWEEN {} AND {}",
    "episodes_resolved": "SELECT sum(episodes_resolved)::int FROM daily_by_inbox WHERE event_date BETWEEN {} AND {}",
}


@pytest.fixture(scope="module")
def reader(sampled: Project) -> Iterator[str]:  # noqa: F811  # the fixture
    """The URL of a role that may read numbers and nothing personal."""
    role = sql.Identifier(READER)
    tables = sql.SQL(", ").join(map(sql.Identifier, TABLES))
    impersonal = sql.SQL(", ").join(
        sql.Identifier(column.name) for column in CONVERSAS_ANALYTICS.values() if not column.personal
    )
    with psycopg.connect(sampled.target_url, autocommit=True) as connection:
        create_views(connection, "America/Sao_Paulo")
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
        connection.execute(sql.SQL(_GRANT).format(tables, role, impersonal, role))
        grant(connection, READER, personal=False)
        yield sampled.target_url.replace("postgres@", f"{READER}@", 1)
        connection.execute(sql.SQL("DROP OWNED BY {}").format(role))
        connection.execute(sql.SQL("DROP ROLE {}").format(role))
        drop_views(connection)


def ask(url: str, home: Path, questions: Callable[[Client], Coroutine[Any, Any, None]], *arguments: str) -> None:
    """Run the installed command, and ask it over standard input and output."""
    parameters = StdioServerParameters(
        command=str(Path(sys.executable).parent / "chatwoot-assets"),
        args=["mcp", *arguments],
        env={
            "ANALYTICS_DATABASE_URL": url,
            "REPORTING_TIMEZONE": "America/Sao_Paulo",
            "CHATWOOT_ASSETS_HOME": str(home),
            "HOME": str(home),
        },
        cwd=home,
    )

    async def session() -> None:
        async with Client(stdio_client(parameters)) as client:
            await questions(client)

    asyncio.run(session())


async def call(client: Client, tool: str, **arguments: Any) -> Any:  # noqa: ANN401  # any JSON
    result = await client.call_tool(tool, arguments)
    content: Any = result.content
    assert not result.is_error, content[0].text
    return json.loads(content[0].text)


async def refusal(client: Client, tool: str, **arguments: Any) -> str:  # noqa: ANN401  # any JSON
    result = await client.call_tool(tool, arguments)
    content: Any = result.content
    assert result.is_error, content[0].text
    return str(content[0].text)


def test_every_question_gets_its_answer(reader: str, sampled: Project, tmp_path: Path) -> None:  # noqa: F811
    questions = read_questions()
    assert len(questions) >= 80
    assert len({question["question"] for question in questions}) == len(questions)
    wrong: list[tuple[Question, Any]] = []

    async def all_questions(client: Client) -> None:
        for question in questions:
            answer = pick(await call(client, question["tool"], **question["arguments"]), question["at"])
            expected = question["answer"]
            if answer != (pytest.approx(expected) if isinstance(expected, (int, float)) else expected):
                wrong.append((question, answer))
        with psycopg.connect(sampled.target_url) as connection:
            for metric, query in _REFERENCES.items():
                statement = sql.SQL(query).format(*MARCH.values())
                (expected,) = connection.execute(statement).fetchone() or (None,)
                answer = (await call(client, "get_metric", metric=metric, **MARCH))["value"]
                assert answer == pytest.approx(expected), metric

    ask(reader, tmp_path, all_questions)
    assert wrong == []


def test_every_metric_answers_by_every_dimension(reader: str, tmp_path: Path) -> None:
    async def questions(client: Client) -> None:
        metrics = await call(client, "list_metrics")
        assert set(metrics) == set(METRICS)
        for name in ("new_conversations", "satisfaction", "replies", "resolutions", "contacts_served", "backlog_open",
                     "open_now", "messages_sent"):  # fmt: skip
            for dimension in metrics[name]["dimensions"]:
                week = {"first_day": "2025-03-24", "last_day": "2025-03-30"}
                answer = await call(client, "get_metric", metric=name, dimension=dimension, **week)
                assert answer["groups"], (name, dimension)
                if dimension in ("inbox", "day") and METRICS[name].unit == "count" and name not in (
                    "contacts_served", "backlog_open",
                ):  # fmt: skip
                    assert sum(group["value"] for group in answer["groups"]) == answer["value"], (name, dimension)

    ask(reader, tmp_path, questions)


def test_assistant_learns_nothing_personal(reader: str, tmp_path: Path) -> None:
    async def questions(client: Client) -> None:
        tools = {tool.name for tool in (await client.list_tools()).tools}
        assert tools == {"get_metric", "list_metrics", "list_names", "define", "describe_tables", "query_sql"}
        tables = await call(client, "describe_tables")
        assert {"bi.fact_wait", "episodes"} <= set(tables)
        assert not {"bi.dim_contact", "bi.message_content"} & set(tables)
        for statement in (
            "SELECT content FROM messages",
            "SELECT contact_name FROM conversas_analytics",
            "SELECT * FROM bi.dim_contact",
            "SELECT set_config('role', 'postgres', true), query_to_xml('SELECT content FROM messages', true, true, '')",
            "SELECT 1; SELECT content FROM messages",
            "SELECT 1) AS x; RESET ROLE; SELECT (1",
            "DELETE FROM episodes",
            "WITH gone AS (DELETE FROM episodes RETURNING 1) SELECT * FROM gone",
            "SELECT pg_read_file('/etc/passwd')",
            "COPY episodes TO STDOUT",
        ):
            assert await refusal(client, "query_sql", statement=statement)
        assert "timeout" in await refusal(client, "query_sql", statement="SELECT pg_sleep(60)")
        many = await call(client, "query_sql", statement="SELECT generate_series(1, 1000) AS n; ")
        assert (len(many["rows"]), many["is_complete"], many["columns"]) == (read_only_sql.MAX_ROWS, False, ["n"])

    ask(reader, tmp_path, questions)


def test_wrong_questions_are_answered_with_what_is_accepted(reader: str, tmp_path: Path) -> None:
    async def questions(client: Client) -> None:
        assert (await call(client, "list_names", kind="team"))["1"] == "vendas"
        assert "list_metrics" in await refusal(client, "get_metric", metric="happiness", **MARCH)
        metric = {"metric": "new_conversations"}
        assert "list_names" in await refusal(client, "get_metric", **metric, **MARCH, agent=["Nobody Known"])
        assert "may be several" in await refusal(client, "get_metric", **metric, **MARCH, inbox=["whatsapp"])
        assert "YYYY-MM-DD" in await refusal(client, "get_metric", **metric, first_day="março", last_day="abril")
        assert "snoozed" in await refusal(client, "get_metric", **metric, **MARCH, status=["closed"])
        assert "label" in await refusal(client, "get_metric", metric="backlog_open", **MARCH, label=["vip"])
        assert "can be split by" in await refusal(client, "get_metric", metric="open_now", **MARCH, dimension="day")
        assert "the sections are" in await refusal(client, "define", term="no such thing")
        assert "A contact waits" in json.dumps(await call(client, "define", term="wait"))

    ask(reader, tmp_path, questions)


def test_owner_gets_no_sql_and_personal_data_are_switched_on(
    sampled: Project,  # noqa: F811  # the fixture
    tmp_path: Path,
) -> None:
    async def without(client: Client) -> None:
        assert "query_sql" not in {tool.name for tool in (await client.list_tools()).tools}
        for arguments in ({"attribute": ["motivo=troca"]}, {"dimension": "attribute", "by_attribute": "motivo"}):
            assert "--personal" in await refusal(client, "get_metric", metric="replies", **MARCH, **arguments)
        assert "--personal" in await refusal(client, "list_names", kind="attribute")

    async def personal(client: Client) -> None:
        tools = {tool.name for tool in (await client.list_tools()).tools}
        assert "read_conversation" in tools
        assert "query_sql" not in tools  # this role is a superuser, who reads the server's files
        found = await call(client, "read_conversation", conversation_id=2)
        assert found["columns"] == ["created_at", "message_type", "sender_type", "private", "content"]
        assert found["rows"]
        march = {"metric": "new_conversations", **MARCH}
        reasons = await call(client, "get_metric", dimension="attribute", by_attribute="motivo", **march)
        assert {group["id"] for group in reasons["groups"]} > {"", "troca", "compra"}
        assert sum(group["value"] for group in reasons["groups"]) == reasons["value"]
        for group in reasons["groups"]:
            answer = await call(client, "get_metric", attribute=[f"conversation.motivo={group['id']}"], **march)
            assert answer["value"] == group["value"]
        assert "conversation.motivo=troca" in await call(client, "list_names", kind="attribute")
        assert "is not known" in await refusal(client, "get_metric", attribute=["cpf=1"], **march)
        assert "needs a value" in await refusal(client, "get_metric", attribute=["motivo"], **march)

    ask(sampled.target_url, tmp_path, without)
    ask(sampled.target_url, tmp_path, personal, "--personal")


def test_wrong_options_are_refused(postgres: Postgres, tmp_path: Path) -> None:
    workspace = Workspace.create(postgres, tmp_path, views=False)
    (tmp_path / "short").write_text("secret")
    for arguments, changes, advice in (
        (("--http", "127.0.0.1"), {}, "--token-file"),
        (("--http", "127.0.0.1", "--token-file", "none"), {}, "cannot be read"),
        (("--http", "127.0.0.1", "--token-file", "short"), {}, "at least 20"),
        (("--personal",), {"DASHBOARD_CONVERSATIONS": "off"}, "contradict"),
    ):
        assert advice in workspace.refusal("mcp", *arguments, code=2, **changes)


def test_http_answers_only_with_the_token() -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401  # ASGI's arguments
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"numbers"})

    async def statuses() -> list[int]:
        transport = httpx.ASGITransport(require_token(app, "t" * 20))
        async with httpx.AsyncClient(transport=transport, base_url="http://local") as client:
            tokens = [None, "Bearer " + "u" * 20, "t" * 20, "Bearer " + "t" * 20]
            headers = [{"authorization": token} if token else {} for token in tokens]
            return [(await client.post("/mcp", headers=header)).status_code for header in headers]

    assert asyncio.run(statuses()) == [401, 401, 401, 200]


def test_error_of_a_query_is_one_line(reader: str) -> None:
    with pytest.raises(UserError) as error:
        read_only_sql.run(lambda: reader, "SELECT nothing\nFROM nowhere")
    assert "\n" not in str(error.value)
    assert read_only_sql.read_rights(lambda: reader) == read_only_sql.Rights(is_powerful=False, reads_personal=False)


def test_definitions_are_those_of_the_documentation() -> None:
    assert len(definitions.sections()) > 10
    assert list(definitions.find("What Chatwoot cannot tell")) == ["What Chatwoot cannot tell"]
    assert any("EPISODE_GAP_HOURS" in text for text in definitions.find("EPISODE_GAP_HOURS").values())
