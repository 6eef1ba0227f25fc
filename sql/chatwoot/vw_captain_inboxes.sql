-- Layer 1. One row per inbox that Captain serves, the assistant of Chatwoot's paid edition: since when, as in
-- vw_inbox_bots.sql. Chatwoot treats such an inbox as one with a bot, as long as the account has answers of Captain
-- left.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_captain_inboxes AS
SELECT
    c.inbox_id,
    min(
        CASE
            WHEN c.created_at <= i.created_at + INTERVAL '1 day' THEN '1970-01-01'::TIMESTAMP
            ELSE c.created_at
        END
    ) AS bot_since
FROM public.captain_inboxes AS c
INNER JOIN public.inboxes AS i ON c.inbox_id = i.id
WHERE c.created_at >= '0001-01-01' AND c.created_at < '10000-01-01'
GROUP BY c.inbox_id;
