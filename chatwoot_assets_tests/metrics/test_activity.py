"""Chatwoot's activity messages: the sentences of its locale files, and lookalikes."""

from __future__ import annotations

import pytest

from chatwoot_assets.metrics.activity import read_activity
from chatwoot_assets_tests.metrics.rows import Row, activity, after, message, message_frame

CHANGES = [
    ("Conversation was marked resolved by Ana Lima", "resolved"),
    ("Conversation was resolved by Carla", "resolved"),
    ("Conversation was marked resolved by system due to 12 days of inactivity", "resolved"),
    ("Conversation was marked resolved by Captain (no answer for a day)", "resolved"),
    ("Conversation was marked resolved by Captain: asked for nothing more", "resolved"),
    ("Conversation was marked resolved by Captain due to inactivity", "resolved"),
    ("Conversa foi marcada como resolvida por Ana Lima", "resolved"),
    ("A conversa foi resolvida por Carla", "resolved"),
    ("A conversa foi marcada como resolvida pelo sistema por ter 3 horas de inatividade", "resolved"),
    ("A conversa foi marcada como resolvida por Captain por inatividade", "resolved"),
    ("Conversation was reopened by Ana", "opened"),
    ("Conversation was marked open by Captain", "opened"),
    ("Conversation was marked open by system due to an error with the agent bot.", "opened"),
    ("Conversation was marked open automatically after an agent reply", "opened"),
    ("System reopened the conversation due to a new incoming message.", "opened"),
    ("Conversa foi reaberta por Ana", "opened"),
    ("A conversa foi aberta por Captain", "opened"),
    ("A conversa foi marcada como aberta por Captain (pediu uma pessoa)", "opened"),
    ("A conversa foi marcada como aberta automaticamente após a resposta de um agente", "opened"),
    ("A conversa foi marcada como aberta pelo sistema devido a um erro com o robô de atendimento.", "opened"),
    ("O sistema reabriu a conversa devido a uma nova mensagem recebida.", "opened"),
    ("Conversation was marked as pending by Ana", "pending"),
    ("Conversa foi marcada como pendente por Ana", "pending"),
    ("Conversation was snoozed by Ana", "snoozed"),
    ("Conversa foi adiada por Ana", "snoozed"),
    ("Conversation unassigned by Ana", "unassigned"),
    ("Conversa desatribuída por Ana", "unassigned"),
    ("Unassigned from sales by Ana", "team_unassigned"),
    ("Desatribuído de vendas por Ana", "team_unassigned"),
    ("Assigned to sales by Ana", "team_assigned"),
    ("Atribuído a pós-venda por Ana", "team_assigned"),
]
AGENTS = [
    ("Assigned to Ana Lima by Zé", "Ana Lima"),
    ("Assigned to Ana Lima by Automation System", "Ana Lima"),
    ("Assigned to Abby by the Sea by Zé", "Abby by the Sea"),
    ("Assigned to Ana via sales by Zé", "Ana"),
    ("Assigned to ana via sales by Zé", "ana"),
    ("Ana Lima self-assigned this conversation", "Ana Lima"),
    ("ana self-assigned this conversation", "ana"),
    ("Atribuído a Ana Lima", "Ana Lima"),
    ("Atribuído a Ana Lima por Zé", "Ana Lima"),
    ("Atribuído a Ana via vendas por Zé", "Ana"),
    ("Ana Lima atribuiu a si mesmo essa conversa", "Ana Lima"),
    ("Assigned to 李娜 by Zé", "李娜"),
    ("Assigned to  by Zé", ""),
]
UNRECOGNISED = [
    None,
    "",
    "Ana added vip",
    "Ana adicionou vip",
    "Ana set the priority to high",
    "Ana has muted the conversation",
    "Ana hat die Konversation als gelöst markiert",
    "La conversación fue marcada como resuelta por Ana",
    "Conversation",
    # Names may be anything.
    "resolvida por Silva added vip",
    "Zé (Conversation was marked resolved by) added vip",
]


def read(*rows: Row) -> list[Row]:
    """Return the product's rows."""
    return read_activity(message_frame(rows)).to_dicts()


@pytest.mark.parametrize(("content", "change"), CHANGES)
def test_activity_sentence_is_recognised(content: str, change: str) -> None:
    assert read(activity(3, 5, content)) == [
        {"conversation_id": 1, "id": 3, "occurred_at": after(5), "change": change, "agent": None}
    ]


@pytest.mark.parametrize(("content", "agent"), AGENTS)
def test_assignment_names_its_agent(content: str, agent: str) -> None:
    assert [(row["change"], row["agent"]) for row in read(activity(1, 0, content))] == [("assigned", agent)]


@pytest.mark.parametrize("content", UNRECOGNISED)
def test_other_sentences_are_left_out(content: str | None) -> None:
    assert read(activity(1, 0, content)) == []


@pytest.mark.parametrize("name", ["resolvida por Silva", "Conversation was snoozed by", "Assigned to Zé"])
def test_name_is_not_taken_for_a_sentence(name: str) -> None:
    assert [row["change"] for row in read(activity(1, 0, f"Conversa foi reaberta por {name}"))] == ["opened"]
    assert [row["agent"] for row in read(activity(1, 0, f"Assigned to {name} by Ana"))] == [name]


def test_only_activity_messages_with_a_known_time_count() -> None:
    sentence = "Conversa foi reaberta por Ana"
    assert read(message(1, 0, content=sentence), activity(2, None, sentence)) == []


def test_changes_are_in_order() -> None:
    rows = (
        activity(3, 5, "Assigned to Ana by Zé"),
        activity(2, 5, "Assigned to Bia by Zé"),
        activity(4, 1, "Atribuído a Zé"),
    )
    assert [row["agent"] for row in read(*rows)] == ["Zé", "Bia", "Ana"]
