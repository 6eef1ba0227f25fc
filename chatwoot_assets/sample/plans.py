"""The three businesses of the sample: their inboxes, teams and labels, as plain data.

What they have in common, such as agents, is created in `people.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from chatwoot_assets.sample.vocabulary import CLINIC, SHOP, SOFTWARE, Phrases

WEEK = ((9, 18),) * 5 + ((9, 13),)  # Monday to Saturday; Sunday is closed
LONG_WEEK = ((7, 19),) * 5 + ((8, 12),)
OFFICE_WEEK = ((9, 18),) * 5


@dataclass(frozen=True)
class InboxPlan:
    """An inbox.

    Attributes:
        name: Its name.
        channel: Its channel.
        share: Its share of the account's conversations.
        hours: Its opening hours by day from Monday; empty if working hours are disabled.
        survey: Whether satisfaction surveys are sent.
        greeting: Whether greetings are sent.
        bot: Whether a bot answers first.
        timezone: The time zone of the opening hours.
        gone: Whether it is deleted; its conversations still name it.
        endless: Whether each contact has one conversation there, which is opened again every time.
    """

    name: str
    channel: str
    share: float
    hours: tuple[tuple[int, int], ...] = ()
    survey: bool = False
    greeting: bool = False
    bot: bool = False
    timezone: str = "America/Sao_Paulo"
    gone: bool = False
    endless: bool = False


@dataclass(frozen=True)
class AccountPlan:
    """An account; `share` is its share of all conversations. Its last team is deleted."""

    name: str
    share: float
    phrases: Phrases
    settings: str
    inboxes: tuple[InboxPlan, ...]
    teams: tuple[str, ...]
    labels: tuple[str, ...]
    attribute: str


ACCOUNTS = (
    AccountPlan(
        name="Loja Aurora",
        share=0.5,
        phrases=SHOP,
        settings='{"reporting_timezone": "America/Sao_Paulo", "auto_resolve_after": 21600}',
        inboxes=(
            InboxPlan("WhatsApp", "Channel::Whatsapp", 0.46, WEEK, survey=True, greeting=True, bot=True),
            InboxPlan("Site da loja", "Channel::WebWidget", 0.28, WEEK, survey=True, greeting=True),
            InboxPlan("Instagram da Loja Aurora", "Channel::Instagram", 0.15, survey=True),
            InboxPlan("Facebook antigo", "Channel::FacebookPage", 0.003, gone=True),
            InboxPlan("Pedidos por e-mail", "Channel::Email", 0.107),
        ),
        teams=("vendas", "trocas e devoluções", "financeiro", "equipe extinta"),
        labels=("troca", "entrega-atrasada", "pagamento", "elogio", "reclamação", "vip"),
        attribute="numero_pedido",
    ),
    AccountPlan(
        name="Clínica Vida Serena",
        share=0.3,
        phrases=CLINIC,
        settings="{}",
        inboxes=(
            InboxPlan("WhatsApp", "Channel::Whatsapp", 0.6, LONG_WEEK, survey=True, greeting=True, endless=True),
            InboxPlan("Agendamento on-line", "Channel::WebWidget", 0.25, LONG_WEEK, greeting=True),
            InboxPlan("Unidade Manaus", "Channel::Telegram", 0.1, LONG_WEEK, timezone="America/Manaus"),
            InboxPlan("Recepção", "Channel::Email", 0.05),
        ),
        teams=("recepção", "exames", "equipe extinta"),
        labels=("agendamento", "exame", "convênio", "reembolso", "urgente"),
        attribute="convenio",
    ),
    AccountPlan(
        name="Nuvem Simples Software",
        share=0.2,
        phrases=SOFTWARE,
        settings='{"auto_resolve_after": 14400}',
        inboxes=(
            InboxPlan("Chat do aplicativo", "Channel::WebWidget", 0.45, OFFICE_WEEK, survey=True, bot=True),
            InboxPlan("Suporte por e-mail", "Channel::Email", 0.3, OFFICE_WEEK, survey=True),
            InboxPlan("Integrações", "Channel::Api", 0.15, timezone="UTC"),
            InboxPlan("SMS de alertas", "Channel::TwilioSms", 0.1),
        ),
        teams=("suporte", "cobrança", "engenharia", "equipe extinta"),
        labels=("bug", "dúvida", "cobrança", "integração", "urgente", "vip"),
        attribute="plano",
    ),
)
