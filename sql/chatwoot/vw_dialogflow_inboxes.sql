-- Layer 1. One row per inbox that Dialogflow serves: since when. Chatwoot treats such an inbox as one with a bot.
-- Neither the settings nor the token of an integration are read.
\ir settings.psql
\ir bots.psql

CREATE OR REPLACE VIEW :"views_schema".vw_dialogflow_inboxes AS
SELECT
    connected.inbox_id,
    :bot_since AS bot_since
FROM public.integrations_hooks AS connected
INNER JOIN public.inboxes AS i ON connected.inbox_id = i.id
WHERE
    connected.app_id = 'dialogflow' AND connected.status = 1
    AND connected.created_at >= '0001-01-01' AND connected.created_at < '10000-01-01'
GROUP BY connected.inbox_id;
