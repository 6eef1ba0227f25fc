"""The columns of the views in `bi`, with their meaning in English and Portuguese.

The English text is that of the table's declaration where the view passes a column on unchanged. Columns may be added at
a view's end and never change; a test holds the recorded list.
"""

from __future__ import annotations

from dataclasses import dataclass

from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS, MESSAGES

_DECLARED = {**TABLES, "conversas_analytics": CONVERSAS_ANALYTICS, "messages": MESSAGES}


@dataclass(frozen=True)
class BiColumn:
    """A column of a view.

    Attributes:
        name: Its name.
        en: Its meaning in English.
        pt: Its meaning in Portuguese.
        references: The view whose column of the same meaning it refers to, such as dim_agent; None for none.
        nullable: Whether it may be NULL.
    """

    name: str
    en: str
    pt: str
    references: str | None = None
    nullable: bool = True

    @property
    def comment(self) -> str:
        """The text for COMMENT ON."""
        return f"{self.en} | {self.pt}"


@dataclass(frozen=True)
class BiView:
    """A view.

    Attributes:
        name: Its name, and that of its file in `sql/bi/`.
        en: Its rows in English.
        pt: Its rows in Portuguese.
        columns: Its columns, in order.
        key: The columns that identify a row.
        personal: Whether it holds names of contacts or what somebody wrote.
    """

    name: str
    en: str
    pt: str
    columns: tuple[BiColumn, ...]
    key: tuple[str, ...]
    personal: bool = False


def _declared(table: str, name: str, pt: str) -> BiColumn:
    return BiColumn(name, _DECLARED[table][name].description, pt)


_ACCOUNT = BiColumn("account_id", "The account.", "A conta.", "dim_account", nullable=False)
_INBOX = BiColumn(
    "inbox_id",
    "The inbox; it may have been deleted.",
    "A caixa de entrada; pode ter sido excluída.",
    "dim_inbox",
    nullable=False,
)
_TEAM = BiColumn(
    "team_id",
    "The team the conversation belongs to now; 0 for none.",
    "A equipe atual da conversa; 0 para nenhuma.",
    "dim_team",
    nullable=False,
)
_CONVERSATION = BiColumn(
    "conversation_id",
    "Chatwoot's id of the conversation.",
    "O id da conversa no Chatwoot.",
    "fact_conversation",
    nullable=False,
)
_RATING_PT = "A última nota da pesquisa de satisfação, de 1 a 5."


def _agent(en: str, pt: str, name: str = "agent_id") -> BiColumn:
    return BiColumn(name, en, pt, "dim_agent", nullable=False)


def _date(en: str, pt: str, name: str = "date", *, nullable: bool = False) -> BiColumn:
    return BiColumn(name, en, pt, "dim_date", nullable=nullable)


def _first_response(table: str) -> tuple[BiColumn, BiColumn]:
    return (
        _declared(
            table,
            "first_response_seconds",
            "Segundos que o contato esperou pela primeira resposta de uma pessoa; NULL se não houve.",
        ),
        _declared(
            table,
            "first_response_business_seconds",
            "O mesmo dentro do horário de funcionamento; NULL se a caixa de entrada não tem um.",
        ),
    )


_BUSINESS_PT = "O mesmo dentro do horário de funcionamento; NULL se a caixa de entrada não tem um."

