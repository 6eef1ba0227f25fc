"""What can be exported: the columns of each dataset, in order, with their headings in both languages.

The rows come from `sql/exports/`. A column with `names_of` shows the name that belongs to an id. Headings are for
people, in CSV and Excel; Parquet has the keys, which do not change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from chatwoot_assets.exports.cells import Language
from chatwoot_assets.exports.channels import CHANNEL_PREFIX, channel_name

CellFormat = Literal["text", "number", "seconds", "flag", "instant", "date", "list", "link", "term"]
# Tables with names of contacts or contents of messages, each with the exported column that has the id of its row.
PERSONAL_TABLES = {"conversas_analytics": "conversation_id", "messages": "message_id"}


@dataclass(frozen=True)
class ExportColumn:
    """A column of an exported file.

    Attributes:
        key: Its name in Parquet.
        format: How its values are written.
        en: Its heading in English.
        pt: Its heading in Portuguese.
        names_of: For a name, the column with the id, such as agent_id.
        personal: The table that it is read from if it holds names of contacts or contents, else None.
        attribute: For one of Chatwoot's custom attributes, its name within the column of that table.
    """

    key: str
    format: CellFormat
    en: str
    pt: str
    names_of: str | None = None
    personal: str | None = None
    attribute: tuple[str, str] | None = None

    def heading(self, language: Language) -> str:
        """Return its heading, with the unit if it has one."""
        text = self.pt if language == "pt" else self.en
        return f"{text} (s)" if self.format == "seconds" else text


def _person(key: str, en: str, pt: str, table: str = "conversas_analytics") -> ExportColumn:
    return ExportColumn(key, "text", en, pt, personal=table)


_ID = ExportColumn("conversation_id", "number", "Conversation id", "Id da conversa")
_CONVERSATION = (
    ExportColumn("display_id", "number", "Number", "Número"),
    ExportColumn("link", "link", "Link", "Link"),
    ExportColumn("account_id", "number", "Account id", "Id da conta"),
    ExportColumn("account_name", "text", "Account", "Conta"),
    ExportColumn("conversation_date", "date", "Day of the conversation", "Dia da conversa"),
)
_CONTACT = _person("contact_name", "Contact", "Contato")
_STATUS = ExportColumn("status", "term", "Status", "Status")
_LABELS = ExportColumn("labels", "list", "Labels", "Etiquetas")
_INBOX = (
    ExportColumn("inbox_id", "number", "Inbox id", "Id da caixa de entrada"),
    ExportColumn("inbox_name", "text", "Inbox", "Caixa de entrada"),
)
_CHANNEL = ExportColumn("inbox_type", "term", "Channel", "Canal")
_TEAM = (
    ExportColumn("team_id", "number", "Team id", "Id da equipe"),
    ExportColumn("team_name", "text", "Team", "Equipe"),
)
_ASSIGNEE = (
    ExportColumn("assignee_id", "number", "Assigned agent id", "Id do agente atribuído"),
    ExportColumn("assignee", "text", "Assigned agent", "Agente atribuído", names_of="assignee_id"),
)
_AGENT = (
    ExportColumn("agent_id", "number", "Agent id", "Id do agente"),
    ExportColumn("agent", "text", "Agent", "Agente", names_of="agent_id"),
)
_FIRST_RESPONSE = (
    ExportColumn("first_response_seconds", "seconds", "First response", "Primeira resposta"),
    ExportColumn(
        "first_response_business_seconds",
        "seconds",
        "First response in business hours",
        "Primeira resposta no horário de funcionamento",
    ),
)

DATASETS: Mapping[str, tuple[ExportColumn, ...]] = {
    "conversations": (
        _ID,
        *_CONVERSATION,
        ExportColumn("created_at", "instant", "Created at", "Criada em"),
        _STATUS,
        ExportColumn("priority", "term", "Priority", "Prioridade"),
        _CONTACT,
        _person("contact_phone", "Phone", "Telefone"),
        _person("contact_email", "E-mail", "E-mail"),
        *_INBOX,
        _CHANNEL,
        *_ASSIGNEE,
        *_TEAM,
        _LABELS,
        ExportColumn("waiting_since", "instant", "Waiting since", "Espera desde"),
        ExportColumn("t_messages", "number", "Messages", "Mensagens"),
        ExportColumn("incoming_messages", "number", "Messages received", "Mensagens recebidas"),
        ExportColumn("human_replies", "number", "Replies", "Respostas"),
        *_FIRST_RESPONSE,
        ExportColumn("resolutions", "number", "Resolutions", "Resoluções"),
        ExportColumn("first_resolution_seconds", "seconds", "Time to first resolution", "Tempo até a 1ª resolução"),
        ExportColumn("last_resolved_at", "instant", "Last resolved at", "Última resolução em"),
        ExportColumn("reopens", "number", "Reopened", "Reaberturas"),
        ExportColumn("reassignments", "number", "Reassigned", "Reatribuições"),
        ExportColumn("bot_resolved", "flag", "Resolved by a bot", "Resolvida por robô"),
        ExportColumn("bot_handed_off", "flag", "Handed over by a bot", "Passada por robô a um agente"),
        ExportColumn("csat_offered", "flag", "Survey sent", "Pesquisa enviada"),
        ExportColumn("rating", "number", "Rating", "Nota"),
        _person("feedback_message", "Comment", "Comentário"),
        ExportColumn("rated_at", "instant", "Rated at", "Avaliada em"),
    ),
    "messages": (
        ExportColumn("message_id", "number", "Message id", "Id da mensagem"),
        _ID,
        *_CONVERSATION,
        ExportColumn("created_at", "instant", "Written at", "Escrita em"),
        ExportColumn("message_type", "term", "Type", "Tipo"),
        ExportColumn("content_type", "text", "Content type", "Tipo de conteúdo"),
        ExportColumn("sender_type", "text", "Sender", "Remetente"),
        *_AGENT,
        _CONTACT,
        *_INBOX,
        ExportColumn("private", "flag", "Private note", "Nota privada"),
        ExportColumn("deleted", "flag", "Deleted", "Excluída"),
        _person("content", "Content", "Conteúdo", "messages"),
    ),
    "episodes": (
        _ID,
        ExportColumn("episode_number", "number", "Episode", "Atendimento"),
        *_CONVERSATION,
        _CONTACT,
        *_INBOX,
        _CHANNEL,
        *_TEAM,
        *_AGENT,
        ExportColumn("initiated_by", "term", "Started by", "Iniciado por"),
        ExportColumn("started_at", "instant", "Started at", "Início em"),
        ExportColumn("resolved_at", "instant", "Resolved at", "Resolvido em"),
        ExportColumn("resolution_seconds", "seconds", "Resolution time", "Tempo de resolução"),
        ExportColumn(
            "resolution_business_seconds",
            "seconds",
            "Resolution time in business hours",
            "Tempo de resolução no horário de funcionamento",
        ),
        *_FIRST_RESPONSE,
        ExportColumn("first_response_agent_id", "number", "First responder id", "Id de quem respondeu primeiro"),
        ExportColumn(
            "first_responder", "text", "First responder", "Quem respondeu primeiro", names_of="first_response_agent_id"
        ),
        ExportColumn("replies", "number", "Replies", "Respostas"),
        ExportColumn("reopens", "number", "Reopened", "Reaberturas"),
        ExportColumn("incoming_messages", "number", "Messages received", "Mensagens recebidas"),
        ExportColumn("outgoing_messages", "number", "Messages sent", "Mensagens enviadas"),
        ExportColumn("open_seconds", "seconds", "Time open", "Tempo aberto"),
        ExportColumn("pending_seconds", "seconds", "Time pending", "Tempo pendente"),
        ExportColumn("snoozed_seconds", "seconds", "Time snoozed", "Tempo adiado"),
        ExportColumn("unassigned_seconds", "seconds", "Time without an agent", "Tempo sem agente"),
        ExportColumn("assigned_at", "instant", "Agent assigned at", "Agente atribuído em"),
        ExportColumn(
            "assignment_to_reply_seconds", "seconds", "From assignment to reply", "Da atribuição até a resposta"
        ),
        ExportColumn(
            "assignment_to_resolution_seconds",
            "seconds",
            "From assignment to resolution",
            "Da atribuição até a resolução",
        ),
        ExportColumn("resolved_by", "term", "Resolved by", "Resolvido por"),
        ExportColumn("rating", "number", "Rating", "Nota"),
        _STATUS,
        _LABELS,
    ),
    "waits": (
        _ID,
        ExportColumn("interval_number", "number", "Wait", "Espera"),
        *_CONVERSATION,
        _CONTACT,
        *_INBOX,
        _CHANNEL,
        *_TEAM,
        *_ASSIGNEE,
        ExportColumn("started_at", "instant", "Started at", "Início em"),
        ExportColumn("ended_at", "instant", "Replied at", "Respondida em"),
        ExportColumn("resolved_at", "instant", "Resolved without a reply at", "Resolvida sem resposta em"),
        *_AGENT,
        ExportColumn("seconds", "seconds", "Response time", "Tempo de resposta"),
        ExportColumn(
            "business_seconds",
            "seconds",
            "Response time in business hours",
            "Tempo de resposta no horário de funcionamento",
        ),
        ExportColumn("is_first_response", "flag", "First response", "Primeira resposta"),
        ExportColumn("is_open", "flag", "Without a reply", "Sem resposta"),
        _STATUS,
        _LABELS,
    ),
}

# The order of each dataset's rows.
ORDER: Mapping[str, tuple[str, ...]] = {
    "conversations": ("conversation_date", "created_at", "conversation_id"),
    "messages": ("conversation_date", "conversation_id", "created_at", "message_id"),
    "episodes": ("started_at", "conversation_id", "episode_number"),
    "waits": ("started_at", "conversation_id", "interval_number"),
}

# Chatwoot's words in Portuguese; in English they are written as they are. Channels have names of their own.
_TERMS_PT = {
    "open": "Aberta", "pending": "Pendente", "snoozed": "Adiada", "resolved": "Resolvida",
    "low": "Baixa", "medium": "Média", "high": "Alta", "urgent": "Urgente",
    "incoming": "Recebida", "outgoing": "Enviada", "activity": "Atividade", "template": "Modelo",
    "agent": "Agente", "bot": "Robô", "system": "Sistema", "contact": "Contato", "unknown": "Desconhecido",
}  # fmt: skip


def translate_term(value: str, language: Language) -> str:
    """Return one of Chatwoot's words in a language; an unknown one is returned unchanged."""
    if value.startswith(CHANNEL_PREFIX):
        return channel_name(value, language)
    return _TERMS_PT.get(value, value) if language == "pt" else value


# The columns with custom attributes, each with the word before its attributes' names, as in CUSTOM_ATTRIBUTES.
ATTRIBUTES = {"custom_attributes": "conversation", "contact_attributes": "contact"}


def attribute_column(column: str, name: str) -> ExportColumn:
    """Return the column of a custom attribute."""
    key = f"{ATTRIBUTES[column]}.{name}"
    return ExportColumn(key, "text", key, key, personal="conversas_analytics", attribute=(column, name))


def columns_of(dataset: str, *, personal: bool, links: bool) -> list[ExportColumn]:
    """Return the columns of an export.

    Args:
        dataset: One of DATASETS.
        personal: Whether names of contacts and contents of messages are exported.
        links: Whether Chatwoot's address is known.
    """
    return [
        column
        for column in DATASETS[dataset]
        if (personal or column.personal is None) and (links or column.format != "link")
    ]
