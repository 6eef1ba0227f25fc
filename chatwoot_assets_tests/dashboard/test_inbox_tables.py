"""Chatwoot's summary by channel and its inboxes by labels have the numbers of Chatwoot's own queries."""

from __future__ import annotations

from collections import Counter
from typing import Any

import psycopg
import pytest

from chatwoot_assets.dashboard import inbox_tables
from chatwoot_assets_tests.dashboard.opening import PERIOD, Dashboard, assert_no_errors, texts
from chatwoot_assets_tests.project import Project

_STATUSES = ("open", "resolved", "pending", "snoozed")  # by Chatwoot's code, 0 to 3
# Chatwoot leaves out the conversations of deleted inboxes, whose channel is unknown here.
_BY_CHANNEL = """
    SELECT i.channel_type, c.status, count(*)
    FROM conversations AS c
    LEFT JOIN inboxes AS i ON i.id = c.inbox_id
    WHERE (c.created_at AT TIME ZONE 'UTC' AT TIME ZONE 'America/Sao_Paulo')::date BETWEEN %(from)s AND %(to)s
    GROUP BY i.channel_type, c.status
"""
_BY_LABEL = """
    SELECT c.inbox_id, t.name, count(*)
    FROM taggings AS g
    INNER JOIN conversations AS c ON c.id = g.taggable_id
    INNER JOIN tags AS t ON t.id = g.tag_id
    WHERE
        g.taggable_type = 'Conversation' AND g.context = 'labels'
        AND (c.created_at AT TIME ZONE 'UTC' AT TIME ZONE 'America/Sao_Paulo')::date BETWEEN %(from)s AND %(to)s
    GROUP BY c.inbox_id, t.name
"""


def _count(project: Project, query: str) -> Counter[tuple[Any, ...]]:
    """Return the counts, the last column, by the other columns of a query of Chatwoot's database."""
    with psycopg.connect(project.source_url) as source:
        return Counter({row[:-1]: row[-1] for row in source.execute(query, PERIOD).fetchall()})


def test_channels_have_chatwoots_counts_by_status(dashboard: Dashboard, sampled: Project) -> None:
    counts = _count(sampled, _BY_CHANNEL)
    app = dashboard.open("channels", **PERIOD)
    assert_no_errors(app)
    table = app.dataframe[1].value
    numbers = [[counts[channel, code] for code in range(4)] for channel in {channel for channel, _ in counts}]
    expected = sorted([*row, sum(row)] for row in numbers)
    assert len(expected) > 2
    total, *shown = table[[*_STATUSES, "conversations"]].astype(int).to_numpy().tolist()
    assert sorted(shown) == expected
    assert total == [sum(column) for column in zip(*expected, strict=True)]


def test_inboxes_have_chatwoots_counts_by_label(
    dashboard: Dashboard, sampled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_tables, "_MAX_INBOXES", 1_000)
    monkeypatch.setattr(inbox_tables, "_MAX_LABELS", 1_000)
    counts = _count(sampled, _BY_LABEL)
    app = dashboard.open("channels", **PERIOD)
    app.session_state["channels_tab"] = "Labels"
    app.run()
    assert_no_errors(app)
    table = app.dataframe[1].value
    shown = Counter(int(n) for column in table.columns if column.startswith("label_") for n in table[column] if n)
    assert len(counts) > 10
    assert shown == Counter(counts.values())


@pytest.mark.parametrize(
    ("language", "tab", "words"),
    [
        ("en", "Labels", "Only the 2 inboxes with the most conversations are shown"),
        ("pt", "Etiquetas", "Só as 2 etiquetas mais frequentes aparecem aqui"),
    ],
)
def test_matrix_says_what_it_leaves_out(
    dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch, language: str, tab: str, words: str
) -> None:
    monkeypatch.setattr(inbox_tables, "_MAX_INBOXES", 2)
    monkeypatch.setattr(inbox_tables, "_MAX_LABELS", 2)
    app = dashboard.open("channels", language, **PERIOD)
    app.session_state["channels_tab"] = tab
    app.run()
    assert_no_errors(app)
    table = app.dataframe[1].value
    assert len(table) == 2
    assert sum(column.startswith("label_") for column in table.columns) == 2
    assert words in texts(app)
    assert table["conversations"].is_monotonic_decreasing
