"""The facts: what is counted and measured, one row per event, with keys of the dimensions."""

from __future__ import annotations

from chatwoot_assets.bi.views.declaration import (
    ACCOUNT,
    BUSINESS_PT,
    CONVERSATION,
    INBOX,
    RATING_PT,
    TEAM,
    BiColumn,
    BiView,
    agent,
    date,
    declared,
    first_response,
)

FACTS: tuple[BiView, ...] = (
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
            declared("conversas_analytics", "display_id", "O número que as pessoas veem, contado por conta."),
            date("The day it was created.", "O dia em que foi criada."),
            BiColumn("created_at", "When it was created, in local time.", "Quando foi criada, no horário local."),
            BiColumn("hour", "The hour it was created, 0 to 23.", "A hora em que foi criada, de 0 a 23."),
            ACCOUNT,
            INBOX,
            TEAM,
            agent("The agent it is assigned to now; 0 for nobody.", "O agente atual; 0 para ninguém."),
            declared("conversation_facts", "status", "open, resolved, pending ou snoozed; unknown(n) se desconhecido."),
            declared("conversas_analytics", "priority", "low, medium, high ou urgent; NULL para nenhuma."),
            declared("conversation_facts", "needs_reply", "Se está aberta e o contato espera por uma pessoa."),
            BiColumn(
                "waiting_since",
                "Since when its contact waits, in local time; NULL for no wait.",
                "Desde quando o contato espera, no horário local; NULL se não espera.",
            ),
            *first_response("conversation_facts"),
            declared("conversation_facts", "resolutions", "Quantas vezes foi resolvida; NULL se ninguém sabe quando."),
            declared(
                "conversation_facts",
                "first_resolution_seconds",
                "Segundos da criação à primeira resolução; NULL se não houve.",
            ),
            date(
                "The day it was last resolved; NULL for never, or if not known.",
                "O dia da última resolução; NULL se não houve ou não se sabe.",
                "last_resolved_date",
                nullable=True,
            ),
            declared("conversation_facts", "reopens", "Quantas vezes foi reaberta; NULL se não se sabe."),
            declared(
                "conversation_facts", "reassignments", "Quantas vezes passou de um agente a outro; NULL se não se sabe."
            ),
            declared("conversation_facts", "human_replies", "Respostas públicas de pessoas."),
            declared("conversation_facts", "incoming_messages", "Mensagens recebidas, como o Chatwoot as conta."),
            declared("conversation_facts", "bot_resolved", "Se o Chatwoot registrou que um robô a resolveu."),
            declared("conversation_facts", "bot_handed_off", "Se um robô a passou a uma pessoa."),
            declared("conversation_facts", "csat_offered", "Se uma pesquisa foi enviada."),
            declared("conversation_facts", "rating", RATING_PT),
            BiColumn(
                "rated_at", "When that rating was given, in local time.", "Quando a nota foi dada, no horário local."
            ),
            agent(
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
            CONVERSATION,
            BiColumn(
                "episode_number", "Its number in its conversation, from 1.", "Seu número na conversa, a partir de 1."
            ),
            date("The day it began.", "O dia em que começou."),
            date("The day it was last resolved.", "O dia da última resolução.", "resolved_date", nullable=True),
            BiColumn("started_at", "When it began, in local time.", "Quando começou, no horário local."),
            BiColumn(
                "resolved_at",
                "When it was last resolved, in local time; NULL while it is open, or if not known.",
                "Quando foi resolvido pela última vez, no horário local; NULL se aberto ou não se sabe.",
            ),
            ACCOUNT,
            INBOX,
            TEAM,
            agent(
                "Who was assigned at its last resolution; while it is open, now. 0 for nobody.",
                "Quem estava atribuído na última resolução; se aberto, agora. 0 para ninguém.",
            ),
            BiColumn(
                "contact_id",
                "The contact; it may have been deleted.",
                "O contato; pode ter sido excluído.",
                "dim_contact",
            ),
            declared("episodes", "initiated_by", "Quem o começou: contact, agent ou system."),
            declared("episodes", "resolved_by", "Quem o resolveu: agent, bot, system ou unknown; NULL se aberto."),
            *first_response("episodes"),
            declared("episodes", "resolution_seconds", "Segundos do início à última resolução."),
            declared("episodes", "resolution_business_seconds", BUSINESS_PT),
            declared("episodes", "replies", "Respostas públicas de pessoas."),
            declared("episodes", "reopens", "Quantas vezes foi reaberto antes de uma resolução durar o intervalo."),
            declared("episodes", "incoming_messages", "Mensagens públicas de contatos."),
            declared("episodes", "outgoing_messages", "Mensagens públicas para contatos."),
            declared("episodes", "rating", "A última nota da conversa, se foi dada neste atendimento."),
        ),
        ("conversation_id", "episode_number"),
    ),
    BiView(
        "fact_wait",
        "One row per wait of a contact for a human reply.",
        "Uma linha por espera de um contato pela resposta de uma pessoa.",
        (
            CONVERSATION,
            BiColumn(
                "interval_number", "Its number in its conversation, from 1.", "Seu número na conversa, a partir de 1."
            ),
            date("The day it began.", "O dia em que começou."),
            date("The day of the reply.", "O dia da resposta.", "replied_date", nullable=True),
            BiColumn("started_at", "When it began, in local time.", "Quando começou, no horário local."),
            BiColumn(
                "replied_at",
                "When a human replied, in local time; NULL if none did.",
                "Quando uma pessoa respondeu, no horário local; NULL se ninguém respondeu.",
            ),
            ACCOUNT,
            INBOX,
            TEAM,
            agent(
                "Who replied; 0 for nobody, and the channel's own app.",
                "Quem respondeu; 0 para ninguém e o app do canal.",
            ),
            BiColumn(
                "seconds",
                "Seconds until the reply; NULL if no human replied.",
                "Segundos até a resposta; NULL se ninguém respondeu.",
            ),
            declared("response_intervals", "business_seconds", BUSINESS_PT),
            declared(
                "response_intervals", "is_first_response", "Se a resposta é a primeira de uma pessoa na conversa."
            ),
            declared("response_intervals", "is_open", "Se nenhuma pessoa respondeu."),
        ),
        ("conversation_id", "interval_number"),
    ),
    BiView(
        "fact_target",
        "One row per wait or episode that has a target.",
        "Uma linha por espera ou episódio que tem meta.",
        (
            CONVERSATION,
            declared(
                "targets",
                "target",
                "O que tem prazo: first_response ou next_reply em uma espera, resolution no episódio.",
            ),
            declared("targets", "number", "O interval_number da espera, ou o episode_number do episódio."),
            date("The day it began.", "O dia em que começou."),
            date(
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
            ACCOUNT,
            INBOX,
            TEAM,
            agent(
                "Who replied, or the episode's agent; without a reply, who is assigned now; 0 for nobody.",
                "Quem respondeu, ou o agente do episódio; sem resposta, quem está atribuído agora; 0 para ninguém.",
            ),
            declared("targets", "target_seconds", "Em quantos segundos vence."),
            declared("targets", "clock", "Quais segundos contam: business (funcionamento) ou calendar (corridos)."),
            declared("targets", "is_met", "Se terminou até due_at; NULL enquanto corre."),
        ),
        ("conversation_id", "target", "number"),
    ),
    BiView(
        "fact_resolution",
        "One row per resolution.",
        "Uma linha por resolução.",
        (
            CONVERSATION,
            BiColumn(
                "resolution_number", "Its number in its conversation, from 1.", "Seu número na conversa, a partir de 1."
            ),
            date("The day of the resolution.", "O dia da resolução."),
            BiColumn("resolved_at", "When it was resolved, in local time.", "Quando foi resolvida, no horário local."),
            ACCOUNT,
            INBOX,
            TEAM,
            agent(
                "Who was assigned when it was resolved; 0 for nobody.",
                "Quem estava atribuído na resolução; 0 para ninguém.",
            ),
            declared("resolutions", "seconds", "Segundos da criação da conversa à resolução."),
            declared("resolutions", "business_seconds", BUSINESS_PT),
            date(
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
            CONVERSATION,
            date("The day it was written.", "O dia em que foi escrita.", nullable=True),
            BiColumn("hour", "The hour it was written, 0 to 23.", "A hora em que foi escrita, de 0 a 23."),
            BiColumn("created_at", "When it was written, in local time.", "Quando foi escrita, no horário local."),
            ACCOUNT,
            INBOX,
            agent("The agent who wrote it; 0 for anybody else.", "O agente que a escreveu; 0 para os demais."),
            declared("messages", "message_type", "incoming, outgoing, activity ou template."),
            declared("messages", "sender_type", "O que a enviou, como Contact ou User; NULL para ninguém."),
            declared("messages", "private", "Se é uma nota privada."),
            declared("messages", "deleted", "Se o conteúdo foi apagado; NULL se não se sabe."),
        ),
        ("message_id",),
    ),
    BiView(
        "fact_backlog",
        "One row per day, account and inbox: the backlog at the end of the day.",
        "Uma linha por dia, conta e caixa de entrada: a fila no fim do dia.",
        (
            date("The day.", "O dia."),
            ACCOUNT,
            INBOX,
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
)
