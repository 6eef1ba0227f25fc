"""The Model Context Protocol server: a few tools that answer with the dashboard's numbers.

Names of contacts and contents of messages are not among them unless `personal` is on.
"""

from __future__ import annotations

import datetime
import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import replace
from typing import Any, Literal

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations

from chatwoot_assets.assistant import attributes, definitions, read_only_sql
from chatwoot_assets.assistant.access import Access
from chatwoot_assets.assistant.metrics import ATTRIBUTE, METRICS
from chatwoot_assets.assistant.numbers import Numbers
from chatwoot_assets.bi.views import VIEWS
from chatwoot_assets.dashboard.filters import STATUSES, Filters, Period
from chatwoot_assets.errors import SettingsError, UserError
from chatwoot_assets.metrics.columns import TABLES

_LISTS = {"account": "accounts", "inbox": "inboxes", "agent": "agents", "team": "teams", "label": "labels"}
_NONE = ("0", "none", "nobody", "ninguém", "nenhum", "nenhuma")
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_Dimension = Literal[
    "day", "week", "month", "weekday", "hour", "inbox", "agent", "team", "label", "attribute", "status", "rating"
]
_INSTRUCTIONS = """\
Numbers of a support team that works with Chatwoot, computed as its dashboard computes them. Use get_metric for numbers;
list_metrics names the metrics, what each counts and by what it can be split. An episode (atendimento) is a stretch of
service inside a conversation that may never end. Durations are in seconds; days are in the time zone {zone}; today is
{today}. What agents did, such as replies, resolutions and ratings, counts for the agent who did it; conversations,
reopenings and the backlog count for the agent assigned now. Explain a number with define, never from memory.
"""


def build_server(access: Access, version: str) -> MCPServer[Any]:
    """Return the server with its tools."""
    today = datetime.datetime.now(access.zone).date()
    server: MCPServer[Any] = MCPServer(
        "chatwoot_assets",
        instructions=_INSTRUCTIONS.format(zone=access.zone, today=today),
        version=version,
        log_level="WARNING",
    )
    _add_numbers(server, access)
    _add_definitions(server)
    if access.sql:
        _add_sql(server, access)
    if access.personal:
        _add_transcript(server, access)
    return server


def _add_numbers(server: MCPServer[Any], access: Access) -> None:
    @server.tool(annotations=_READS)
    def get_metric(
        metric: str,
        first_day: str,
        last_day: str,
        dimension: _Dimension | None = None,
        account: list[str] | None = None,
        inbox: list[str] | None = None,
        agent: list[str] | None = None,
        team: list[str] | None = None,
        label: list[str] | None = None,
        status: list[str] | None = None,
        attribute: list[str] | None = None,
        by_attribute: str | None = None,
        business_hours: bool = False,
        compare: Literal["previous", "year"] | None = None,
    ) -> dict[str, Any]:
        """Return a metric for a period, in all or by a dimension.

        Args:
            metric: A name from list_metrics, such as new_conversations.
            first_day: The first day, YYYY-MM-DD.
            last_day: The last day, YYYY-MM-DD, included.
            dimension: By what to split it.
            account: Names or ids of accounts.
            inbox: Names or ids of inboxes (channels).
            agent: Names or ids of agents; "none" for nobody.
            team: Names or ids of teams; "none" for no team.
            label: Labels; a conversation matches if it has any of them.
            status: open, pending, snoozed or resolved, as of now.
            attribute: Custom attributes with a value, such as motivo=troca; motivo= for no value.
            by_attribute: The attribute of the dimension attribute, such as motivo.
            business_hours: Count durations within business hours only.
            compare: Also the period of the same length before, or the same weeks a year before.
        """
        with _answering():
            lists = {"account": account, "inbox": inbox, "agent": agent, "team": team, "label": label}
            filters = _filters(access.numbers, first_day, last_day, lists, status or [], business_hours=business_hours)
            selected, group = attributes.select(access, attribute or [], dimension, by_attribute)
            return _answer(access.numbers, metric, dimension, replace(filters, attributes=selected), compare, group)

    @server.tool(annotations=_READS)
    def list_metrics() -> dict[str, dict[str, Any]]:
        """Return all metrics: what each counts, its unit, and the dimensions by which it can be split."""
        return {
            name: {
                "meaning": metric.meaning,
                "unit": metric.unit,
                "dimensions": [name for name in metric.dimensions if access.personal or name != ATTRIBUTE],
            }
            for name, metric in METRICS.items()
        }

    @server.tool(annotations=_READS)
    def list_names(kind: Literal["account", "inbox", "agent", "team", "label", "attribute"]) -> dict[str, str]:
        """Return the names of accounts, inboxes, agents, teams or labels by their ids, or attributes' values."""
        with _answering():
            if kind == ATTRIBUTE:
                return attributes.names(access)
            return {str(key): name for key, name in access.numbers.options()[_LISTS[kind]].items()}


def _add_definitions(server: MCPServer[Any]) -> None:
    @server.tool(annotations=_READS)
    def define(term: str) -> dict[str, str]:
        """Return the exact definition of a term, column or number, from the documentation.

        Args:
            term: Such as wait, episode, backlog, first_response_seconds or Chatwoot's own report.
        """
        if not (found := definitions.find(term)):
            raise ToolError(f"nothing is defined under {term!r}; the sections are: {', '.join(definitions.sections())}")
        return found


