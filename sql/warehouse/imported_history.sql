-- The conversations of some days that look imported, and their messages, by sign:
--   left_out     written by one of Chatwoot's imports, or before IMPORTED_BEFORE: they count in no response metric
--   out_of_order with a larger id than the average of some day from two days later on: written later with an old time,
--                as Evolution API and imports of mail do
--   late         messages that are more than an hour older than one with a lower id of the same conversation: an import
--                wrote them into it. They count in no response metric.
-- latest is the last instant at which such a conversation was created. percent_by_one_user is the share of the user who
-- wrote most of what users wrote in them: some importers file every outgoing message under one.
\ir settings.psql

WITH averages AS (
    SELECT
        conversation_date,
        avg(id) AS average_id
    FROM conversas_analytics
    GROUP BY conversation_date
),

limits AS (
    SELECT
        averages.conversation_date,
        min(later.average_id) AS largest_id
    FROM averages
    LEFT JOIN averages AS later ON averages.conversation_date + 2 <= later.conversation_date
    GROUP BY averages.conversation_date
),

found AS (
    SELECT
        CASE WHEN facts.is_imported THEN 'left_out' ELSE 'out_of_order' END AS sign,
        c.id,
        c.conversation_date,
        c.t_messages,
        c.created_at
    FROM conversas_analytics AS c
    INNER JOIN conversation_facts AS facts ON c.id = facts.conversation_id
    INNER JOIN limits ON c.conversation_date = limits.conversation_date
    WHERE
        c.conversation_date = any(:'days'::date[])
        AND (facts.is_imported OR c.id > limits.largest_id)
),

written_by_users AS (
    SELECT
        found.sign,
        messages.sender_id,
        count(*) AS messages
    FROM found
    INNER JOIN messages
        ON
            found.id = messages.conversation_id
            AND found.conversation_date = messages.conversation_date
    WHERE messages.message_type = 'outgoing' AND messages.sender_type = 'User'
    GROUP BY found.sign, messages.sender_id
),

late AS (
    SELECT *
    FROM (
        SELECT
            messages.conversation_id,
            messages.created_at,
            messages.sender_id,
            messages.message_type = 'outgoing' AND messages.sender_type = 'User' AS is_by_user,
            max(messages.created_at) OVER (PARTITION BY messages.conversation_id ORDER BY messages.id) AS newest
        FROM conversas_analytics AS c
        INNER JOIN messages ON c.id = messages.conversation_id
        WHERE c.conversation_date = any(:'days'::date[])
    ) AS numbered
    WHERE created_at < newest - interval '1 hour'
),

shares AS (
    SELECT
        sign,
        round(100 * max(messages) / sum(messages))::integer AS percent_by_one_user
    FROM written_by_users
    GROUP BY sign
)

SELECT
    found.sign,
    count(*) AS conversations,
    sum(found.t_messages)::bigint AS messages,
    max(found.created_at) AS latest,
    max(shares.percent_by_one_user) AS percent_by_one_user
FROM found
LEFT JOIN shares ON found.sign = shares.sign
GROUP BY found.sign
UNION ALL
SELECT
    'late' AS sign,
    count(DISTINCT conversation_id) AS conversations,
    count(*) AS messages,
    max(created_at) AS latest,
    (
        SELECT round(100 * max(by_user.messages) / sum(by_user.messages))::integer
        FROM (
            SELECT count(*) AS messages
            FROM late
            WHERE is_by_user
            GROUP BY sender_id
        ) AS by_user
    ) AS percent_by_one_user
FROM late
HAVING count(*) > 0;
