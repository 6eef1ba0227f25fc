-- The conversations with more than :'max_messages' messages, which has to be at least a thousand, whenever they began:
-- the longest first.
\ir settings.psql

SELECT
    c.conversation_date,
    c.id AS conversation_id,
    c.display_id,
    c.account_id,
    c.inbox_id,
    c.t_messages AS messages
FROM conversas_analytics AS c
WHERE
    c.t_messages >= 1000 AND c.t_messages > :'max_messages'::integer
ORDER BY c.t_messages DESC, c.id ASC
LIMIT 20;
