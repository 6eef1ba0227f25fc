-- Layer 1. One row per inbox that has an active bot: since when the bot is known to serve it.
--
-- Chatwoot keeps the present connection only. Its created_at proves nothing about the time before, except where the bot
-- was connected within a day of the inbox's creation: then it has served all conversations of the inbox, and bot_since
-- is 1970-01-01.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_inbox_bots AS
SELECT
    b.inbox_id,
    min(
        CASE
            WHEN b.created_at <= i.created_at + INTERVAL '1 day' THEN '1970-01-01'::TIMESTAMP
            ELSE b.created_at
        END
    ) AS bot_since
FROM public.agent_bot_inboxes AS b
INNER JOIN public.inboxes AS i ON b.inbox_id = i.id
WHERE b.status = 0 AND b.created_at >= '0001-01-01' AND b.created_at < '10000-01-01'
GROUP BY b.inbox_id;
