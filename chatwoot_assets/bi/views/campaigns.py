"""Campaigns and what became of their deliveries: a dimension and its facts."""

from __future__ import annotations

from chatwoot_assets.bi.views.declaration import BiColumn, BiView, declared

# A campaign may have gone out before the first day that is loaded, in an inbox and to contacts without conversations.
_ACCOUNT = BiColumn("account_id", "The account.", "A conta.", nullable=False)
_INBOX = BiColumn(
    "inbox_id",
    "The inbox; without conversations it is not in dim_inbox.",
    "A caixa de entrada; sem conversas, não está em dim_inbox.",
    nullable=False,
)

CAMPAIGN_VIEWS: tuple[BiView, ...] = (
    BiView(
        "dim_campaign",
        "One row per campaign.",
        "Uma linha por campanha.",
        (
            BiColumn("campaign_id", "The campaign.", "A campanha.", nullable=False),
            _ACCOUNT,
            _INBOX,
            declared("campaigns", "title", "Seu título."),
            declared("campaigns", "campaign_type", "one_off, ou ongoing para uma que saúda visitantes de um site."),
            declared("campaigns", "campaign_status", "active, processing ou completed."),
            BiColumn(
                "date",
                "The day it began, or was planned for; dim_date may begin later.",
                "O dia em que começou, ou para o qual foi planejada; dim_date pode começar depois.",
            ),
            BiColumn(
                "scheduled_at",
                "For when it was planned, in local time.",
                "Para quando foi planejada, no horário local.",
            ),
            BiColumn(
                "started_at",
                "When it began to be sent, in local time; NULL before Chatwoot 4.17.",
                "Quando o envio começou, no horário local; NULL antes do Chatwoot 4.17.",
            ),
            BiColumn(
                "completed_at",
                "When all of it was sent, in local time; NULL before Chatwoot 4.17.",
                "Quando o envio terminou, no horário local; NULL antes do Chatwoot 4.17.",
            ),
            BiColumn(
                "deliveries",
                "How many rows of fact_campaign_delivery it has.",
                "Quantas linhas de fact_campaign_delivery tem.",
            ),
        ),
        ("campaign_id",),
    ),
    BiView(
        "fact_campaign_delivery",
        "One row per contact to whom a campaign was sent.",
        "Uma linha por contato a quem uma campanha foi enviada.",
        (
            BiColumn("delivery_id", "The delivery.", "A entrega.", nullable=False),
            BiColumn("campaign_id", "The campaign.", "A campanha.", "dim_campaign", nullable=False),
            BiColumn(
                "date",
                "The day it was queued; dim_date may begin later.",
                "O dia em que entrou na fila; dim_date pode começar depois.",
            ),
            _ACCOUNT,
            _INBOX,
            BiColumn(
                "contact_id",
                "The contact; without conversations it is not in dim_contact.",
                "O contato; sem conversas, não está em dim_contact.",
            ),
            declared("campaign_deliveries", "delivery_status", "queued, skipped, sent, delivered, read ou failed."),
            declared("campaign_deliveries", "error_code", "O código de erro do canal, se falhou."),
            BiColumn("created_at", "When it was queued, in local time.", "Quando entrou na fila, no horário local."),
            BiColumn("sent_at", "When it was sent, in local time.", "Quando foi enviada, no horário local."),
            BiColumn(
                "delivered_at",
                "When it reached the contact, in local time.",
                "Quando chegou ao contato, no horário local.",
            ),
            BiColumn(
                "read_at", "When the contact read it, in local time.", "Quando o contato a leu, no horário local."
            ),
            BiColumn("failed_at", "When it failed, in local time.", "Quando falhou, no horário local."),
        ),
        ("delivery_id",),
    ),
)
