"""Calls on the page of agents equal those of Chatwoot's table; without any there is no section."""

from __future__ import annotations

import psycopg
import pytest

from chatwoot_assets_tests.dashboard.opening import PERIOD, Dashboard, assert_no_errors
from chatwoot_assets_tests.project import Project

_OF_CHATWOOT = """
    SELECT
        count(*),
        count(*) FILTER (WHERE direction = 0),
        count(*) FILTER (WHERE direction = 1),
        count(*) FILTER (WHERE status IN ('completed', 'in_progress')),
        count(*) FILTER (WHERE status IN ('no_answer', 'failed', 'rejected'))
    FROM calls
    WHERE (created_at AT TIME ZONE 'UTC' AT TIME ZONE 'America/Sao_Paulo')::date BETWEEN %(from)s AND %(to)s
    GROUP BY coalesce(accepted_by_agent_id, 0)
"""
_COUNTS = ["calls", "incoming_calls", "outgoing_calls", "answered_calls", "missed_calls"]


@pytest.mark.parametrize(("language", "heading"), [("en", "Calls"), ("pt", "Chamadas")])
def test_calls_by_agent_equal_chatwoots_table(
    dashboard: Dashboard, sampled: Project, language: str, heading: str
) -> None:
    with psycopg.connect(sampled.source_url) as source:
        expected = sorted(map(list, source.execute(_OF_CHATWOOT, PERIOD).fetchall()))
    app = dashboard.open("agents", language, **PERIOD)
    assert_no_errors(app)
    assert heading in [subheader.value for subheader in app.subheader]
    table = app.dataframe[1].value
    total, *agents = table[_COUNTS].astype(int).to_numpy().tolist()
    assert len(expected) > 2
    assert sorted(agents) == expected
    assert total == [sum(column) for column in zip(*expected, strict=True)]
    assert table["call_seconds"][0] == pytest.approx(table["average_call_seconds"][0] * total[3])


def test_no_calls_draw_no_section(dashboard: Dashboard) -> None:
    app = dashboard.open("agents", **{"from": "2025-02-20", "to": "2025-02-20", "inbox": "1", "label": "none-such"})
    assert "Calls" not in [subheader.value for subheader in app.subheader]
