"""The dimensions: what the facts refer to."""

from __future__ import annotations

from chatwoot_assets.bi.views.declaration import ACCOUNT, BiColumn, BiView

DIMENSIONS: tuple[BiView, ...] = (
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
            ACCOUNT,
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
            ACCOUNT,
            BiColumn("contact_name", "The contact's latest name.", "O último nome do contato."),
            BiColumn("contact_phone", "The contact's latest phone number.", "O último telefone do contato."),
            BiColumn("contact_email", "The contact's latest e-mail address.", "O último e-mail do contato."),
        ),
        ("contact_id",),
        personal=True,
    ),
)
