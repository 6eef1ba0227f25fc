"""What numbers are called in Portuguese, and what they mean: cards, columns, axes, Chatwoot's report."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "axis_conversations": "Conversas",
    "axis_score": "Notas 4 e 5 (%)",
    "axis_day": "Dia",
    "axis_week": "Semana, pelo seu primeiro dia",
    "axis_month": "Mês",
    "axis_hour": "Hora do dia",
    "tooltip_when": "Quando",
    "column_starts_on": "Desde",
    "column_conversations": "Iniciadas",
    "column_resolved": "Resolvidas",
    "column_median_first_response": "1ª resp., p50",
    "column_first_response_seconds": "1ª resposta",
    "column_rated": "Avaliadas",
    "column_score": "Satisfação",
    "column_label": "Nome",
    "column_channel": "Canal",
    "column_measure": "Medida",
    "column_status": "Status",
    "column_rating": "Nota",
    "column_rated_at": "Avaliada em",
    "column_feedback_message": "Comentário",
    "column_inbox": "Caixa de entrada",
    "column_agent": "Agente",
    "column_team": "Equipe",
    "column_priority": "Prioridade",
    "column_display_id": "Nº",
    "column_created_at": "Início",
    "column_contact_name": "Contato",
    "column_contact_phone": "Telefone",
    "column_contact_email": "E-mail",
    "column_t_messages": "Msgs",
    "column_duration_seconds": "Duração",
    "column_extracted_at": "Dados de",
    "column_weekday": "Dia da semana",
    "column_hour": "Hora",
    "column_conversation_date": "Dia",
    "column_condition": "Situação",
    "column_messages": "Mensagens",
    "column_snapshot_at": "Dados de",
    "column_loaded_at": "Carregado em",
    "column_pass": "Comparação",
    "column_compared_at": "Última feita",
    "column_compared_days": "Dias comparados",
    "column_attempted_at": "Última tentativa",
    "column_outcome": "Resultado",
    "card_conversations": "Iniciadas",
    "help_card_conversations": "Conversas que começaram no período.",
    "card_first_response": "1ª resposta",
    "help_card_first_response": (
        "Mediana da espera de um contato pela primeira resposta de uma pessoa, das primeiras respostas dadas no "
        "período; a de um robô não conta. O Chatwoot mostra a média, que poucas esperas longas puxam para cima."
    ),
    "card_resolved": "Resoluções",
    "help_card_resolved": (
        "Resoluções que aconteceram no período, de qualquer conversa; uma reaberta e resolvida de novo conta duas "
        "vezes."
    ),
    "card_score": "Satisfação",
    "help_card_score": (
        "Parcela das notas 4 e 5, como o Chatwoot conta; de cada conversa vale a última nota, na data em que a "
        "conversa começou."
    ),
    "card_rated": "Avaliadas",
    "help_card_rated": "Conversas do período que foram avaliadas.",
    "card_average_rating": "Nota média",
    "help_card_average_rating": "Média das últimas notas, de 1 a 5.",
    "card_as_of": "Dados de",
    "help_card_as_of": "O instante do Chatwoot que a carga mais recente mostra.",
    "card_compared_at": "Comparados em",
    "help_card_compared_at": "Quando estes dados foram comparados com o Chatwoot pela última vez.",
    "card_differing": "Dias que diferem",
    "help_card_differing": "Dias que mudaram no Chatwoot e ainda não foram carregados de novo.",
    "card_days": "Dias carregados",
    "help_card_days": "De todo o histórico, qualquer que seja o período escolhido.",
    "score_by_day": "Satisfação por dia",
    "score_by_week": "Satisfação por semana",
    "score_by_month": "Satisfação por mês",
    "axis_count": "Quantidade",
    "axis_messages": "Mensagens",
    "axis_wait": "Espera ({unit})",
    "axis_day_end": "Fim do dia",
    "axis_median_reply": "Tempo de resposta mediano ({unit})",
    "axis_ninetieth_reply": "90% das respostas em até ({unit})",
    "tooltip_wait": "Espera",
    "waits_first_percentiles": "primeira resposta",
    "waits_percentiles": "todas as respostas",
    "waits_median": "Metade das respostas veio em até",
    "waits_ninetieth": "9 de 10 respostas vieram em até",
    "happened_by_day": "Iniciadas e resolvidas por dia",
    "happened_by_week": "Iniciadas e resolvidas por semana",
    "happened_by_month": "Iniciadas e resolvidas por mês",
    "backlog_now": (
        "No fim de {date}: {open} abertas, delas {unassigned} sem agente e {unattended} não atendidas; {pending} "
        "pendentes, {snoozed} adiadas."
    ),
    "backlog_not_kept": "O que está pendente não é guardado por status e etiqueta: limpe esses filtros para vê-lo.",
    "backlog_open": "abertas",
    "backlog_pending": "pendentes",
    "backlog_snoozed": "adiadas",
    "backlog_unassigned": "sem agente",
    "backlog_unattended": "não atendidas",
    "column_reopened": "Reabertas",
    "column_responses": "Respostas",
    "column_median_reply": "Resposta, p50",
    "column_ninetieth_reply": "Resposta, p90",
    "column_ninety_fifth_reply": "Resposta, p95",
    "column_incoming": "Recebidas",
    "column_outgoing": "Enviadas",
    "column_waiting_since": "Espera desde",
    "column_label_words": "Etiquetas",
    "column_measured_at": "Medido em",
    "column_number": "Número",
    "column_chatwoot": "Chatwoot",
    "column_here": "Aqui",
    "column_why": "Por que diferem",
    "card_reopened": "Reabertas",
    "help_card_reopened": "Conversas resolvidas que foram reabertas no período.",
    "card_open": "Abertas no fim",
    "help_card_open": (
        "Conversas abertas no fim do último dia do período, ou agora; a variação é em relação ao fim do período "
        "anterior."
    ),
    "card_reply": "Tempo de resposta",
    "help_card_reply": (
        "Mediana da espera de um contato por uma resposta de uma pessoa, a primeira e todas as seguintes, das "
        "respostas dadas no período."
    ),
    "card_answer_rate": "Taxa de resposta",
    "help_card_answer_rate": "Das conversas do período que receberam a pesquisa, a parcela já avaliada.",
    "card_chatwoot_rate": "Pela regra do Chatwoot",
    "help_card_chatwoot_rate": (
        "Notas dadas no período, das pesquisas enviadas no período, qualquer que seja o dia em que as conversas "
        "começaram. Guardado por conta e um outro filtro de cada vez."
    ),
    "heatmap_conversations": "Quando as conversas começam",
    "heatmap_incoming": "Quando os contatos escrevem",
    "heatmap_outgoing": "Quando se escreve para eles",
    "fact_waits": "Respostas",
    "waits_of_conversation": "{answered} dadas, após {average} em média; {unanswered} não dadas",
    "waits_all_answered": "{answered} dadas, após {average} em média",
    "fact_resolutions": "Resoluções",
    "fact_reopens": "Reaberturas",
    "fact_reassignments": "Trocas de agente",
    "report_not_filtered": (
        "O relatório do Chatwoot não conhece status nem etiquetas: o que foi escolhido deles não conta aqui."
    ),
    "report_conversations_count": "Conversas",
    "why_conversations_count": "Não diferem: ambos contam as que começaram no período.",
    "report_incoming_messages_count": "Mensagens recebidas",
    "why_incoming_messages_count": (
        "O Chatwoot conta também as privadas; de um agente só as que ele escreveu, aqui as das conversas dele."
    ),
    "report_outgoing_messages_count": "Mensagens enviadas",
    "why_outgoing_messages_count": "O Chatwoot conta as notas privadas, que nenhum contato viu.",
    "report_avg_first_response_time": "1ª resposta, média",
    "why_avg_first_response_time": (
        "O Chatwoot mede desde o início da conversa, aqui desde que o contato começou a esperar; ele data pelo "
        "momento em que gravou o evento."
    ),
    "report_avg_resolution_time": "Resolução, média",
    "why_avg_resolution_time": (
        "O Chatwoot conta duas vezes um evento gravado duas vezes, e perde os de agentes excluídos."
    ),
    "report_resolutions_count": "Resoluções",
    "why_resolutions_count": "O mesmo: aqui cada resolução uma vez, também as de agentes excluídos.",
    "report_reply_time": "Tempo de resposta, média",
    "why_reply_time": "O Chatwoot deixa de fora a primeira resposta, e toma a de um robô pelo fim da espera.",
    "report_bot_resolutions_count": "Resolvidas por robô",
    "why_bot_resolutions_count": (
        "O Chatwoot conta eventos do período; aqui conversas que começaram nele, cada uma uma vez."
    ),
    "report_bot_handoffs_count": "Passadas por robô",
    "why_bot_handoffs_count": "O Chatwoot conta conversas pelo dia da passagem; aqui pelo dia em que começaram.",
}
