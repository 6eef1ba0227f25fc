-- Layer 1. One row per inbox that Dialogflow serves: since when, as in vw_inbox_bots.sql. Chatwoot treats such an inbox
-- as one with a bot. Neither the settings nor the token of an integration are read.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_dialogflow_inboxes AS
SELECT
    h.inbox_id,
    min(
        CASE
            WHEN h.created_at <= i.created_at + INTERVAL '1 day' THEN '1970-01-01'::TIMESTAMP
            ELSE h.created_at
        END
    ) AS bot_since
FROM public.integrations_hooks AS h
INNER JOIN public.inboxes AS i ON h.inbox_id = i.id
WHERE h.app_id = 'dialogflow' AND h.status = 1 AND h.created_at >= '0001-01-01' AND h.created_at < '10000-01-01'
GROUP BY h.inbox_id;
