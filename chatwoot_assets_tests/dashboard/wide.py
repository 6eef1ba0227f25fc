"""A warehouse of a wide installation, with hundreds of agents, inboxes and labels, and ten years of days."""

from __future__ import annotations

import datetime
from typing import Any

import psycopg
from psycopg import sql

from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS, DAILY_SUMMARY
from chatwoot_assets.warehouse.schema import migrate

FIRST, LAST = datetime.date(2015, 4, 1), datetime.date(2025, 3, 31)
TEN_YEARS = {"from": str(FIRST), "to": str(LAST)}
ACCOUNTS, INBOXES, TEAMS, AGENTS, LABELS, ATTRIBUTES = 30, 200, 40, 300, 500, 40
CONVERSATIONS = 2 * ((LAST - FIRST).days + 1)
# Every tenth agent has no name.
UNNAMED = AGENTS // 10

# The numbers of what conversation n has. Each inbox, agent, team and label belongs to one account.
_INBOX = f"n % {INBOXES}"
_ACCOUNT = f"(n % {INBOXES} % {ACCOUNTS})"
_ROUND = f"n / {INBOXES}"
_AGENT = f"({_ACCOUNT} + {ACCOUNTS} * ({_ROUND} % {AGENTS // ACCOUNTS}))"
_TEAM = f"({_ACCOUNT} + CASE WHEN {_ACCOUNT} < {TEAMS - ACCOUNTS} THEN {ACCOUNTS} * ({_ROUND} % 2) ELSE 0 END)"
_LABEL = f"least({_ACCOUNT} + {ACCOUNTS} * ({_ROUND} % 17), {LABELS - 1})"
_DAY = f"date '{LAST}' - n / 2"
# As in Chatwoot, ids have gaps.
_AGENT_ID = f"1000 + 37 * {_AGENT} + {_AGENT} % 7"
# Names with a long common beginning, some of them with a long common end.
_AGENT_NAME = (
    f"CASE WHEN {_AGENT} % 10 = 9 THEN NULL ELSE 'Central de Atendimento ao Cliente, agente ' || 100 + {_AGENT} END"
)
_LABEL_NAME = f"'atendimento_motivo_' || 100 + {_LABEL} || '_devolvido_pela_loja'"

# A value for each column type in the row with number n, and for columns by their name.
_BY_TYPE = {
    "date": _DAY, "timestamptz": f"({_DAY})::timestamp AT TIME ZONE 'UTC' + interval '15 h'", "text": "''",
    "text[]": f"ARRAY[{_LABEL_NAME}]", "boolean": "false", "smallint": "n % 5 + 1", "integer": "1", "bigint": "1",
    "double precision": "600 + n % 900", "jsonb": "'{}'", "datemultirange": "'{}'",
}  # fmt: skip
_BY_NAME = {
    "id": "n + 1", "display_id": "n + 1", "conversation_id": "n + 1", "contact_id": "n + 1",
    "account_id": f"1 + {_ACCOUNT}", "account_name": f"'Rede de Lojas do Brasil, filial ' || 100 + {_ACCOUNT}",
    "inbox_id": f"1 + {_INBOX}", "inbox_name": f"'WhatsApp da Loja ' || 100 + {_INBOX} || ' em São Paulo'",
    "inbox_type": "'Channel::Whatsapp'", "team_id": f"1 + {_TEAM}",
    "team_name": f"'Equipe de Relacionamento e Vendas ' || 100 + {_TEAM}",
    "agent_id": _AGENT_ID, "assignee_id": _AGENT_ID, "rating_agent_id": _AGENT_ID,
    "assignee_name": _AGENT_NAME, "label": _LABEL_NAME, "status": "CASE WHEN n % 8 = 0 THEN 'open' ELSE 'resolved' END",
    "contact_name": "'Contato ' || n", "is_resolved": "n % 8 > 0", "is_assigned": "true",
    "is_unattended": "n % 8 = 0", "needs_reply": "n % 8 = 0", "is_first_response": "true",
    "custom_attributes": f"jsonb_build_object('motivo', 'Troca de produto de número ' || 100 + n % {ATTRIBUTES})",
    "reopened_at": "NULL", "reopened_date": "NULL", "unassigned": "0", "pending": "0", "snoozed": "0",
    "open": "0", "unattended": "0", "interval_number": "1", "resolution_number": "1", "episode_number": "1",
    "touch": "'human'", "initiated_by": "'contact'", "resolved_by": "'agent'",
    "last_sender": "'contact'",
    "conversation_hour": "12", "day_of_week": "n % 7", "hour": "n % 24",
}  # fmt: skip
_EMPTY = ("conversation_events", "targets", "conversation_slas", "calls")
_FILL_DAYS = """
INSERT INTO partition_state (conversation_date, conversations, messages, csat, snapshot_at, loaded_at, run_id)
SELECT day, 2, 4, 2, %(last)s::timestamptz + interval '1 day', %(last)s::timestamptz + interval '1 day', 'run'
FROM generate_series(%(first)s::date, %(last)s::date, '1 day') AS days (day)
"""


def fill(url: str) -> None:
    """Fill an empty database with the warehouse."""
    migrate(Warehouse(url=url))
    tables: dict[str, Any] = {"conversas_analytics": CONVERSAS_ANALYTICS, "daily_summary": DAILY_SUMMARY, **TABLES}
    with psycopg.connect(url, autocommit=True) as connection:
        for table, columns in tables.items():
            if table in _EMPTY:
                continue
            values = [
                sql.SQL(f"({_BY_NAME.get(name) or _BY_TYPE[column.type]})::{column.type}")
                for name, column in columns.items()
            ]
            insert = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM generate_series(0, {}) AS n").format(
                sql.Identifier(table),
                sql.SQL(", ").join(map(sql.Identifier, columns)),
                sql.SQL(", ").join(values),
                CONVERSATIONS - 1,
            )
            connection.execute(insert)
        connection.execute(_FILL_DAYS, {"first": FIRST, "last": LAST})
        connection.execute("ANALYZE")
