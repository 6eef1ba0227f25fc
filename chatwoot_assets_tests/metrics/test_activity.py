"""Chatwoot's activity messages: the sentences of its locale files, and lookalikes."""

from __future__ import annotations

import polars as pl
import pytest

from chatwoot_assets.masking import CONTENTS, GROUPS, Mask
from chatwoot_assets.masking import NAMES as NAMES_GROUP
from chatwoot_assets.metrics.activity import NAMES, read_activity, select_unexplained
from chatwoot_assets_tests.metrics.rows import (
    Row,
    activity,
    after,
    conversation,
    conversation_frame,
    message,
    message_frame,
)

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
    ("La conversación fue marcada por Ana Lima", "resolved"),
    ("La conversación fue marcada como resuelta por Ana Lima", "resolved"),
    ("Conversación fue resuelta por Carla", "resolved"),
    ("La conversación fue marcada por el sistema debido a 12 días de inactividad", "resolved"),
    ("La conversación fue reabierta por Ana", "opened"),
    ("El sistema reabrió la conversación debido a un nuevo mensaje entrante.", "opened"),
    ("La conversación fue marcada como pendiente por Ana", "pending"),
    ("La conversación fue pospuesta por Ana", "snoozed"),
    ("Conversación no asignada por Ana", "unassigned"),
    ("Desasignado de ventas por Ana", "team_unassigned"),
    ("Ana has muted the conversation", "muted"),
    ("Ana silenciou a conversa", "muted"),
    ("Ana ha silenciado la conversación", "muted"),
    ("Ana has unmuted the conversation", "unmuted"),
    ("Ana reativou a conversa", "unmuted"),
    ("Ana ha anulado el silenciado de la conversación", "unmuted"),
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
    ("Asignado a Ana Lima por Zé", "Ana Lima"),
    ("Asignado a ana via ventas por Zé", "ana"),
    ("ana auto-asignado a esta conversación", "ana"),
    ("Assigned to  by Zé", ""),
]
UNRECOGNISED = [
    None,
    "",
    "Ana added vip",
    "Ana adicionou vip",
    "Ana set the priority to high",
    "Ana hat die Konversation als gelöst markiert",
    "Conversation",
    # Names may be anything.
    "resolvida por Silva added vip",
    "Zé (Conversation was marked resolved by) added vip",
]


ACTORS = [
    ("Conversation was marked resolved by Ana Lima", "agent"),
    ("Conversa foi reaberta por Ana", "agent"),
    ("La conversación fue marcada por Ana", "agent"),
    ("Conversation was marked resolved by system due to 12 days of inactivity", "system"),
    ("A conversa foi marcada como resolvida pelo sistema por ter 3 horas de inatividade", "system"),
    ("La conversación fue marcada por el sistema debido a 12 días de inactividad", "system"),
    ("Conversation was marked resolved by Automation System", "system"),
    ("Conversa foi marcada como resolvida por Sistema de Automação", "system"),
    ("System reopened the conversation due to a new incoming message.", "system"),
    ("A conversa foi marcada como aberta automaticamente após a resposta de um agente", "system"),
    ("Conversation was marked resolved by Captain: asked for nothing more", "bot"),
    ("A conversa foi marcada como resolvida por Luna por inatividade", "bot"),
    ("A conversa foi aberta por Captain", "bot"),
    ("Conversation was resolved by Carla", "contact"),
    ("Conversación fue resuelta por Carla", "contact"),
    ("Assigned to Ana by Zé", None),
]
EXPLAINED = [
    *(sentence for sentence, _ in CHANGES + AGENTS),
    "Ana added vip, troca",
    "Ana removeu vip",
    "Ana agregó la política de SLA ouro",
    "Ana set the priority to high",
    "Ana mudou a prioridade de high para low",
    "Ana eliminó la prioridad",
    "CSAT survey not sent due to outgoing message restrictions",
]
DANIEL = "Assigned to daniel by Cida"


def read(*rows: Row, names: tuple[tuple[int, str, bool], ...] = (), **values: object) -> list[Row]:
    """Return the product's rows about one conversation of account 1."""
    known = pl.DataFrame(names, schema=NAMES, orient="row")
    return read_activity(message_frame(rows), conversation_frame(conversation(**values)), known).to_dicts()


@pytest.mark.parametrize(("content", "change"), CHANGES)
def test_activity_sentence_is_recognised(content: str, change: str) -> None:
    (row,) = read(activity(3, 5, content))
    assert (row.pop("actor") is None) == (change not in {"resolved", "opened", "pending", "snoozed"})
    assert row == {"conversation_id": 1, "id": 3, "occurred_at": after(5), "change": change, "agent": None}