VIEWS: tuple[BiView, ...] = (
    BiView(
        "dim_date",
        "One row per day, from the first that is loaded to today.",
        "Uma linha por dia, do primeiro carregado até hoje.",
        (
            BiColumn("date", "The day, in the reporting time zone.", "O dia, no fuso dos relatórios.", nullable=False),
            BiColumn("year", "The year.", "O ano."),
            BiColumn("quarter", "The quarter, 1 to 4.", "O trimestre, de 1 a 4."),
            BiColumn("month", "The month, 1 to 12.", "O mês, de 1 a 12."),
            BiColumn("month_start", "The first day of its month.", "O primeiro dia do mês."),
            BiColumn("week_start", "The Monday of its week.", "A segunda-feira da semana."),
            BiColumn("day_of_week", "The weekday, 0 for Sunday.", "O dia da semana, 0 para domingo."),
            BiColumn("weekday_en", "The weekday in English.", "O dia da semana em inglês."),
            BiColumn("weekday_pt", "The weekday in Portuguese.", "O dia da semana em português."),
            BiColumn("is_weekend", "Whether it is a Saturday or a Sunday.", "Se é sábado ou domingo."),
        ),
        ("date",),
    ),
    BiView(
        "dim_account",
        "One row per account.",
        "Uma linha por conta.",
        (
            BiColumn("account_id", "The account.", "A conta.", nullable=False),
            BiColumn("account_name", "Its latest name.", "Seu último nome."),
        ),
        ("account_id",),
    ),
    BiView(
        "dim_inbox",
        "One row per inbox.",
        "Uma linha por caixa de entrada.",
        (
            BiColumn("inbox_id", "The inbox.", "A caixa de entrada.", nullable=False),
            _ACCOUNT,
            BiColumn(
                "inbox_name", "Its latest name; NULL if it was deleted.", "Seu último nome; NULL se foi excluída."
            ),
            BiColumn("channel", "Its channel, such as Whatsapp.", "Seu canal, como Whatsapp."),
        ),
        ("inbox_id",),
    ),
    BiView(
        "dim_agent",
        "One row per agent, and 0 for nobody.",
        "Uma linha por agente, e 0 para ninguém.",
        (
            BiColumn("agent_id", "The agent; 0 for nobody.", "O agente; 0 para ninguém.", nullable=False),
            BiColumn(
                "agent_name",
                "The agent's latest name; NULL if never assigned to a conversation.",
                "O último nome do agente; NULL se nunca teve uma conversa.",
            ),
        ),
        ("agent_id",),
    ),
    BiView(
        "dim_team",
        "One row per team, and 0 for none.",
        "Uma linha por equipe, e 0 para nenhuma.",
        (
            BiColumn("team_id", "The team; 0 for none.", "A equipe; 0 para nenhuma.", nullable=False),
            BiColumn("account_id", "The account.", "A conta.", "dim_account"),
            BiColumn("team_name", "Its latest name.", "Seu último nome."),
        ),
        ("team_id",),
    ),
    BiView(
        "dim_contact",
        "One row per contact. Personal data.",
        "Uma linha por contato. Dados pessoais.",
        (
            BiColumn("contact_id", "The contact.", "O contato.", nullable=False),
            _ACCOUNT,
            BiColumn("contact_name", "The contact's latest name.", "O último nome do contato."),
            BiColumn("contact_phone", "The contact's latest phone number.", "O último telefone do contato."),
            BiColumn("contact_email", "The contact's latest e-mail address.", "O último e-mail do contato."),
        ),
        ("contact_id",),
        personal=True,
    ),
    BiView(
        "fact_conversation",
        "One row per conversation.",
        "Uma linha por conversa.",
        (
            BiColumn(
                "conversation_id",
                "Chatwoot's id of the conversation.",
                "O id da conversa no Chatwoot.",
                nullable=False,
            ),
            _declared("conversas_analytics", "display_id", "O número que as pessoas veem, contado por conta."),
            _date("The day it was created.", "O dia em que foi criada."),
            BiColumn("created_at", "When it was created, in local time.", "Quando foi criada, no horário local."),
            BiColumn("hour", "The hour it was created, 0 to 23.", "A hora em que foi criada, de 0 a 23."),
            _ACCOUNT,
            _INBOX,
            _TEAM,
            _agent("The agent it is assigned to now; 0 for nobody.", "O agente atual; 0 para ninguém."),
            _declared(
                "conversation_facts", "status", "open, resolved, pending ou snoozed; unknown(n) se desconhecido."
            ),
            _declared("conversas_analytics", "priority", "low, medium, high ou urgent; NULL para nenhuma."),
            _declared("conversation_facts", "needs_reply", "Se está aberta e o contato espera por uma pessoa."),
            BiColumn(
                "waiting_since",
                "Since when its contact waits, in local time; NULL for no wait.",
                "Desde quando o contato espera, no horário local; NULL se não espera.",
            ),
            *_first_response("conversation_facts"),
            _declared("conversation_facts", "resolutions", "Quantas vezes foi resolvida; NULL se ninguém sabe quando."),
            _declared(
                "conversation_facts",
                "first_resolution_seconds",
                "Segundos da criação à primeira resolução; NULL se não houve.",
            ),
            _date(
                "The day it was last resolved; NULL for never, or if not known.",
                "O dia da última resolução; NULL se não houve ou não se sabe.",
                "last_resolved_date",
                nullable=True,
            ),
            _declared("conversation_facts", "reopens", "Quantas vezes foi reaberta; NULL se não se sabe."),
            _declared(
                "conversation_facts", "reassignments", "Quantas vezes passou de um agente a outro; NULL se não se sabe."
            ),
            _declared("conversation_facts", "human_replies", "Respostas públicas de pessoas."),
            _declared("conversation_facts", "incoming_messages", "Mensagens recebidas, como o Chatwoot as conta."),
            _declared("conversation_facts", "bot_resolved", "Se o Chatwoot registrou que um robô a resolveu."),
            _declared("conversation_facts", "bot_handed_off", "Se um robô a passou a uma pessoa."),
            _declared("conversation_facts", "csat_offered", "Se uma pesquisa foi enviada."),
            _declared("conversation_facts", "rating", _RATING_PT),
            BiColumn(
                "rated_at", "When that rating was given, in local time.", "Quando a nota foi dada, no horário local."
            ),
            _agent(
                "Who was assigned when it was last rated; 0 for nobody.",
                "Quem estava atribuído quando a nota foi dada; 0 para ninguém.",
                "rating_agent_id",
            ),
        ),
        ("conversation_id",),
    ),
    BiView(
        "fact_episode",
        "One row per episode: a stretch of service inside a conversation.",
        "Uma linha por atendimento: um trecho de serviço dentro de uma conversa.",
        (
            _CONVERSATION,
            BiColumn(
                "episode_number", "Its number in its conversation, from 1.", "Seu número na conversa, a partir de 1."
            ),
            _date("The day it began.", "O dia em que começou."),
            _date("The day it was last resolved.", "O dia da última resolução.", "resolved_date", nullable=True),
            BiColumn("started_at", "When it began, in local time.", "Quando começou, no horário local."),
            BiColumn(
                "resolved_at",
                "When it was last resolved, in local time; NULL while it is open, or if not known.",
                "Quando foi resolvido pela última vez, no horário local; NULL se aberto ou não se sabe.",
            ),
            _ACCOUNT,
            _INBOX,
            _TEAM,
            _agent(
                "Who was assigned at its last resolution; while it is open, now. 0 for nobody.",
                "Quem estava atribuído na última resolução; se aberto, agora. 0 para ninguém.",
            ),
            BiColumn(
                "contact_id",
                "The contact; it may have been deleted.",
                "O contato; pode ter sido excluído.",
                "dim_contact",
            ),
            _declared("episodes", "initiated_by", "Quem o começou: contact, agent ou system."),
            _declared("episodes", "resolved_by", "Quem o resolveu: agent, bot, system ou unknown; NULL se aberto."),
            *_first_response("episodes"),
            _declared("episodes", "resolution_seconds", "Segundos do início à última resolução."),
            _declared("episodes", "resolution_business_seconds", _BUSINESS_PT),
            _declared("episodes", "replies", "Respostas públicas de pessoas."),
            _declared("episodes", "reopens", "Quantas vezes foi reaberto antes de uma resolução durar o intervalo."),
            _declared("episodes", "incoming_messages", "Mensagens públicas de contatos."),
            _declared("episodes", "outgoing_messages", "Mensagens públicas para contatos."),
            _declared("episodes", "rating", "A última nota da conversa, se foi dada neste atendimento."),
        ),
        ("conversation_id", "episode_number"),
    ),
    BiView(
        "fact_wait",
        "One row per wait of a contact for a human reply.",
        "Uma linha por espera de um contato pela resposta de uma pessoa.",
        (
            _CONVERSATION,
            BiColumn(
                "interval_number", "Its number in its conversation, from 1.", "Seu número na conversa, a partir de 1."
            ),
            _date("The day it began.", "O dia em que começou."),
            _date("The day of the reply.", "O dia da resposta.", "replied_date", nullable=True),
            BiColumn("started_at", "When it began, in local time.", "Quando começou, no horário local."),
            BiColumn(
                "replied_at",
                "When a human replied, in local time; NULL if none did.",
                "Quando uma pessoa respondeu, no horário local; NULL se ninguém respondeu.",
            ),
            _ACCOUNT,
            _INBOX,
            _TEAM,
            _agent(
                "Who replied; 0 for nobody, and the channel's own app.",
                "Quem respondeu; 0 para ninguém e o app do canal.",
            ),
            BiColumn(
                "seconds",
                "Seconds until the reply; NULL if no human replied.",
                "Segundos até a resposta; NULL se ninguém respondeu.",
            ),
            _declared("response_intervals", "business_seconds", _BUSINESS_PT),
            _declared(
                "response_intervals", "is_first_response", "Se a resposta é a primeira de uma pessoa na conversa."
            ),
            _declared("response_intervals", "is_open", "Se nenhuma pessoa respondeu."),
        ),
        ("conversation_id", "interval_number"),
    ),
    BiView(
        "fact_target",
        "One row per wait or episode that has a target.",
        "Uma linha por espera ou episódio que tem meta.",
        (
            _CONVERSATION,
            _declared(
                "targets",
                "target",
                "O que tem prazo: first_response ou next_reply em uma espera, resolution no episódio.",
            ),
            _declared("targets", "number", "O interval_number da espera, ou o episode_number do episódio."),
            _date("The day it began.", "O dia em que começou."),
            _date(
                "The day it ended; NULL while it runs.",
                "O dia em que terminou; NULL enquanto corre.",
                "ended_date",
                nullable=True,
            ),
            BiColumn("started_at", "When it began, in local time.", "Quando começou, no horário local."),
            BiColumn(
                "ended_at",
                "When it ended, in local time; NULL while it runs.",
                "Quando terminou, no horário local; NULL enquanto corre.",
            ),
            BiColumn("due_at", "When it is due, in local time.", "Quando vence, no horário local."),
            _ACCOUNT,
            _INBOX,
            _TEAM,
            _agent(
                "Who replied, or the episode's agent; without a reply, who is assigned now; 0 for nobody.",
                "Quem respondeu, ou o agente do episódio; sem resposta, quem está atribuído agora; 0 para ninguém.",
            ),
            _declared("targets", "target_seconds", "Em quantos segundos vence."),
            _declared("targets", "clock", "Quais segundos contam: business (funcionamento) ou calendar (corridos)."),
            _declared("targets", "is_met", "Se terminou até due_at; NULL enquanto corre."),
        ),
        ("conversation_id", "target", "number"),
    ),
    BiView(
        "conversation_attribute",
        "One row per conversation and custom attribute. May be personal data.",
        "Uma linha por conversa e atributo personalizado. Podem ser dados pessoais.",
        (
            _CONVERSATION,
            BiColumn(
                "source", "conversation or contact.", "conversation (conversa) ou contact (contato).", nullable=False
            ),
            BiColumn("attribute", "The attribute's key.", "A chave do atributo.", nullable=False),
            BiColumn("value", "Its value, as text.", "Seu valor, como texto.", nullable=False),
        ),
        ("conversation_id", "source", "attribute"),
        personal=True,
    ),
    BiView(
        "fact_resolution",
        "One row per resolution.",
        "Uma linha por resolução.",
        (
            _CONVERSATION,
            BiColumn(
                "resolution_number", "Its number in its conversation, from 1.", "Seu número na conversa, a partir de 1."
            ),
            _date("The day of the resolution.", "O dia da resolução."),
            BiColumn("resolved_at", "When it was resolved, in local time.", "Quando foi resolvida, no horário local."),
            _ACCOUNT,
            _INBOX,
            _TEAM,
            _agent(
                "Who was assigned when it was resolved; 0 for nobody.",
                "Quem estava atribuído na resolução; 0 para ninguém.",
            ),
            _declared("resolutions", "seconds", "Segundos da criação da conversa à resolução."),
            _declared("resolutions", "business_seconds", _BUSINESS_PT),
            _date(
                "The day it was next reopened; NULL if it was not.",
                "O dia em que foi reaberta; NULL se não foi.",
                "reopened_date",
                nullable=True,
            ),
        ),
        ("conversation_id", "resolution_number"),
    ),
    BiView(
        "fact_message",
        "One row per message, without its content.",
        "Uma linha por mensagem, sem o conteúdo.",
        (
            BiColumn("message_id", "Chatwoot's id of the message.", "O id da mensagem no Chatwoot.", nullable=False),
            _CONVERSATION,
            _date("The day it was written.", "O dia em que foi escrita.", nullable=True),
            BiColumn("hour", "The hour it was written, 0 to 23.", "A hora em que foi escrita, de 0 a 23."),
            BiColumn("created_at", "When it was written, in local time.", "Quando foi escrita, no horário local."),
            _ACCOUNT,
            _INBOX,
            _agent("The agent who wrote it; 0 for anybody else.", "O agente que a escreveu; 0 para os demais."),
            _declared("messages", "message_type", "incoming, outgoing, activity ou template."),
            _declared("messages", "sender_type", "O que a enviou, como Contact ou User; NULL para ninguém."),
            _declared("messages", "private", "Se é uma nota privada."),
            _declared("messages", "deleted", "Se o conteúdo foi apagado; NULL se não se sabe."),
        ),
        ("message_id",),
    ),
    BiView(
        "fact_backlog",
        "One row per day, account and inbox: the backlog at the end of the day.",
        "Uma linha por dia, conta e caixa de entrada: a fila no fim do dia.",
        (
            _date("The day.", "O dia."),
            _ACCOUNT,
            _INBOX,
            BiColumn("open", "Open conversations.", "Conversas abertas."),
            BiColumn("pending", "Pending conversations.", "Conversas pendentes."),
            BiColumn("snoozed", "Snoozed conversations.", "Conversas adiadas."),
            BiColumn("unassigned", "Open conversations of nobody.", "Conversas abertas sem agente."),
            BiColumn(
                "unattended", "Open conversations that wait for a reply.", "Conversas abertas que esperam resposta."
            ),
        ),
        ("date", "account_id", "inbox_id"),
    ),
    BiView(
        "conversation_label",
        "One row per conversation and label.",
        "Uma linha por conversa e etiqueta.",
        (_CONVERSATION, BiColumn("label", "A label it has now.", "Uma etiqueta que tem agora.", nullable=False)),
        ("conversation_id", "label"),
    ),
    BiView(
        "message_content",
        "One row per message: what was written. Personal data.",
        "Uma linha por mensagem: o que foi escrito. Dados pessoais.",
        (
            BiColumn("message_id", "The message.", "A mensagem.", "fact_message", nullable=False),
            _CONVERSATION,
            _declared("messages", "content", "O que foi escrito."),
        ),
        ("message_id",),
        personal=True,
    ),
    BiView(
        "rating_comment",
        "One row per comment that was given with a rating. Personal data.",
        "Uma linha por comentário dado com uma nota. Dados pessoais.",
        (
            _CONVERSATION,
            _declared("conversas_analytics", "rating", _RATING_PT),
            BiColumn("comment", "The comment.", "O comentário."),
        ),
        ("conversation_id",),
        personal=True,
    ),
)
