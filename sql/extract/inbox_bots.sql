-- The inboxes that have an active bot, and since when.
\ir settings.psql

SELECT
    bots.inbox_id::bigint AS inbox_id,
    bots.bot_since
FROM :"views_schema".vw_inbox_bots AS bots;
