"""How a view and its columns are declared, and the columns that several views have."""

from __future__ import annotations

from dataclasses import dataclass

from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.warehouse.campaign_columns import CAMPAIGN_DELIVERIES, CAMPAIGNS
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS, MESSAGES

_DECLARED = {
    **TABLES,
    "conversas_analytics": CONVERSAS_ANALYTICS,
    "messages": MESSAGES,
    "campaigns": CAMPAIGNS,
    "campaign_deliveries": CAMPAIGN_DELIVERIES,
}


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


def declared(table: str, name: str, pt: str) -> BiColumn:
    """Return a column that a view takes over from a table, with the English text of its declaration."""
    return BiColumn(name, _DECLARED[table][name].description, pt)


ACCOUNT = BiColumn("account_id", "The account.", "A conta.", "dim_account", nullable=False)
INBOX = BiColumn(
    "inbox_id",
    "The inbox; it may have been deleted.",
    "A caixa de entrada; pode ter sido excluída.",
    "dim_inbox",
    nullable=False,
)
TEAM = BiColumn(
    "team_id",
    "The team the conversation belongs to now; 0 for none.",
    "A equipe atual da conversa; 0 para nenhuma.",
    "dim_team",
    nullable=False,
)
CONVERSATION = BiColumn(
    "conversation_id",
    "Chatwoot's id of the conversation.",
    "O id da conversa no Chatwoot.",
    "fact_conversation",
    nullable=False,
)
BUSINESS_PT = "O mesmo dentro do horário de funcionamento; NULL se a caixa de entrada não tem um."
RATING_PT = "A última nota da pesquisa de satisfação, de 1 a 5."


def agent(en: str, pt: str, name: str = "agent_id") -> BiColumn:
    """Return a column that refers to an agent."""
    return BiColumn(name, en, pt, "dim_agent", nullable=False)


def date(en: str, pt: str, name: str = "date", *, nullable: bool = False) -> BiColumn:
    """Return a column that refers to a day."""
    return BiColumn(name, en, pt, "dim_date", nullable=nullable)


def first_response(table: str) -> tuple[BiColumn, BiColumn]:
    """Return the columns of the first response: its calendar and its business seconds."""
    return (
        declared(
            table,
            "first_response_seconds",
            "Segundos que o contato esperou pela primeira resposta de uma pessoa; NULL se não houve.",
        ),
        declared(table, "first_response_business_seconds", BUSINESS_PT),
    )
