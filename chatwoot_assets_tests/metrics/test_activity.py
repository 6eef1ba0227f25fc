"""Reading Chatwoot's activity messages: the sentences of its locale files, and what only looks like them."""

from __future__ import annotations

import pytest

from chatwoot_assets.metrics.activity import read_activity
from chatwoot_assets_tests.metrics.rows import Row, after, message, messages, said

WHAT = [
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
NOTHING = [
    None,
    "",
    "Ana added vip",
    "Ana adicionou vip",
    "Ana set the priority to high",
    "Ana has muted the conversation",
    "Ana hat die Konversation als gelöst markiert",
    "La conversación fue marcada como resuelta por Ana",
    "Conversation",
    # People may be called anything.
    "resolvida por Silva added vip",
    "Zé (Conversation was marked resolved by) added vip",
]


def read(*rows: Row) -> list[Row]:
    """Return what the product reads."""
    return read_activity(messages(rows)).to_dicts()


@pytest.mark.parametrize(("content", "what"), WHAT)
def test_a_sentence_of_chatwoot_s_says_what_happened(content: str, what: str) -> None:
    assert read(said(3, 5, content)) == [
        {"conversation_id": 1, "id": 3, "occurred_at": after(5), "change": what, "agent": None}
    ]


@pytest.mark.parametrize(("content", "agent"), AGENTS)
def test_an_assignment_says_to_whom(content: str, agent: str) -> None:
    assert [(row["change"], row["agent"]) for row in read(said(1, 0, content))] == [("assigned", agent)]


@pytest.mark.parametrize("content", NOTHING)
def test_what_says_none_of_this_is_left_out(content: str | None) -> None:
    assert read(said(1, 0, content)) == []


@pytest.mark.parametrize("name", ["resolvida por Silva", "Conversation was snoozed by", "Assigned to Zé"])
def test_a_person_s_name_does_not_pass_for_a_sentence(name: str) -> None:
    assert [row["change"] for row in read(said(1, 0, f"Conversa foi reaberta por {name}"))] == ["opened"]
    assert [row["agent"] for row in read(said(1, 0, f"Assigned to {name} by Ana"))] == [name]


def test_only_activity_counts_and_only_where_its_time_is_known() -> None:
    sentence = "Conversa foi reaberta por Ana"
    assert read(message(1, 0, content=sentence), said(2, None, sentence)) == []


def test_what_happened_is_in_order() -> None:
    rows = (said(3, 5, "Assigned to Ana by Zé"), said(2, 5, "Assigned to Bia by Zé"), said(4, 1, "Atribuído a Zé"))
    assert [row["agent"] for row in read(*rows)] == ["Zé", "Bia", "Ana"]
