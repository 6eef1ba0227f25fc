-- Layer 1. One row per inbox that Captain serves, the assistant of Chatwoot's paid edition: since when. Chatwoot treats
-- such an inbox as one with a bot, as long as the account has answers of Captain left.
\ir settings.psql
\ir bots.psql

CREATE OR REPLACE VIEW :"views_schema".vw_captain_inboxes AS
SELECT
    connected.inbox_id,
    :bot_since AS bot_since
FROM public.captain_inboxes AS connected
INNER JOIN public.inboxes AS i ON connected.inbox_id = i.id
WHERE connected.created_at >= '0001-01-01' AND connected.created_at < '10000-01-01'
GROUP BY connected.inbox_id;