def _add_sql(server: MCPServer[Any], access: Access) -> None:
    @server.tool(annotations=_READS)
    def describe_tables() -> dict[str, dict[str, str]]:
        """Return the tables and views that query_sql can read, each column with its meaning."""
        described = {
            f"bi.{view.name}": {column.name: column.en for column in view.columns}
            for view in VIEWS
            if access.personal or not view.personal
        }
        tables = {
            name: {key: column.description for key, column in columns.items()} for name, columns in TABLES.items()
        }
        return {**described, **tables}

    @server.tool(annotations=_READS)
    def query_sql(statement: str) -> dict[str, Any]:
        """Run one SELECT in PostgreSQL, for questions that no metric answers.

        It may read up to 200 rows within 10 seconds.

        Args:
            statement: The query, on the tables that describe_tables names.
        """
        with _answering():
            return read_only_sql.run(access.url, statement)


def _add_transcript(server: MCPServer[Any], access: Access) -> None:
    @server.tool(annotations=_READS)
    def read_conversation(conversation_id: int) -> dict[str, Any]:
        """Return a conversation's last 200 messages, with names: personal data.

        Args:
            conversation_id: Chatwoot's id of the conversation.
        """
        with _answering():
            columns = "created_at, message_type, sender_type, private, left(content, 2000) AS content"
            found = read_only_sql.run(
                access.url,
                f"SELECT {columns} FROM messages WHERE conversation_id = {int(conversation_id)}"  # noqa: S608  # a number
                " ORDER BY created_at DESC NULLS LAST, id DESC LIMIT 200",
            )
            return {**found, "rows": found["rows"][::-1]}


class _answering:  # it reads as a verb
    """Turn a UserError into the tool's error, which the assistant reads."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, UserError):
            raise ToolError(str(error)) from None


def _answer(
    numbers: Numbers,
    metric: str,
    dimension: str | None,
    filters: Filters,
    compare: str | None,
    attribute: tuple[str, str] | None,
) -> dict[str, Any]:
    period = filters.custom
    assert period is not None
    answer: dict[str, Any] = {
        "metric": metric,
        "unit": METRICS[metric].unit if metric in METRICS else None,
        "from": str(period.first),
        "to": str(period.last),
        "value": numbers.value(metric, filters),
    }
    if dimension:
        answer["groups"] = [
            {"id": group.id, "name": group.name, "value": group.value}
            for group in numbers.groups(metric, dimension, filters, attribute)
        ]
    if compare:
        before = period.compared(compare)
        earlier = numbers.value(metric, replace(filters, custom=before))
        answer["compared"] = {"from": str(before.first), "to": str(before.last), "value": earlier}
        if answer["value"] is not None and earlier:
            answer["compared"]["change"] = answer["value"] / earlier - 1
    return answer


def _filters(
    numbers: Numbers,
    first_day: str,
    last_day: str,
    lists: dict[str, list[str] | None],
    statuses: list[str],
    *,
    business_hours: bool,
) -> Filters:
    """Return filters, with names replaced by their ids.

    Raises:
        SettingsError: A day or a name is not known.
    """
    try:
        period = Period(datetime.date.fromisoformat(first_day), datetime.date.fromisoformat(last_day))
    except ValueError:
        raise SettingsError("first_day and last_day must be dates, YYYY-MM-DD") from None
    if not 1 <= period.days <= 3_660:
        raise SettingsError("last_day must not be before first_day, nor more than ten years after it")
    if unknown := set(statuses) - set(STATUSES):
        raise SettingsError(f"there is no status {', '.join(sorted(unknown))}; there are: {', '.join(STATUSES)}")
    values: dict[str, Any] = {}
    if any(lists.values()):
        options = numbers.options()
        for kind, names in lists.items():
            values[_LISTS[kind]] = tuple(_id_of(kind, name, options[_LISTS[kind]]) for name in names or ())
    return Filters(preset=None, custom=period, statuses=tuple(statuses), business_hours=business_hours, **values)


def _id_of(kind: str, name: str, options: dict[Any, str]) -> int | str:
    text = name.strip().casefold()
    if kind in ("agent", "team") and text in _NONE:
        return 0
    exact: list[Any] = [key for key, option in options.items() if text in (str(key).casefold(), option.casefold())]
    found = exact or [key for key, option in options.items() if text in option.casefold()]
    if len(found) == 1:
        key: int | str = found[0]
        return key
    if not found:
        raise SettingsError(f"there is no {kind} {name!r}; list_names names them")
    raise SettingsError(f"{kind} {name!r} may be several: {', '.join(f'{options[key]} ({key})' for key in found[:10])}")


_Scope = MutableMapping[str, Any]
_App = Callable[[_Scope, Any, Any], Awaitable[None]]


def require_token(app: _App, token: str) -> _App:
    """Return an ASGI application that answers only to requests with a bearer token."""
    expected = f"Bearer {token}".encode()

    async def guarded(scope: _Scope, receive: Any, send: Any) -> None:  # noqa: ANN401  # ASGI's callables
        if scope["type"] == "http":
            given = dict(scope["headers"]).get(b"authorization", b"")
            if not hmac.compare_digest(given, expected):
                headers = [(b"www-authenticate", b"Bearer"), (b"content-length", b"0")]
                await send({"type": "http.response.start", "status": 401, "headers": headers})
                await send({"type": "http.response.body", "body": b""})
                return
        await app(scope, receive, send)

    return guarded
