"""Questions about targets, which the sample has not: on a copy that has them, with answers of separate queries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from mcp import Client
from psycopg import sql

from chatwoot_assets_tests.assistant.test_mcp import MARCH, ask, call
from chatwoot_assets_tests.dashboard.conftest import sampled, targets_url  # noqa: F401  # fixtures

if TYPE_CHECKING:
    from typing_extensions import LiteralString

# Questions about targets, each with the metric that answers it and the targets that it counts.
_TARGET_QUESTIONS: tuple[tuple[str, dict[str, Any], LiteralString], ...] = (
    (
        "Que parte das primeiras respostas de março ficou dentro da meta?",
        {"metric": "first_response_target"}, "target = 'first_response'",
    ),
    (
        "E das outras respostas?",
        {"metric": "next_reply_target"}, "target = 'next_reply'",
    ),
    (
        "Quantas das respostas do Diego Mendes vieram no prazo?",
        {"metric": "next_reply_target", "agent": ["Diego Mendes"]},
        "target = 'next_reply'"
        " AND agent_id IN (SELECT assignee_id FROM conversas_analytics WHERE assignee_name = 'Diego Mendes')",
    ),
    (
        "Com que frequência a caixa Site da loja deu a primeira resposta a tempo?",
        {"metric": "first_response_target", "inbox": ["Site da loja"]},
        "target = 'first_response'"
        " AND inbox_id IN (SELECT inbox_id FROM conversas_analytics WHERE inbox_name = 'Site da loja')",
    ),
    (
        "E nas conversas com a etiqueta vip?",
        {"metric": "first_response_target", "label": ["vip"]}, "target = 'first_response' AND 'vip' = ANY (labels)",
    ),
)  # fmt: skip
_SHARE_IN_TIME = "SELECT avg(is_met::int)::float8 FROM targets WHERE ended_date BETWEEN {} AND {} AND {}"


def test_questions_about_targets_get_their_answers(targets_url: str, tmp_path: Path) -> None:  # noqa: F811
    async def questions(client: Client) -> None:
        with psycopg.connect(targets_url) as connection:
            for question, arguments, condition in _TARGET_QUESTIONS:
                query = sql.SQL(_SHARE_IN_TIME).format(*MARCH.values(), sql.SQL(condition))
                (expected,) = connection.execute(query).fetchone() or (None,)
                assert expected is not None
                answer = await call(client, "get_metric", **MARCH, **arguments)
                assert answer["value"] == pytest.approx(expected), question

    ask(targets_url, tmp_path, questions)