@pytest.mark.parametrize(("content", "actor"), ACTORS)
def test_sentence_tells_who_changed_the_status(content: str, actor: str | None) -> None:
    assert [row["actor"] for row in read(activity(1, 0, content))] == [actor]


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


def decide(content: str, *others: Row, **known: object) -> tuple[str, str | None]:
    """Return change and agent of a sentence, by what else is known."""
    rows = read(activity(99, 99, content), *others, **known)  # type: ignore[arg-type]  # names, or columns
    (row,) = (row for row in rows if row["id"] == 99)
    return row["change"], row["agent"]


@pytest.mark.parametrize("name", ["daniel", "pós-venda", "李娜"])
def test_name_without_a_capital_letter_is_undecided(name: str) -> None:
    assert decide(f"Assigned to {name} by Ana") == ("agent_or_team_assigned", None)


def test_names_of_the_account_decide_between_agent_and_team() -> None:
    assert decide(DANIEL, names=((1, "daniel", False),)) == ("assigned", "daniel")
    assert decide(DANIEL, names=((1, "daniel", True),)) == ("team_assigned", None)
    both = ((1, "daniel", True), (1, "daniel", False))
    assert decide(DANIEL, names=both) == ("agent_or_team_assigned", None)
    assert decide(DANIEL, names=((2, "daniel", False),)) == ("agent_or_team_assigned", None)


def test_assignee_and_team_of_the_conversation_decide() -> None:
    assert decide(DANIEL, assignee_name="daniel") == ("assigned", "daniel")
    assert decide(DANIEL, team_name="daniel") == ("team_assigned", None)


@pytest.mark.parametrize(
    "sentence",
    [
        "daniel self-assigned this conversation",
        "Assigned to daniel via sales by Zé",
        "Assigned to Zé by daniel",
        "Conversation was reopened by daniel",
        "La conversación fue marcada por daniel",
    ],
)
def test_sentence_in_which_only_an_agent_can_be_named_decides(sentence: str) -> None:
    assert decide(DANIEL, activity(1, 0, sentence)) == ("assigned", "daniel")
    assert decide(DANIEL, activity(1, 0, sentence, conversation_id=2)) == ("agent_or_team_assigned", None)


@pytest.mark.parametrize("sentence", ["Assigned to Ana via daniel by Zé", "Desatribuído de daniel por Zé"])
def test_sentence_in_which_only_a_team_can_be_named_decides(sentence: str) -> None:
    assert decide(DANIEL, activity(1, 0, sentence)) == ("team_assigned", None)


def test_capital_letter_makes_an_agent_of_a_name_that_is_a_team_too() -> None:
    assert decide("Assigned to Daniel by Cida", names=((1, "daniel", True),)) == ("assigned", "Daniel")


@pytest.mark.parametrize("content", EXPLAINED)
def test_sentence_of_a_known_language_is_explained(content: str) -> None:
    assert select_unexplained(pl.DataFrame({"content": [content]})).is_empty()


def test_sentences_of_other_languages_are_not_explained() -> None:
    unknown = ["Ana hat die Konversation als gelöst markiert", "Ana aggiunto vip"]
    sentences = pl.DataFrame({"content": [*unknown, "", " ", None]})
    assert select_unexplained(sentences)["content"].to_list() == unknown


@pytest.mark.parametrize("sentence", sorted({*EXPLAINED, *filter(None, UNRECOGNISED), DANIEL, *(s for s, _ in ACTORS)}))
@pytest.mark.parametrize("groups", [(CONTENTS,), GROUPS], ids=["contents", "all"])
def test_masked_sentence_says_what_the_sentence_says(sentence: str, groups: tuple[str, ...]) -> None:
    mask = Mask(groups, "k" * 32)
    names = ((1, "ana", False), (1, "daniel", True), (1, "daniel", False))
    known = pl.DataFrame(names, schema=NAMES, orient="row")
    plain_messages = message_frame([activity(1, 1, sentence), activity(2, 2, "Assigned to ze")])
    masked_messages = plain_messages.with_columns(pl.col("content").map_elements(mask.words, return_dtype=pl.String))
    masked_names = known.with_columns(pl.col("name").map_elements(mask.words, return_dtype=pl.String))
    conversations = conversation_frame(conversation(assignee_name="ze", team_name="sales"))
    agents = mask.words("ze") if NAMES_GROUP in groups else "ze"
    masked_conversations = conversations.with_columns(pl.lit(agents).alias("assignee_name"))
    plain = read_activity(plain_messages, conversations, known)
    masked = read_activity(masked_messages, masked_conversations, masked_names, mask)
    pseudonyms = plain["agent"].map_elements(mask.words, return_dtype=pl.String)
    assert masked.to_dicts() == plain.with_columns(pseudonyms).to_dicts()
    assert select_unexplained(masked_messages)["id"].to_list() == select_unexplained(plain_messages)["id"].to_list()
