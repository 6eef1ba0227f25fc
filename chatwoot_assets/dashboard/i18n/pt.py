"""The Brazilian Portuguese texts, with the words of Chatwoot's own translation.

A data file, in the order of the dashboard: it is longer than the limit of 300 lines.
"""

from __future__ import annotations

TEXTS: dict[str, str] = {
    # Every page
    "title": "Atendimento",
    "page_overview": "Visão geral",
    "page_live": "Ao vivo",
    "page_conversations": "Conversas",
    "page_agents": "Agentes e equipes",
    "page_channels": "Canais e etiquetas",
    "page_bots": "Robôs",
    "page_campaigns": "Campanhas",
    "page_satisfaction": "Satisfação",
    "page_distribution": "Distribuição",
    "page_busy_hours": "Horários de pico",
    "page_comparison": "Comparação com o Chatwoot",
    "page_data_health": "Saúde dos dados",
    "html_language": "pt-BR",
    "page_not_found": "Página não encontrada",
    "not_found": "Não há página neste endereço.",
    "login": "Entrar",
    "logout": "Sair",
    "login_no_access": (
        "Você entrou, mas ninguém lhe deu acesso a estes números. Fale com quem administra este painel."
    ),
    "language": "Idioma",
    "subheading": "{first} a {last} ({days} dias) · {freshness} · fuso horário {zone}",
    "subheading_one_day": "{first} · {freshness} · fuso horário {zone}",
    "freshness_as_of": "dados de {instant}",
    "freshness_equal": "igual ao Chatwoot em {instant}",
    "freshness_recent_equal": "dias mais recentes iguais ao Chatwoot em {instant}",
    "loading": "Carregando…",
    "download_too_large": "Até {count} linhas são baixadas aqui. Selecione um período mais curto.",
    "export_too_large": (
        "Até {count} linhas são baixadas aqui. Selecione um período mais curto ou use chatwoot-assets export, que tem "
        "os filtros da barra lateral."
    ),
    "download_csv": "Baixar CSV",
    "show_table": "Ver como tabela",
    "change_against": "Variação em relação ao período de {first} a {last}.",
    "change_against_one_day": "Variação em relação a {first}.",
    "change_until": "O último dia dele conta até {time}, porque hoje ainda não acabou.",
    "change_unknown": (
        "Sem variação, porque o período ou o anterior ({first} a {last}) não está totalmente carregado."
    ),
    "change_unknown_year": (
        "Sem variação, porque o período ou as mesmas semanas do ano passado ({first} a {last}) não estão totalmente "
        "carregados."
    ),
    "change_unknown_year_one_day": (
        "Sem variação, porque o dia ou o mesmo dia da semana do ano passado ({first}) não está carregado."
    ),
    "change_unknown_one_day": "Sem variação, porque o dia ou o anterior ({first}) não está carregado.",
    "empty_period": (
        "Nenhuma conversa corresponde a estes filtros neste período. Selecione outro período ou limpe os filtros."
    ),
    # Filter bar
    "filter_period": "Período",
    "filter_custom": "De … até",
    "filter_comparison": "Comparar com",
    "comparison_previous": "O período anterior",
    "comparison_year": "As mesmas semanas do ano passado",
    "filter_accounts": "Contas",
    "filter_inboxes": "Caixas de entrada",
    "filter_teams": "Equipes",
    "filter_agents": "Agentes",
    "filter_labels": "Etiquetas",
    "filter_attributes": "Atributos",
    "filter_statuses": "Status",
    "filter_business_hours": "Só horário de funcionamento",
    "help_business_hours": (
        "As durações contam só o horário de funcionamento da caixa de entrada, como está configurado no Chatwoot "
        "agora. Conversas em caixas sem horário de funcionamento ficam sem duração."
    ),
    "all_accounts": "Todas",
    "all_inboxes": "Todas",
    "all_teams": "Todas",
    "all_agents": "Todos",
    "all_labels": "Todas",
    "all_attributes": "Todos",
    "all_statuses": "Todos",
    "all_ratings": "Todas",
    "all_priorities": "Todas",
    "all_channels": "Todos",
    "all_bot": "Todos",
    "all_response_over": "Qualquer duração",
    "all_resolution_over": "Qualquer duração",
    "clear_filters": "Limpar filtros",
    "date_widget_format": "DD/MM/YYYY",
    "period_today": "Hoje",
    "period_yesterday": "Ontem",
    "period_7d": "Últimos 7 dias",
    "period_week": "Esta semana",
    "period_last_week": "Semana passada",
    "period_30d": "Últimos 30 dias",
    "period_90d": "Últimos 90 dias",
    "period_month": "Este mês",
    "period_last_month": "Mês passado",
    "period_12m": "Últimos 12 meses",
    "period_year": "Este ano",
    "period_all": "Tudo",
    "period_custom": "Período personalizado…",
    "account_without_name": "Conta {id}",
    "inbox_without_name": "Caixa de entrada {id}",
    "team_without_name": "Equipe {id}",
    "agent_without_name": "Agente {id}",
    "no_team": "Sem equipe",
    "no_agent": "Não atribuída",
    "nobody_bot": "Robô",
    "nobody_automation": "Automação",
    "nobody_app": "Aplicativo do próprio canal",
    "nobody_none": "Não atribuída",
    "nobody_split": (
        "O que não conta para nenhum agente é dividido: conversas que estão com um robô, resoluções por robôs e por "
        "automação ou inatividade, respostas pelo aplicativo do próprio canal, e o resto, sem ninguém atribuído."
    ),
    "open_now_caption": "Abertas agora: conversas abertas na última carga, tenham começado quando for.",
    "trend": "Evolução de uma linha",
    "trend_choose": "Escolha uma linha",
    "saved_views": "Visões salvas",
    "view_waiting": "À espera de resposta agora",
    "view_yesterday": "Ontem",
    "view_last_week": "Semana passada",
    "view_agents_last_week": "Agentes na semana passada",
    "view_badly_rated": "Mal avaliadas, últimos 30 dias",
    "no_label": "Sem etiqueta",
    "attribute": "Atributo",
    "no_value": "Sem valor",
    # Notices and errors
    "notice_database_down": (
        "O banco de dados local não responde desde {since}. Os dados lidos antes continuam aparecendo."
    ),
    "runaways": "Conversas fora de controle",
    "help_runaways": (
        "Conversas com mensagens demais, seja qual for a data, como dois robôs que respondem um ao outro."
    ),
    "runaways_count": (
        "Estas conversas têm mais de {count} mensagens cada. As esperas delas contam em todos os tempos de resposta; "
        "RUNAWAY_MESSAGES as deixa de fora."
    ),
    "runaways_left_out": (
        "Estas conversas têm mais de {count} mensagens cada (RUNAWAY_MESSAGES) e não contam em nenhum tempo de "
        "resposta."
    ),
    "notice_never_compared": (
        "Os dados são de {as_of} e nunca foram comparados com o Chatwoot. Eles podem estar desatualizados."
    ),
    "notice_not_compared": (
        "Não se sabe o que mudou no Chatwoot desde {since}: não houve nenhuma comparação desde então."
    ),
    "notice_differing_days": "Mudaram no Chatwoot e ainda não foram recarregados: {days}.",
    "notice_missing_days": (
        "{count} dos {total} dias do período não estão carregados e faltam nos números. Há dados de {first} a {last}."
    ),
    "notice_missing_day": (
        "{count} dos {total} dias do período não está carregado e falta nos números. Há dados de {first} a {last}."
    ),
    "notice_missing_only_day": "Este dia não está carregado. Há dados de {first} a {last}.",
    "notice_outdated": "Estes dias estão desatualizados e precisam ser recarregados: {days}.",
    "notice_ignored_parameters": "Partes do endereço não foram entendidas e são ignoradas: {names}.",
    "notice_unknown_filters": "Nada é exibido: estes filtros não foram entendidos, ou nada do "
    "que selecionam existe: {names}. Para removê-los, use os botões abaixo do título.",
    "notice_unknown_condition": "Nada é exibido: uma condição do endereço não foi "
    "entendida. Para removê-la, use o botão abaixo do título.",
    "unknown_value": "Não encontrado",
    "error_unreachable": (
        "O banco de dados local não responde, por isso não há números para mostrar. O motivo está no terminal do "
        "painel; este comando também o mostra:"
    ),
    "error_database": (
        "O banco de dados local não conseguiu responder. Tente de novo em instantes. O motivo está no terminal do "
        "painel."
    ),
    "error_unexpected": (
        "Ocorreu um erro nesta página. O terminal do painel mostra onde. As outras páginas continuam funcionando."
    ),
    "empty_tables": "Nenhum dia está carregado ainda. Carregue com este comando; os dias aparecem aqui em um minuto:",
    # Chatwoot's terms
    "status_open": "Aberta",
    "status_resolved": "Resolvida",
    "status_pending": "Pendente",
    "status_snoozed": "Adiada",
    "priority_low": "Baixa",
    "priority_medium": "Média",
    "priority_high": "Alta",
    "priority_urgent": "Urgente",
    "rating_1": "1 · péssimo",
    "rating_2": "2 · ruim",
    "rating_3": "3 · regular",
    "rating_4": "4 · bom",
    "rating_5": "5 · ótimo",
    "rating_of_five": "{rating} de 5",
    # Dates and units
    "weekday_0": "domingo",
    "weekday_1": "segunda-feira",
    "weekday_2": "terça-feira",
    "weekday_3": "quarta-feira",
    "weekday_4": "quinta-feira",
    "weekday_5": "sexta-feira",
    "weekday_6": "sábado",
    "unit_minutes": "minutos",
    "unit_hours": "horas",
    "starting_day": "{date}",
    "starting_week": "semana de {date}",
    "starting_month": "mês de {date}",
    # Cards
    "card_conversations": "Novas",
    "help_card_conversations": "Conversas que começaram no período.",
    "card_resolved": "Resoluções",
    "help_card_resolved": (
        "Resoluções no período, seja qual for o início da conversa. Uma conversa reaberta e resolvida de novo conta "
        "duas vezes."
    ),
    "card_reopened": "Reabertas",
    "help_card_reopened": "Conversas resolvidas que foram reabertas no período.",
    "card_open": "Abertas no fim",
    "help_card_open": (
        "Conversas abertas no fim do último dia do período, ou agora. A variação é em relação ao fim do período "
        "comparado."
    ),
    "card_first_response": "Primeira resposta (mediana)",
    "help_card_first_response": (
        "Mediana do tempo que os contatos esperaram pela primeira resposta de um agente, entre as primeiras respostas"
        " dadas no período. Respostas de robôs não contam. O Chatwoot mostra a média, que algumas esperas longas "
        "puxam para cima."
    ),
    "card_response": "Tempo de resposta (mediana)",
    "help_card_response": (
        "Mediana do tempo que os contatos esperaram por uma resposta de um agente, entre todas as respostas dadas no "
        "período: a primeira e todas as seguintes."
    ),
    "card_score": "Satisfação",
    "help_card_score": (
        "Percentual de notas 4 e 5. Vale a última nota de cada conversa, no dia em que a conversa começou."
    ),
    "episodes": "Atendimentos",
    "help_episodes": (
        "Um atendimento é um trecho de uma conversa: começa com a primeira mensagem, ou com a primeira mensagem ou "
        "abertura depois de uma resolução que durou, e termina com a sua última resolução."
    ),
    "card_episodes_started": "Iniciados",
    "help_card_episodes_started": "Atendimentos que começaram no período.",
    "card_unique_contacts": "Contatos",
    "help_card_unique_contacts": "Contatos diferentes dos atendimentos que começaram no período.",
    "card_episodes_resolved": "Resolvidos",
    "help_card_episodes_resolved": "Atendimentos cuja última resolução foi no período.",
    "card_episode_first_response": "Primeira resposta por atendimento",
    "help_card_episode_first_response": (
        "Tempo mediano que os contatos esperaram pela primeira resposta de um agente, nos atendimentos iniciados no "
        "período."
    ),
    "card_resolution_median": "Tempo de resolução (mediana)",
    "help_card_resolution_median": (
        "Tempo mediano do início até a última resolução, nos atendimentos resolvidos no período."
    ),
    "card_resolution_p90": "Tempo de resolução (p90)",
    "help_card_resolution_p90": "Nove em cada dez atendimentos resolvidos no período levaram no máximo este tempo.",
    "card_repeated": "Voltaram em 7 dias",
    "help_card_repeated": (
        "Percentual dos atendimentos resolvidos depois dos quais o mesmo contato iniciou outro em até 7 dias, em "
        "qualquer caixa de entrada da conta. Contam só os resolvidos há pelo menos 7 dias."
    ),
    "card_first_contact": "Resolvidos no primeiro contato",
    "help_card_first_contact": (
        "Percentual dos atendimentos resolvidos que não foram reabertos e depois dos quais o contato não voltou em até "
        "7 dias. Contam só os resolvidos há pelo menos 7 dias."
    ),
    "slas": "SLAs",
    "help_slas": (
        "As políticas de SLA do Chatwoot aplicadas no período, segundo o próprio Chatwoot. Taxa de acerto: a parte sem "
        "violação, como no relatório de SLA do Chatwoot; as que ainda estão em curso contam como acerto até que algo "
        "seja violado."
    ),
    "sla_misses": "SLAs violados",
    "sla_misses_shown": "São mostrados os {count} mais recentes.",
    "sla_without_name": "Política excluída",
    "targets": "No prazo",
    "help_targets": (
        "Respostas e resoluções do período que tinham uma meta. Os mapas de calor contam as que ficaram fora da meta, "
        "na hora em que vieram."
    ),
    "card_target_first_response": "Primeiras respostas no prazo",
    "help_card_target_first_response": (
        "Parte das primeiras respostas do período dentro da meta. Uma espera resolvida com atraso e sem resposta conta "
        "como fora da meta."
    ),
    "card_target_next_reply": "Respostas no prazo",
    "help_card_target_next_reply": (
        "Parte das respostas seguintes do período dentro da meta. Uma espera resolvida com atraso e sem resposta conta "
        "como fora da meta."
    ),
    "card_target_resolution": "Resoluções no prazo",
    "help_card_target_resolution": "Parte dos atendimentos resolvidos no período dentro da meta.",
    "card_rated": "Avaliações",
    "help_card_rated": "Conversas do período que foram avaliadas.",
    "card_average_rating": "Nota média",
    "help_card_average_rating": "Média das últimas notas, de 1 a 5.",
    "card_response_rate": "Taxa de resposta",
    "help_card_response_rate": "Das conversas do período que receberam a pesquisa, o percentual já avaliado.",
    "card_chatwoot_response_rate": "Taxa de resposta no Chatwoot",
    "help_card_chatwoot_response_rate": (
        "A taxa de resposta como o Chatwoot calcula: respostas dadas no período, divididas por todas as pesquisas "
        "enviadas no período. O Chatwoot filtra só as respostas, nunca as pesquisas."
    ),
    "card_as_of": "Dados de",
    "help_card_as_of": "Os dados mais recentes mostram o Chatwoot como estava neste momento.",
    "card_equal": "Igual ao Chatwoot",
    "help_card_equal": "Neste momento, uma comparação completa não encontrou diferenças do Chatwoot.",
    "card_recent_equal": "Dias recentes iguais",
    "help_card_recent_equal": (
        "Neste momento, uma verificação não encontrou diferenças do Chatwoot. Ela compara os dias mais recentes e "
        "parte dos mais antigos."
    ),
    "card_compared_at": "Última comparação",
    "help_card_compared_at": "Quando os dados foram comparados com o Chatwoot pela última vez.",
    "card_differing_days": "Dias que diferem",
    "help_card_differing_days": "Dias que mudaram no Chatwoot e ainda não foram recarregados.",
    "card_loaded_days": "Dias carregados",
    "help_card_loaded_days": "Todos os dias carregados, não só os do período selecionado.",
    # Overview
    "business_hours_caption": (
        "Só horário de funcionamento: {timed} de {replies} respostas foram dadas em caixas de entrada que têm esse "
        "horário."
    ),
    "volume_by_day": "Novas e resolvidas por dia",
    "volume_by_week": "Novas e resolvidas por semana",
    "volume_by_month": "Novas e resolvidas por mês",
    "help_volume": (
        "Conversas novas contam no dia em que começaram. Resoluções contam no dia em que aconteceram, seja qual for o"
        " início da conversa."
    ),
    "by_status": "Por status",
    "help_by_status": "O status atual das conversas que começaram no período.",
    "response_time_median": "Tempo de resposta (mediana)",
    "response_time_p90": "Tempo de resposta (p90)",
    "help_response_time": (
        "Quanto tempo os contatos esperaram por uma resposta de um agente, no dia da resposta. Metade das respostas "
        "veio dentro da mediana, 90% dentro do p90. Contatos que ainda esperam estão na fila."
    ),
    "series_first_response_percentiles": "primeira resposta",
    "series_percentiles": "todas as respostas",
    "empty_response_times": "Nenhuma resposta foi dada neste período.",
    "backlog": "Fila no fim do dia",
    "help_backlog": (
        "Calculada a partir do histórico das conversas; o último dia mostra os mesmos números do Chatwoot. Conversas "
        "não atribuídas e não atendidas contam também como abertas. Não atendida: ainda não teve a primeira resposta,"
        " ou o contato espera de novo."
    ),
    "backlog_now": (
        "No fim de {date}: {open} abertas, das quais {unassigned} não atribuídas e {unattended} não atendidas; "
        "{pending} pendentes; {snoozed} adiadas."
    ),
    "backlog_left_out": "As conversas anteriores a {date} não estão carregadas e ficam fora da fila.",
    "backlog_holes": "Também faltam as de {count} dias desde então.",
    "backlog_hole": "Também faltam as de um dia desde então.",
    "backlog_not_split": "A fila não pode ser separada por status, etiqueta ou atributo. Limpe esses filtros.",
    "open_not_split": (
        "Não se sabe quantas estavam abertas no fim, porque a fila dos dias passados é guardada como somas, "
        "que não podem ser separadas por status, etiqueta ou atributo. As abertas agora estão na página Ao vivo."
    ),
    "backlog_open": "abertas",
    "backlog_pending": "pendentes",
    "backlog_snoozed": "adiadas",
    "backlog_unassigned": "não atribuídas",
    "backlog_unattended": "não atendidas",
    # Live
    "live_as_of": "Agora, conforme a última carga: {as_of} · fuso {zone} · o período não se aplica",
    "live_open": "Abertas",
    "help_live_open": "Conversas abertas, de qualquer data.",
    "live_unattended": "Não atendidas",
    "help_live_unattended": (
        "Conversas abertas que ainda não tiveram a primeira resposta, ou cujo contato espera de novo, pela regra do "
        "próprio Chatwoot."
    ),
    "live_unassigned": "Não atribuídas",
    "help_live_unassigned": "Conversas abertas que não estão atribuídas a ninguém.",
    "live_needs_reply": "Esperam resposta",
    "help_live_needs_reply": (
        "Conversas abertas em que o contato escreveu por último, ou foi transferido por um robô, e ainda não teve "
        "resposta de um agente."
    ),
    "live_pending": "Pendentes",
    "help_live_pending": "Conversas pendentes: em geral, um robô as atende.",
    "live_snoozed": "Adiadas",
    "help_live_snoozed": "Conversas que foram adiadas.",
    "live_longest_wait": "Maior espera",
    "help_live_longest_wait": "Há quanto tempo espera o contato que mais espera pela resposta de um agente.",
    "longest_waits": "Maiores esperas",
    "wall_mode": "Para televisão",
    "help_wall_mode": "Abre esta página em letras grandes e sem filtros. Os do endereço continuam valendo.",
    # Agents, teams, inboxes and labels
    "comparison": "Comparação",
    "measure": "Medida",
    "comparison_line": "Linha tracejada: total, {value}.",
    "comparison_cut": "Só os {count} maiores aparecem aqui. A tabela tem todos.",
    "empty_measure": "Não há valores desta medida no período.",
    "total": "Total",
    "calls": "Chamadas",
    "help_calls": (
        "As chamadas que começaram a tocar no período, como o Chatwoot as registrou, pelo agente que as atendeu. "
        "Não atendidas: sem resposta, recusadas ou com falha, nos dois sentidos. As durações são das atendidas."
    ),
    "channel_summary": "Resumo por canal",
    "channel_summary_caption": "Conversas que começaram no período, pelo status que têm agora.",
    "label_matrix": "Caixas de entrada por etiqueta",
    "label_matrix_caption": (
        "Conversas que começaram no período. Uma conversa com três etiquetas conta em cada uma das três colunas."
    ),
    "label_matrix_cut_inboxes": "Só as {count} caixas de entrada com mais conversas aparecem aqui, de {total}.",
    "label_matrix_cut_labels": "Só as {count} etiquetas mais frequentes aparecem aqui, de {total}.",
    "total_is_sum": "Tudo conta no dia em que aconteceu. A primeira linha é o total.",
    "total_counts_once": "Uma conversa com três etiquetas conta em cada uma das três linhas, mas só uma vez no total.",
    "help_table": (
        "Primeira resposta e tempo de resposta são medianas. Resposta p90: 90% das respostas vieram dentro deste tempo."
    ),
    "messages_not_of_teams": (
        "Aqui, as mensagens são somadas por todas as equipes; os números das suas equipes não são conhecidos."
    ),
    "chatwoot_not_of_teams": (
        "O relatório de robôs do Chatwoot conta todas as equipes juntas; o das suas equipes não é conhecido."
    ),
    "surveys_not_of_teams": (
        "O Chatwoot conta as pesquisas de todas as equipes juntas; o número delas e a taxa de resposta não são "
        "conhecidos para as suas equipes."
    ),
    "messages_not_split": (
        "As mensagens não podem ser separadas por todos estes filtros. Limpe os outros filtros para vê-las."
    ),
    "definition_agents": (
        "Respostas contam para o agente que as escreveu, e resoluções para o agente que estava atribuído no momento. "
        "Conversas e reaberturas contam para o agente atribuído agora, e avaliações para o agente que estava atribuído "
        "quando foram dadas."
    ),
    "definition_teams": "Uma conversa conta para a equipe a que pertence agora.",
    # Satisfaction
    "rating_distribution": "Notas",
    "score_by_day": "Satisfação por dia",
    "score_by_week": "Satisfação por semana",
    "score_by_month": "Satisfação por mês",
    "ratings_of_agents": (
        "Uma avaliação é do agente que estava atribuído quando o contato a deu; uma pesquisa sem avaliação, do agente "
        "atribuído agora."
    ),
    "chatwoot_csat": "Comparação com o relatório de satisfação do Chatwoot",
    "csat_not_filtered": (
        "O relatório de satisfação do Chatwoot não tem filtros de status, etiquetas e atributos, por isso eles não "
        "valem aqui."
    ),
    "csat_responses": "Respostas",
    "difference_csat_responses": (
        "O Chatwoot conta cada resposta dada no período; o painel, as conversas avaliadas que começaram nele, cada uma "
        "com sua última avaliação."
    ),
    "csat_surveys": "Pesquisas enviadas",
    "difference_csat_surveys": (
        "O Chatwoot conta as mensagens de pesquisa do período em toda a conta, qualquer que seja o filtro de caixa de "
        "entrada, equipe e agente; o painel, as conversas que começaram no período e receberam uma pesquisa."
    ),
    "csat_response_rate": "Taxa de resposta",
    "difference_csat_response_rate": (
        "Ambos dividem as respostas pelas pesquisas. No Chatwoot, uma avaliação em outro período que sua pesquisa "
        "conta no seu próprio, e um filtro diminui a taxa."
    ),
    "csat_score": "Índice de satisfação (4 e 5)",
    "csat_rated": "Nota {rating}",
    "difference_csat_same": (
        "O Chatwoot conta cada resposta do período; o painel, a última de cada conversa que começou nele."
    ),
    "empty_ratings": "Nenhuma conversa que corresponde a estes filtros foi avaliada neste período.",
    "comments": "Comentários e observações",
    "comments_search": "Buscar em comentários e observações",
    "comments_shown_one": "Um no período.",
    "comments_shown": "Os {count} mais recentes do período.",
    "empty_comments": "Nenhuma avaliação correspondente tem comentário ou observação.",
    # Bots
    "card_handled": "Atendidas por robôs",
    "help_card_handled": (
        "Conversas que começaram no período e em que um robô escreveu, ou que ele resolveu ou transferiu."
    ),
    "card_alone": "Resolvidas sem um agente",
    "help_card_alone": "As que um robô resolveu, sem resposta de um agente e sem transferência.",
    "card_alone_share": "Parte resolvida sem um agente",
    "help_card_alone_share": "O percentual das conversas atendidas por robôs.",
    "card_handed_off": "Transferidas",
    "help_card_handed_off": "As que um robô transferiu para os agentes.",
    "card_handed_off_share": "Parte transferida",
    "help_card_handed_off_share": "O percentual das conversas atendidas por robôs.",
    "card_reopened_after_bot": "Reabertas em até 7 dias",
    "help_card_reopened_after_bot": (
        "As que um robô resolveu e que foram reabertas em até 7 dias, ou em que o contato voltou a escrever."
    ),
    "card_score_alone": "Satisfação sem um agente",
    "help_card_score_alone": (
        "Percentual de notas 4 e 5 entre as conversas resolvidas sem um agente; vale a última nota de cada uma."
    ),
    "card_score_handed_off": "Satisfação após transferência",
    "help_card_score_handed_off": (
        "Percentual de notas 4 e 5 entre as conversas que robôs transferiram; vale a última nota de cada uma."
    ),
    "empty_bots": "Nenhum robô atendeu uma conversa que corresponde a estes filtros neste período.",
    "bots_by_day": "Conversas com robôs por dia",
    "bots_by_week": "Conversas com robôs por semana",
    "bots_by_month": "Conversas com robôs por mês",
    "chatwoot_bots": "Comparação com o relatório de robôs do Chatwoot",
    "bots_not_filtered": (
        "Os filtros de equipe, agente, status, etiqueta e atributos não valem para os números do Chatwoot aqui."
    ),
    "empty_chatwoot_bots": "O relatório de robôs do Chatwoot não tem nada neste período.",
    "chatwoot_bots_by_inbox": "Os números do Chatwoot por caixa de entrada",
    "bots_conversations": "Conversas",
    "difference_bots_conversations": (
        "O Chatwoot conta todas as conversas que começaram em caixas de entrada com um robô ativo, mesmo que ele não "
        "tenha feito nada; o painel, as que um robô atendeu, em qualquer caixa. O Chatwoot também conta caixas de "
        "entrada com Captain ou Dialogflow, que faltam nos números dele aqui."
    ),
    "bots_messages": "Mensagens",
    "difference_bots_messages": (
        "O Chatwoot conta as mensagens enviadas nessas conversas, também as de agentes e as notas privadas. O painel "
        "não tem esse número."
    ),
    "bots_resolution_rate": "Taxa de resolução",
    "difference_bots_resolution_rate": (
        "O Chatwoot divide as conversas que robôs resolveram no período pelas que começaram nele e corta as casas "
        "decimais. O painel deixa de fora aquelas em que um agente respondeu depois."
    ),
    "bots_handoff_rate": "Taxa de transferência",
    "difference_bots_handoff_rate": (
        "O Chatwoot divide as conversas transferidas no período pelas que começaram nele; por isso a taxa pode passar "
        "de 100%."
    ),
    # Captain
    "captain": "Captain",
    "help_captain": (
        "Participações do Captain, como o Chatwoot as grava desde a versão 4.17: cada uma começa com uma mensagem do "
        "contato, e uma conversa reaberta começa outra. Contam no dia em que a conversa começou."
    ),
    "captain_caption": (
        "Resolvidas: o Captain respondeu, ninguém mais respondeu antes da resolução, e não houve transferência. "
        "Uma que foi transferida conta só como tal. Outro fim: por exemplo, um agente respondeu antes."
    ),
    "captain_reasons": "Por que o Captain transferiu",
    "handoff_reason_customer_request": "O cliente pediu",
    "handoff_reason_missing_knowledge": "Falta de conhecimento",
    "handoff_reason_unsupported_request": "Pedido não suportado",
    "handoff_reason_policy_restriction": "Restrição de uma política",
    "handoff_reason_tool_failure": "Falha de uma ferramenta",
    "handoff_reason_pending_clarification": "Esclarecimento pendente",
    "handoff_reason_usage_limit": "Limite de uso atingido",
    "handoff_reason_unknown": "Desconhecido",
    "axis_engagements": "Participações",
    # Campaigns
    "campaigns_not_filtered": (
        "Campanhas pertencem só a uma conta e a uma caixa de entrada: os filtros de equipe, agente, status, etiqueta e "
        "atributos não valem aqui."
    ),
    "empty_campaigns": (
        "Nenhuma campanha que corresponde a estes filtros começou neste período. Selecione outro período ou limpe os "
        "filtros."
    ),
    "help_campaigns": (
        "Campanhas que começaram no período e foram enviadas a contatos; as saudações em um site não são. O resultado "
        "de uma entrega é o último status que o canal informou. No WhatsApp, o contato pode esconder que leu."
    ),
    "campaigns_caption": (
        "Enviadas: a contatos, mesmo que tenha falhado; faltam as que estão na fila e as ignoradas. Entregues conta "
        "também as lidas. Cada porcentagem é dos contatos a quem a campanha foi enviada."
    ),
    "campaigns_not_recorded": "—: o Chatwoot não gravou entregas destas campanhas, como antes da versão 4.17.",
    "campaign_without_title": "Sem título",
    "campaign_errors": "Por que entregas falharam",
    "help_campaign_errors": (
        "Os códigos de erro do canal, os mais frequentes primeiro. A documentação da Meta explica os do WhatsApp."
    ),
    "error_without_code": "Sem código",
    "card_campaign_campaigns": "Campanhas",
    "help_card_campaign_campaigns": "Campanhas que começaram no período.",
    "card_campaign_contacts": "Contatos",
    "help_card_campaign_contacts": (
        "Os contatos destas campanhas, cada um uma vez por campanha, também os que estão na fila e os ignorados."
    ),
    "card_campaign_sent": "Enviadas",
    "help_card_campaign_sent": "Entregas que foram enviadas, mesmo que tenham falhado.",
    "card_campaign_delivered_share": "% entregues",
    "help_card_campaign_delivered_share": "A porcentagem das entregas que foram enviadas.",
    "card_campaign_read_share": "% lidas",
    "help_card_campaign_read_share": "A porcentagem das entregas que foram enviadas.",
    "card_campaign_failed_share": "% com falha",
    "help_card_campaign_failed_share": "A porcentagem das entregas que foram enviadas.",
    "show_deliveries": "Mostrar as entregas: {label}",
    "back_to_campaigns": "Voltar às campanhas",
    "deliveries_all": "Todos os contatos",
    "deliveries_sent": "Enviadas",
    "deliveries_delivered": "Entregues",
    "deliveries_read": "Lidas",
    "deliveries_failed": "Com falha",
    "deliveries_failed_without_code": "Com falha, sem código de erro",
    "deliveries_shown": "**{first} a {last}** de **{total}**, as últimas que entraram na fila primeiro",
    "empty_deliveries": "As campanhas deste período não têm tais entregas com estes filtros.",
    "unknown_deliveries": "Nada é exibido: uma condição do endereço não foi entendida.",
    "contact_with_number": "Nº {number}",
    "delivery_queued": "Na fila",
    "delivery_skipped": "Ignorada",
    "delivery_sent": "Enviada",
    "delivery_delivered": "Entregue",
    "delivery_read": "Lida",
    "delivery_failed": "Com falha",
    "delivery_unknown": "Desconhecido",
    # Busiest hours
    "heatmap_conversations": "Quando as conversas começam",
    "heatmap_incoming": "Quando os contatos escrevem",
    "heatmap_outgoing": "Quando as respostas são enviadas",
    "heatmap_resolutions": "Quando as conversas são resolvidas",
    "heatmap_chatwoot_resolutions": "Quando as conversas são resolvidas, no relatório do Chatwoot",
    "difference_resolution_hours": (
        "O relatório do Chatwoot mostra somas, por quando registrou os eventos. Conta um evento duas vezes se uma "
        "tarefa repetida o registrou duas vezes, e deixa de fora os eventos de agentes excluídos."
    ),
    "chatwoot_not_filtered": (
        "Os filtros de agente, status, etiqueta e atributos não valem para os números do Chatwoot aqui."
    ),
    "busiest_hour": (
        "Horário de pico: {weekday}, das {hour} às {until} h, com {count} {unit} em média (fuso horário {zone}). A "
        "média considera os dias carregados desse dia da semana, sem o de hoje."
    ),
    "hours_not_split": (
        "As mensagens por hora não podem ser separadas por status, etiqueta ou atributo. Limpe esses filtros."
    ),
    "empty_hours": "Não há mensagens. Para um agente selecionado, contam só as mensagens que ele escreveu.",
    # Distribution
    "distribution_first_responses": "Primeira resposta",
    "help_distribution_first_responses": (
        "Esperas que terminaram com a primeira resposta de um agente, dada no período, conforme a duração."
    ),
    "distribution_resolved_episodes": "Resolução",
    "help_distribution_resolved_episodes": (
        "Atendimentos resolvidos no período, conforme o tempo do início até a última resolução."
    ),
    "distribution_business_hours": "Só horário de funcionamento: caixas de entrada sem horários ficam de fora.",
    "chatwoot_first_responses": "Primeira resposta, comparada com o relatório do Chatwoot",
    "difference_first_responses": (
        "O Chatwoot mede desde o início da conversa e usa a data em que registrou o evento; o painel mede desde que o "
        "contato começou a esperar. Aqui, ambos contam todas as horas."
    ),
    "bucket_below": "menos de {end}",
    "bucket_between": "{start} a {end}",
    "bucket_over": "{start} ou mais",
    "unknown_channel": "Desconhecido",
    # Data health
    "days_of_period": "Dias do período",
    "worst_day_of_week": "Cada célula é uma semana, na cor do pior dos seus dias.",
    "worst_day_of_month": "Cada célula é um mês, na cor do pior dos seus dias.",
    "tooltip_days": "Dias nessa situação",
    "condition_matches": "igual ao Chatwoot",
    "condition_not_compared": "não comparado",
    "condition_outdated": "desatualizado",
    "condition_differs": "difere do Chatwoot",
    "condition_not_loaded": "não carregado",
    "scans": "Verificações de mudanças no Chatwoot",
    "scan_recent": "dias recentes",
    "scan_full": "todos os dias",
    "outcome_completed": "concluída",
    "outcome_failed": "falhou",
    "empty_scans": "Nenhuma ainda. `changed_days_sensor` e `compare_days_schedule`, no Dagster, fazem as verificações.",
    "unknown_heading": "O que não se sabe",
    "unknown_never_compared": "Se os dados ainda são iguais aos do Chatwoot: nunca foram comparados.",
    "unknown_since": "O que mudou no Chatwoot desde {since}: a última verificação falhou.",
    "unknown_differs": "O que mudou em {date}: a mudança foi vista primeiro em {since} e ainda não foi carregada.",
    "unknown_outdated": "Os números atuais dos dias que precisam ser recarregados ({count}).",
    "unknown_missing": "As conversas dos dias do período que não estão carregados ({count}).",
    "unknown_imported": "Quanto os contatos esperaram nas conversas importadas do período ({count}).",
    "unknown_nothing": "Nada sobre os dias que foram comparados.",
    "masked_names": "Nomes de pessoas: o banco do Chatwoot envia pseudônimos dos agentes e nenhum nome de contato.",
    "masked_contacts": "Nomes de contatos; telefones e e-mails são pseudônimos, iguais quando os originais são iguais.",
    "masked_contents": "O que foi escrito em mensagens e comentários: fica no Chatwoot.",
    "dropped_contents": "Mensagens, comentários, nomes e atributos com mais de {days} dias: são descartados.",
    "masked_search": "Nomes, telefones ou e-mails estão mascarados (MASK): busque pelo número da conversa.",
    "unknown_always": (
        "Equipes e etiquetas anteriores, porque o Chatwoot guarda só as atuais; horários de funcionamento anteriores;"
        " quando uma conversa foi resolvida, se o Chatwoot não guardou nem evento nem mensagem sobre isso."
    ),
    # Compared with Chatwoot's report
    "comparison_total": "Todos os números",
    "comparison_number": "Número",
    "comparison_by": "Por",
    "csat_not_by_label": "O relatório de satisfação do Chatwoot não tem etiquetas.",
    "report_not_filtered": "O relatório do Chatwoot não filtra por status e atributos, por isso eles não valem aqui.",
    "report_messages_not_split": (
        "As mensagens de uma etiqueta não são contadas por caixa de entrada, equipe ou agente, por isso faltam aqui. O "
        "Chatwoot aplica um filtro por vez."
    ),
    "report_messages_of_labels": (
        "As mensagens de várias etiquetas juntas não são conhecidas, porque uma conversa com duas delas contaria duas "
        "vezes. O relatório do Chatwoot tem uma etiqueta por vez."
    ),
    "report_conversations_count": "Conversas",
    "difference_conversations_count": "Sem diferença: ambos contam as conversas que começaram no período.",
    "report_incoming_messages_count": "Mensagens recebidas",
    "difference_incoming_messages_count": (
        "O Chatwoot conta também as mensagens privadas. Um agente não tem nenhuma: ambos contam as mensagens que um "
        "agente escreveu."
    ),
    "report_outgoing_messages_count": "Mensagens enviadas",
    "difference_outgoing_messages_count": "O Chatwoot conta também as notas privadas, que os contatos nunca veem.",
    "report_avg_first_response_time": "Tempo de primeira resposta, média",
    "difference_avg_first_response_time": (
        "O Chatwoot mede desde o início da conversa, o painel desde que o contato começou a esperar. O Chatwoot usa a"
        " data em que gravou o evento."
    ),
    "report_avg_resolution_time": "Tempo de resolução, média",
    "difference_avg_resolution_time": (
        "O Chatwoot conta duas vezes um evento que uma tarefa repetida gravou duas vezes, e deixa de fora os eventos"
        " de agentes excluídos."
    ),
    "report_resolutions_count": "Resoluções",
    "difference_resolutions_count": (
        "O Chatwoot conta duas vezes uma resolução que uma tarefa repetida gravou duas vezes, e deixa de fora as de "
        "agentes excluídos."
    ),
    "report_reply_time": "Tempo de espera do cliente, média",
    "difference_reply_time": (
        "O Chatwoot deixa de fora a primeira resposta, e termina uma espera com a resposta de um robô."
    ),
    "report_bot_resolutions_count": "Resolvidas por robô",
    "difference_bot_resolutions_count": (
        "O Chatwoot conta eventos no período, o painel as conversas que começaram nele, uma vez cada."
    ),
    "report_bot_handoffs_count": "Transferidas por robô",
    "difference_bot_handoffs_count": (
        "O Chatwoot conta as conversas no dia da transferência, o painel no dia em que começaram."
    ),
    # Conversations
    "list_range": "**{first} a {last}** de **{total}** {subject}, {order}",
    "list_timeless": "**{first} a {last}** de **{total}** {subject}, de qualquer data, {order}",
    "list_one": "**1** {subject}",
    "many_conversations": "conversas",
    "one_conversations": "conversa",
    "many_incoming": "mensagens de contatos",
    "one_incoming": "mensagem de um contato",
    "many_outgoing": "mensagens enviadas",
    "one_outgoing": "mensagem enviada",
    "many_surveys": "pesquisas e avaliações",
    "one_surveys": "pesquisa ou avaliação",
    "many_missed_first_response": "primeiras respostas fora da meta",
    "one_missed_first_response": "primeira resposta fora da meta",
    "many_missed_next_reply": "respostas fora da meta",
    "one_missed_next_reply": "resposta fora da meta",
    "many_missed_resolution": "resoluções fora da meta",
    "one_missed_resolution": "resolução fora da meta",
    "many_slas": "SLAs",
    "one_slas": "SLA",
    "many_calls": "chamadas",
    "one_calls": "chamada",
    "many_incoming_calls": "chamadas recebidas",
    "one_incoming_calls": "chamada recebida",
    "many_outgoing_calls": "chamadas efetuadas",
    "one_outgoing_calls": "chamada efetuada",
    "many_answered_calls": "chamadas atendidas",
    "one_answered_calls": "chamada atendida",
    "many_missed_calls": "chamadas não atendidas",
    "one_missed_calls": "chamada não atendida",
    "many_captain": "participações do Captain",
    "one_captain": "participação do Captain",
    "many_captain_resolved": "participações que o Captain resolveu",
    "one_captain_resolved": "participação que o Captain resolveu",
    "many_captain_handed_off": "participações que o Captain transferiu",
    "one_captain_handed_off": "participação que o Captain transferiu",
    "many_captain_running": "participações do Captain em curso",
    "one_captain_running": "participação do Captain em curso",
    "many_captain_other": "participações do Captain com outro fim",
    "one_captain_other": "participação do Captain com outro fim",
    "many_captain_rated": "participações do Captain com avaliação",
    "one_captain_rated": "participação do Captain com avaliação",
    "many_captain_satisfied": "participações do Captain com nota 4 ou 5",
    "one_captain_satisfied": "participação do Captain com nota 4 ou 5",
    "many_recorded_resolutions": "resoluções gravadas pelo Chatwoot",
    "one_recorded_resolutions": "resolução gravada pelo Chatwoot",
    "many_recorded_first_responses": "primeiras respostas gravadas pelo Chatwoot",
    "one_recorded_first_responses": "primeira resposta gravada pelo Chatwoot",
    "many_recorded_replies": "respostas gravadas pelo Chatwoot",
    "one_recorded_replies": "resposta gravada pelo Chatwoot",
    "many_recorded_bot_resolutions": "resoluções por robô gravadas pelo Chatwoot",
    "one_recorded_bot_resolutions": "resolução por robô gravada pelo Chatwoot",
    "many_recorded_bot_resolved": "conversas resolvidas por robô, segundo o Chatwoot",
    "one_recorded_bot_resolved": "conversa resolvida por robô, segundo o Chatwoot",
    "many_recorded_bot_handoffs": "conversas transferidas por robô, segundo o Chatwoot",
    "one_recorded_bot_handoffs": "conversa transferida por robô, segundo o Chatwoot",
    "many_ratings": "avaliações",
    "one_ratings": "avaliação",
    "many_resolutions": "resoluções",
    "one_resolutions": "resolução",
    "many_reopenings": "reaberturas",
    "one_reopenings": "reabertura",
    "many_replies": "respostas",
    "one_replies": "resposta",
    "many_first_responses": "primeiras respostas",
    "one_first_responses": "primeira resposta",
    "many_episodes": "atendimentos iniciados",
    "one_episodes": "atendimento iniciado",
    "many_resolved_episodes": "atendimentos resolvidos",
    "one_resolved_episodes": "atendimento resolvido",
    "many_contacts": "contatos",
    "one_contacts": "contato",
    "many_repeated": "atendimentos após os quais o contato voltou",
    "one_repeated": "atendimento após o qual o contato voltou",
    "many_first_contact": "atendimentos resolvidos no primeiro contato",
    "one_first_contact": "atendimento resolvido no primeiro contato",
    "sorted_newest": "as mais novas primeiro",
    "sorted_oldest": "as mais antigas primeiro",
    "sorted_longest_wait": "a espera mais longa primeiro",
    "sorted_first_response": "a primeira resposta mais demorada primeiro",
    "sorted_resolution": "a resolução mais demorada primeiro",
    "sorted_messages": "mais mensagens primeiro",
    "sorted_rating": "a menor nota primeiro",
    "sorted_longest": "a mais demorada primeiro",
    "list_subject": "Mostrar",
    "list_sort": "Ordem",
    "list_search": "Buscar",
    "list_search_hint": "Número, nome, telefone ou e-mail",
    "help_list_search": "Busca na lista abaixo: dentro do período e com os filtros. Não faz parte do endereço.",
    "more_filters": "Mais filtros",
    "list_ratings": "Nota",
    "list_priorities": "Prioridade",
    "list_channels": "Canal",
    "list_bot": "Robô",
    "list_response_over": "Primeira resposta acima de",
    "list_resolution_over": "Resolução acima de",
    "list_needs_reply": "Esperam resposta",
    "list_unattended": "Não atendidas",
    "list_unresolved": "Não resolvidas",
    "list_reopened": "Reabertas",
    "list_answered": "Respondidas por um agente",
    "list_surveyed": "Receberam pesquisa",
    "list_without_label": "Sem etiqueta",
    "list_is_unknown": "Condição não entendida",
    "list_any_time": "De qualquer data",
    "list_backlog": "Fila no fim do dia",
    "list_weekday_and_hour": "Início",
    "list_event_hour": "Quando",
    "list_nobody": "Sem agente",
    "list_sla_policy": "Política de SLA",
    "list_handoff_reason": "Motivo da transferência",
    "list_sla": "SLA",
    "sla_missed": "Violado",
    "sla_running": "Em curso",
    "sla_first_response_missed": "Primeira resposta fora da meta",
    "sla_next_response_missed": "Próxima resposta fora da meta",
    "sla_resolution_missed": "Resolução fora da meta",
    "list_with_label": "Etiqueta",
    "list_at_least": "Pelo menos",
    "list_below": "Menos de",
    "bot_handled": "Atendida por um robô",
    "bot_resolved": "Resolvida por um robô",
    "bot_alone": "Resolvida sem um agente",
    "bot_reopened": "Reaberta depois de um robô",
    "bot_handed_off": "Transferida por um robô",
    "priority_none": "Nenhuma",
    "chip_search": "Busca",
    "remove_filter": "Remover este filtro",
    "more_values": "{heading}: mais {count}",
    "show_conversations": "Mostrar as conversas: {label}",
    "show_as_list": "Mostrar como lista",
    "list_cut": "As primeiras {count} de {total} linhas. A tabela e o download têm todas.",
    "table_hint": "Clique em um número para ver o que ele conta.",
    "list_hint": "Clique em uma linha para abrir a conversa.",
    "only_waiting": "Só conversas que esperam resposta ({count})",
    "help_only_waiting": (
        "Conversas abertas em que o contato escreveu por último, ou foi transferido por um robô, e nenhum agente "
        "respondeu ainda, qualquer que seja a data de início."
    ),
    "empty_waiting": "Nenhuma conversa espera resposta.",
    "page_before": "Anterior",
    "page_after": "Próxima",
    "page_number": "Página {number} de {pages}",
    "back_to_list": "Voltar à lista",
    "conversation_gone": "Esta conversa não está nos dados carregados. Talvez tenha sido excluída no Chatwoot.",
    "conversation_title": "Conversa nº {number}",
    "open_in_chatwoot": "Abrir no Chatwoot",
    "contact_without_name": "Contato sem nome",
    "detail_replies": "Respostas",
    "replies_with_unanswered": "{answered}, após {average} em média; sem resposta: {unanswered}",
    "replies_all_answered": "{answered}, após {average} em média",
    "detail_resolutions": "Resoluções",
    "resolutions_of_conversation": "{count}; a última após {last}",
    "detail_reopens": "Reaberturas",
    "detail_reassignments": "Reatribuições",
    "private": "nota privada",
    "deleted": "excluída no Chatwoot",
    "sender_bot": "Robô",
    "sender_contact": "Contato",
    "sender_chatwoot": "Chatwoot",
    "no_text": "sem texto; talvez um anexo",
    "all_messages": "Mostrar todas as {total} mensagens",
    "whole_messages": "Mostrar as mensagens longas por inteiro",
    "message_cut": "… o resto não é mostrado",
    "last_messages": "As últimas {count} de {total} mensagens.",
    "empty_transcript": "Esta conversa não tem mensagens.",
    # Axes and tooltips
    "axis_conversations": "Conversas",
    "axis_messages": "Mensagens",
    "axis_resolutions": "Resoluções",
    "axis_count": "Quantidade",
    "axis_score": "Notas 4 e 5 (%)",
    "axis_day": "Dia",
    "axis_week": "Primeiro dia da semana",
    "axis_month": "Mês",
    "axis_day_end": "Fim do dia",
    "axis_hour": "Hora do dia",
    "axis_first_response_median": "Primeira resposta, mediana ({unit})",
    "axis_response_time": "Tempo de resposta ({unit})",
    "axis_response_median": "Tempo de resposta, mediana ({unit})",
    "axis_resolution_median": "Tempo de resolução, mediana ({unit})",
    "axis_resolution_p90": "Tempo de resolução, p90 ({unit})",
    "axis_response_p90": "Tempo de resposta, p90 ({unit})",
    "tooltip_date": "Data",
    "tooltip_time": "Horário",
    "tooltip_response_time": "Tempo de resposta",
    # Columns
    "column_name": "Nome",
    "column_live_open": "Abertas",
    "column_live_unattended": "Não atendidas",
    "column_live_unassigned": "Não atribuídas",
    "column_live_needs_reply": "Esperando",
    "column_live_pending": "Pendentes",
    "column_live_snoozed": "Adiadas",
    "column_longest_wait": "Maior espera",
    "column_channel": "Canal",
    "column_handled": "Atendidas",
    "column_alone": "Sem agente",
    "column_alone_share": "% sem agente",
    "column_handed_off": "Transferidas",
    "column_handed_off_share": "% transferidas",
    "column_reopened_after_bot": "Reabertas",
    "column_score_alone": "Satisfação, sem agente",
    "column_score_handed_off": "Satisfação, transferidas",
    "column_bot_conversations": "Conversas",
    "column_bot_messages": "Mensagens",
    "column_bot_resolved": "Resolvidas",
    "column_bot_resolution_rate": "Taxa de resolução",
    "column_bot_handed_off": "Transferidas",
    "column_bot_handoff_rate": "Taxa de transferência",
    "column_counted_by": "Contado por",
    "column_resolutions": "Resoluções",
    "column_chatwoot_resolutions": "No Chatwoot",
    "column_starts_on": "Desde",
    "column_conversations": "Novas",
    "column_resolved": "Resolvidas",
    "column_reopened": "Reabertas",
    "column_open_now": "Abertas agora",
    "column_replies": "Respostas",
    "column_first_response_median": "1ª resposta",
    "column_response_median": "Tempo resp.",
    "column_response_p90": "Resposta p90",
    "column_response_p95": "Resposta p95",
    "column_resolution_median": "Resolução",
    "column_resolution_p90": "Resolução p90",
    "column_calls": "Chamadas",
    "column_incoming_calls": "Recebidas",
    "column_outgoing_calls": "Efetuadas",
    "column_answered_calls": "Atendidas",
    "column_missed_calls": "Não atendidas",
    "column_call_seconds": "Duração total",
    "column_average_call_seconds": "Duração média",
    "column_captain": "Participações",
    "column_captain_resolved": "Resolvidas",
    "column_captain_handed_off": "Transferidas",
    "column_captain_running": "Em curso",
    "column_captain_other": "Outro fim",
    "column_captain_replies": "Respostas dele",
    "column_handoff_median": "Tempo até transferir",
    "column_captain_rated": "Avaliações",
    "column_captain_score": "Satisfação",
    "column_handoff_reason": "Motivo",
    "column_share_of_handed_off": "% das transferidas",
    "column_campaign": "Campanha",
    "column_began_at": "Início",
    "column_contacts": "Contatos",
    "column_sent": "Enviadas",
    "column_delivered": "Entregues",
    "column_delivered_share": "% entregues",
    "column_read": "Lidas",
    "column_read_share": "% lidas",
    "column_failed": "Com falha",
    "column_failed_share": "% com falha",
    "column_error_code": "Código de erro",
    "column_share_of_failed": "% das com falha",
    "column_campaigns": "Campanhas",
    "column_delivery_status": "Situação",
    "column_sent_at": "Enviada em",
    "column_delivered_at": "Entregue em",
    "column_read_at": "Lida em",
    "column_failed_at": "Falhou em",
    "column_incoming": "Recebidas",
    "column_outgoing": "Enviadas",
    "column_rated": "Avaliações",
    "column_score": "Satisfação",
    "column_policy": "Política",
    "column_applied": "Aplicados",
    "column_hit_rate": "Taxa de acerto",
    "column_missed": "Violados",
    "column_running": "Em curso",
    "column_first_response_missed": "1ª resposta atrasada",
    "column_next_response_missed": "Resposta atrasada",
    "column_resolution_missed": "Resolução atrasada",
    "column_applied_at": "Aplicado em",
    "column_first_response_missed_at": "1ª resposta atrasada",
    "column_next_response_misses": "Respostas atrasadas",
    "column_resolution_missed_at": "Resolução atrasada",
    "column_target_first_response": "1ª resposta no prazo",
    "column_target_next_reply": "Respostas no prazo",
    "column_target_resolution": "Resolvidas no prazo",
    "column_rating": "Nota",
    "column_rated_at": "Avaliada em",
    "column_feedback_message": "Comentário",
    "column_review_notes": "Observação da equipe",
    "column_happened_at": "Quando",
    "column_seconds": "Demorou",
    "column_display_id": "Nº",
    "column_created_at": "Início em",
    "column_contact_name": "Contato",
    "column_contact_phone": "Telefone",
    "column_contact_email": "E-mail",
    "column_inbox": "Caixa de entrada",
    "column_status": "Status",
    "column_priority": "Prioridade",
    "column_waiting_since": "Espera desde",
    "column_account": "Conta",
    "column_agent": "Agente",
    "column_team": "Equipe",
    "column_labels": "Etiquetas",
    "column_t_messages": "Msgs",
    "column_first_response_seconds": "1ª resposta",
    "column_duration_seconds": "Duração",
    "column_extracted_at": "Dados de",
    "column_weekday": "Dia da semana",
    "column_hour": "Hora",
    "column_conversation_date": "Dia",
    "column_condition": "Situação",
    "column_messages": "Mensagens",
    "column_snapshot_at": "Dados de",
    "column_loaded_at": "Carregado em",
    "column_scan": "Verificação",
    "column_compared_at": "Última concluída",
    "column_compared_days": "Dias comparados",
    "column_attempted_at": "Última tentativa",
    "column_outcome": "Resultado",
    "column_metric": "Métrica",
    "column_chatwoot": "Chatwoot",
    "column_dashboard": "Painel",
    "column_apart": "Diferença",
    "column_difference": "Por que diferem",
}
