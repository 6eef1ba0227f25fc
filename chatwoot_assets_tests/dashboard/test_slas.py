"""The SLAs of Chatwoot on the overview: only where there are some, with the hit rate of Chatwoot's own report."""

from __future__ import annotations

import datetime

import pytest
from streamlit.testing.v1 import AppTest

from chatwoot_assets_tests.dashboard.opening import Dashboard, assert_no_errors
from chatwoot_assets_tests.project import Project

DAY = datetime.date(2025, 3, 20)
AT = f"{DAY} 15:00"
ACTIVE, HIT, MISSED, ACTIVE_WITH_MISSES = range(4)
_INSERT_POLICY = "INSERT INTO sla_policies (id, name, account_id, created_at, updated_at) VALUES (2, 'Ouro', 1, %s, %s)"
_INSERT_APPLIED = """
INSERT INTO applied_slas (id, account_id, sla_policy_id, conversation_id, sla_status, created_at, updated_at)
VALUES (%s, 1, %s, %s, %s, %s, %s)
"""
_INSERT_EVENT = """
INSERT INTO sla_events (
    applied_sla_id, conversation_id, account_id, sla_policy_id, inbox_id, event_type, created_at, updated_at
)
VALUES (%s, %s, 1, 2, 10, %s, %s, %s)
"""


def _open(project: Project, monkeypatch: pytest.MonkeyPatch, **parameters: str) -> AppTest:
    app = Dashboard(monkeypatch, project.target_url, DAY).open(**{"from": str(DAY), "to": str(DAY)}, **parameters)
    assert_no_errors(app)
    return app


def test_misses_name_the_account_where_there_are_several(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with project.writing() as writer:
        writer.account(2, "Fábrica")
        writer.inbox(20, "Vendas", account_id=2)
        missed, _ = writer.conversation(AT), writer.conversation(AT, account_id=2, inbox_id=20)
    with project.source() as connection:
        connection.execute(_INSERT_POLICY, [AT, AT])
        connection.execute(_INSERT_APPLIED, [1, 2, missed, MISSED, AT, AT])
    project.load(DAY)
    app = _open(project, monkeypatch)
    misses = next(frame.value for frame in app.dataframe if "next_response_misses" in frame.value)
    assert misses["account"].tolist() == ["Loja"]


def test_overview_shows_hit_rate_and_misses_of_each_policy(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    statuses = [ACTIVE, HIT, MISSED, ACTIVE_WITH_MISSES, HIT]
    with project.writing() as writer:
        ids = [writer.conversation(AT, assignee_id=5 if status == MISSED else None) for status in statuses]
        for id_ in ids:
            writer.message(id_, AT)
    with project.source() as connection:
        connection.execute(_INSERT_POLICY, [AT, AT])
        for number, (id_, status) in enumerate(zip(ids, statuses, strict=True), 1):
            # The last one's policy was deleted.
            policy = 2 if number < len(ids) else 7
            connection.execute(_INSERT_APPLIED, [number, policy, id_, status, AT, AT])
        for type_ in (0, 1, 1):
            connection.execute(_INSERT_EVENT, [3, ids[2], type_, AT, AT])
        connection.execute(_INSERT_EVENT, [4, ids[3], 2, AT, AT])
    project.load(DAY)
    app = _open(project, monkeypatch)
    assert "SLAs" in [element.value for element in app.subheader]
    policies = next(frame.value for frame in app.dataframe if "hit_rate" in frame.value)
    columns = ["policy", "applied", "missed", "running", "hit_rate"]
    assert policies[columns].to_numpy().tolist() == [
        ["Total", 5, 2, 2, 0.6], ["Ouro", 4, 2, 2, 0.5], ["Deleted policy", 1, 0, 0, 1.0]
    ]  # fmt: skip
    late = ["first_response_missed", "next_response_missed", "resolution_missed"]
    assert policies[late].to_numpy().tolist() == [[1, 1, 1], [1, 1, 1], [0, 0, 0]]
    misses = next(frame.value for frame in app.dataframe if "next_response_misses" in frame.value)
    assert misses["next_response_misses"].tolist() == [0, 2]
    assert [f"conversation={id_}&" in link for id_, link in zip(ids[3:1:-1], misses["link"], strict=True)] == [True] * 2
    assert "account" not in misses
    # By a filter that none of them has.
    assert all("hit_rate" not in frame.value for frame in _open(project, monkeypatch, status="pending").dataframe)
