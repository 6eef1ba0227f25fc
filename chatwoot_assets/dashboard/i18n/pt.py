"""The texts in Portuguese, but for those of numbers."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "title": "Atendimento",
    "page_overview": "Visão geral",
    "page_conversations": "Conversas",
    "page_agents": "Agentes e equipes",
    "page_channels": "Canais e etiquetas",
    "page_satisfaction": "Satisfação",
    "page_when": "Quando",
    "page_health": "Saúde dos dados",
    "language": "Idioma",
    "subheading": "{first} a {last} ({days} dias) · dados de {as_of} · fuso horário {zone}",
    "loading": "Carregando…",
    "filter_period": "Período",
    "filter_own": "De … até",
    "filter_accounts": "Contas",
    "filter_inboxes": "Caixas de entrada",
    "filter_teams": "Equipes",
    "filter_agents": "Agentes",
    "filter_statuses": "Status",
    "all": "Todas as opções",
    "clear_filters": "Limpar filtros",
    "date_widget_form": "DD/MM/YYYY",
    "period_today": "Hoje",
    "period_7d": "Últimos 7 dias",
    "period_30d": "Últimos 30 dias",
    "period_90d": "Últimos 90 dias",
    "period_month": "Este mês",
    "period_last_month": "Mês passado",
    "period_year": "Este ano",
    "period_own": "Outro período…",
    "account_without_name": "Conta {id}",
    "inbox_without_name": "Caixa {id}",
    "team_without_name": "Equipe {id}",
    "agent_without_name": "Agente {id}",
    "no_team": "Sem equipe",
    "no_agent": "Ninguém",
    "download_csv": "Baixar CSV",
    "as_table": "Ver como tabela",
    "status_open": "Aberta",
    "status_resolved": "Resolvida",
    "status_pending": "Pendente",
    "status_snoozed": "Adiada",
    "priority_low": "Baixa",
    "priority_medium": "Média",
    "priority_high": "Alta",
    "priority_urgent": "Urgente",
    "weekday_0": "domingo",
    "weekday_1": "segunda",
    "weekday_2": "terça",
    "weekday_3": "quarta",
    "weekday_4": "quinta",
    "weekday_5": "sexta",
    "weekday_6": "sábado",
    "rating_1": "1 · péssimo",
    "rating_2": "2 · ruim",
    "rating_3": "3 · regular",
    "rating_4": "4 · bom",
    "rating_5": "5 · ótimo",
    "rating_of_five": "{rating} de 5",
    "unit_minutes": "minutos",
    "unit_hours": "horas",
    "when_day": "{date}",
    "when_week": "semana de {date}",
    "when_month": "mês de {date}",
    "condition_equal": "igual ao Chatwoot",
    "condition_uncompared": "não comparado",
    "condition_unsummarized": "resumo atrasado",
    "condition_differs": "difere do Chatwoot",
    "condition_missing": "não carregado",
    "pass_recent": "últimos dias",
    "pass_full": "todos os dias",
    "outcome_made": "feita",
    "outcome_failed": "não foi possível",
    "change_against": "Variação em relação a {first} a {last}.",
    "change_unknown": "Sem variação: o período ou o anterior ({first} a {last}) não está carregado por inteiro.",
    "by_status": "Por status",
    "help_by_status": "O status que cada conversa tem agora.",
    "empty_period": "Nenhuma conversa com estes filtros neste período. Escolha outro período ou limpe os filtros.",
    "comparison": "Comparação",
    "comparison_line": "Linha tracejada: todas as conversas juntas, {value}.",
    "empty_measure": "Não há valores desta medida no período.",
    "distribution": "Distribuição das notas",
    "empty_ratings": "Nenhuma conversa avaliada com estes filtros neste período.",
    "comments": "Comentários",
    "comments_shown": "Os {count} mais recentes do período.",
    "empty_comments": "Nenhuma avaliação do período tem comentário.",
    "busiest": "Mais movimento: {weekday}, das {hour} às {until} h, com {count} {unit} (fuso horário {zone}).",
    "days_of_period": "Dias do período",
    "passes": "Comparações com o Chatwoot",
    "empty_passes": (
        "Nenhuma ainda. `changed_days_sensor` e `nightly_scan_schedule`, na interface do Dagster, fazem as comparações."
    ),
    "unknown_heading": "O que não se sabe",
    "unknown_never_compared": "Se os dados ainda são os do Chatwoot: nunca foram comparados.",
    "unknown_since": "O que mudou no Chatwoot desde {since}: desde então não foi possível compará-lo.",
    "unknown_differs": "O que mudou em {date}: visto pela primeira vez em {since}, ainda não carregado.",
    "unknown_missing": "As conversas de {count} dias do período, que não estão carregados.",
    "unknown_nothing": "Nada, do que foi comparado.",
    "unknown_always": (
        "Nunca se sabe aqui: equipes e etiquetas de antes, pois o Chatwoot só guarda as atuais; quando uma conversa"
        " foi resolvida, se o Chatwoot não guardou nem evento nem mensagem disso; horários de atendimento de antes."
    ),
    "list_range": "**{first} a {last}** de **{total}** conversas, as mais novas primeiro",
    "list_hint": "Clique em uma linha para ler a conversa.",
    "page_before": "Anterior",
    "page_after": "Próxima",
    "page_number": "Página {number} de {pages}",
    "back_to_list": "Voltar à lista",
    "conversation_gone": "Esta conversa não está (ou não está mais) entre os dados carregados.",
    "conversation_title": "Conversa nº {number}",
    "open_in_chatwoot": "Abrir no Chatwoot",
    "contact_without_name": "Contato sem nome",
    "private": "nota privada",
    "deleted": "apagada no Chatwoot",
    "sender_bot": "Robô",
    "sender_contact": "Contato",
    "sender_chatwoot": "Chatwoot",
    "no_text": "sem texto; talvez um anexo",
    "all_messages": "Mostrar todas as {total} mensagens",
    "last_messages": "As últimas {count} de {total} mensagens.",
    "empty_thread": "Esta conversa não tem mensagens.",
    "notice_database_down": (
        "O banco de dados local não responde desde {since}. O que já tinha sido lido continua aparecendo."
    ),
    "notice_never_compared": (
        "Os dados são de {as_of} e nunca foram comparados com o Chatwoot: podem estar desatualizados."
    ),
    "notice_unknown": (
        "O que mudou no Chatwoot desde {since} não é conhecido: não houve comparação desde então. Os números são de"
        " antes."
    ),
    "notice_differing": "Mudaram no Chatwoot e ainda não foram carregados de novo: {days}.",
    "notice_missing_days": (
        "{count} dos {total} dias do período não estão carregados; os números são dos outros. Há dados de {first} a"
        " {last}."
    ),
    "notice_ignored_parameters": "Parte do endereço não pôde ser entendida e foi deixada de lado: {names}.",
    "error_unreachable": (
        "O banco de dados local não responde, e por isso não há números a mostrar. Quem cuida dele vê o motivo no "
        "terminal do painel, ou com este comando:"
    ),
    "error_database": (
        "O banco de dados local não respondeu a esta pergunta. Tente de novo em instantes; o motivo está no "
        "terminal do painel."
    ),
    "error_unexpected": (
        "Algo saiu errado ao montar esta página. O terminal do painel diz onde; as outras páginas continuam "
        "funcionando."
    ),
    "empty_tables": "Ainda não há nenhum dia carregado. Carregue com este comando; a página o mostra em até um minuto:",
    "filter_labels": "Etiquetas",
    "filter_clock": "Só horário de atendimento",
    "help_filter_clock": (
        "As durações contam só o horário de atendimento da caixa de entrada, como está agora no Chatwoot; caixas "
        "sem horário ficam então sem duração."
    ),
    "no_label": "Sem etiqueta",
    "total": "Todas juntas",
    "total_adds_up": "Contado no dia em que aconteceu. A primeira linha é de todas juntas.",
    "total_counts_once": (
        "Uma conversa com três etiquetas conta em cada uma delas, e uma vez só na primeira linha: a soma das "
        "etiquetas não dá esse número."
    ),
    "messages_not_kept": (
        "As mensagens não são guardadas por tudo o que foi escolhido: limpe os outros filtros para vê-las."
    ),
    "definition_agents": (
        "Respostas são de quem escreveu, resoluções de quem estava com a conversa; conversas, reaberturas e notas "
        "de quem está com ela agora."
    ),
    "definition_teams": "Uma conversa conta para a equipe a que pertence agora.",
    "help_waits": (
        "Da primeira mensagem de um contato que espera até a próxima resposta de uma pessoa, na data da resposta. "
        "As esperas que ninguém encerrou estão no que está pendente."
    ),
    "empty_waits": "Nenhuma espera terminou com uma resposta neste período.",
    "clock_caption": "Em horário de atendimento: de {all} respostas, as {timed} em caixas de entrada que o têm.",
    "help_happened": "Conversas no dia em que começaram; resoluções no dia em que aconteceram, de qualquer conversa.",
    "backlog": "Pendentes no fim de cada dia",
    "help_backlog": (
        "Reconstruído a partir do que aconteceu; o último dia é o que o Chatwoot mostra agora. As sem agente e as "
        "não atendidas estão entre as abertas. Não atendida: sem primeira resposta, ou o contato espera de novo."
    ),
    "hours_not_kept": "As mensagens por hora não são guardadas por status e etiqueta: limpe esses filtros para vê-las.",
    "empty_hours": "Não há nenhuma. De um agente escolhido conta só o que ele escreveu.",
    "comparison_cut": "Os {count} maiores; os demais estão na tabela.",
    "list_waiting": "**{first} a {last}** de **{total}** conversas que esperam resposta, a espera mais longa primeiro",
    "only_waiting": "Só as que esperam resposta ({count})",
    "help_only_waiting": (
        "Conversas abertas do período em que o contato escreveu por último, ou foi passado por um robô, e ainda não"
        " tem resposta de uma pessoa."
    ),
    "empty_waiting": "Ninguém espera resposta.",
    "resolutions_of_conversation": "{count}; a última após {last}",
    "condition_unmeasured": "métricas atrasadas",
    "notice_unmeasured": "As métricas destes dias são de uma carga anterior, ou ainda não existem: {days}.",
    "unknown_unmeasured": (
        "O que aconteceu nas conversas de {count} dias desde que foram carregadas de novo, a primeira em {since}: "
        "as métricas delas estão atrasadas."
    ),
    "comparison_with_chatwoot": "Ao lado do relatório do próprio Chatwoot",
}
