"""Columns that several metrics tables have."""

from __future__ import annotations

from chatwoot_assets.columns import Column

CONVERSATION_DATE = Column(
    "conversation_date", "date", "The day the conversation was created, in the reporting time zone; its partition."
)
ACCOUNT = Column("account_id", "bigint", "The account.")
INBOX = Column("inbox_id", "bigint", "The inbox; it may have been deleted.")
TEAM = Column("team_id", "bigint", "The team the conversation belongs to now; NULL for none.")
# Where the row of a conversation belongs: most tables with such rows have these columns, in this order.
PLACE = (CONVERSATION_DATE, ACCOUNT, INBOX, TEAM)
ASSIGNEE = Column("assignee_id", "bigint", "The agent it is assigned to now; NULL for nobody.")
# What conversations are filtered by, in tables with several rows per conversation. The values are current ones: when
# they change, all rows of the conversation's day are replaced.
FILTERS = (
    Column("status", "text", "The conversation's status now."),
    Column("labels", "text[]", "The conversation's labels now, sorted; {} for none."),
)
