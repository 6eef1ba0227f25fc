-- Layer 1. One row per inbox that has an active bot: since when the bot is known to serve it.
\ir settings.psql
\ir bots.psql

CREATE OR REPLACE VIEW :"views_schema".vw_inbox_bots AS
SELECT
    connected.inbox_id,
    :bot_since AS bot_since
FROM public.agent_bot_inboxes AS connected
INNER JOIN public.inboxes AS i ON connected.inbox_id = i.id
WHERE connected.status = 0 AND connected.created_at >= '0001-01-01' AND connected.created_at < '10000-01-01'
GROUP BY connected.inbox_id;
