"""The columns of campaigns and campaign_deliveries, which belong to no day.

COPY, Dagster's column schemas and `docs/tables.md` follow from them. The tables are created by
`sql/warehouse/migrations/`; a test compares both.
"""

from __future__ import annotations

from chatwoot_assets.columns import Column, by_name

CAMPAIGNS: dict[str, Column] = by_name(
    (
        Column("campaign_id", "bigint", "The campaign."),
        Column("account_id", "bigint", "The account."),
        Column("inbox_id", "bigint", "The inbox that it is sent through."),
        Column("title", "text", "Its title."),
        Column("campaign_type", "text", "one_off, or ongoing for one that greets visitors of a website."),
        Column("campaign_status", "text", "active, processing or completed."),
        Column("created_at", "timestamptz", "When it was created."),
        Column("scheduled_at", "timestamptz", "For when it was planned."),
        Column("started_at", "timestamptz", "When it began to be sent; NULL before Chatwoot 4.17."),
        Column("completed_at", "timestamptz", "When all of it was sent; NULL before Chatwoot 4.17."),
        Column("deliveries", "bigint", "How many rows of campaign_deliveries it has."),
        Column("changed_at", "timestamptz", "When one of its deliveries last changed in Chatwoot; NULL without any."),
    )
)

CAMPAIGN_DELIVERIES: dict[str, Column] = by_name(
    (
        Column("delivery_id", "bigint", "The delivery."),
        Column("campaign_id", "bigint", "The campaign."),
        Column("account_id", "bigint", "The account."),
        Column("inbox_id", "bigint", "The inbox."),
        Column("contact_id", "bigint", "The contact to whom it was sent."),
        Column("delivery_status", "text", "queued, skipped, sent, delivered, read or failed."),
        Column("error_code", "text", "The channel's code of the error, if it failed."),
        Column("created_at", "timestamptz", "When it was queued."),
        Column("sent_at", "timestamptz", "When it was sent."),
        Column("delivered_at", "timestamptz", "When it reached the contact."),
        Column("read_at", "timestamptz", "When the contact read it."),
        Column("failed_at", "timestamptz", "When it failed."),
    )
)
