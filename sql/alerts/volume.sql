-- The messages of contacts of each account in the last whole hour before an instant, and those of the same hour and
-- weekday in the eight weeks before, oldest last. Hours without messages count as none.
\ir settings.psql

WITH hours AS (
    SELECT
        week,
        date_trunc('hour', :'before'::timestamptz AT TIME ZONE :'timezone') - interval '1 hour'
        - week * interval '7 days' AS starts_at
    FROM generate_series(0, 8) AS week
),

accounts AS (
    SELECT DISTINCT account_id
    FROM hourly_messages
    WHERE message_date >= (:'before'::timestamptz AT TIME ZONE :'timezone')::date - 63
),

counts AS (
    SELECT
        messages.account_id,
        hours.week,
        sum(messages.incoming_all) AS messages
    FROM hours
    INNER JOIN hourly_messages AS messages
        ON
            hours.starts_at::date = messages.message_date
            AND extract(HOUR FROM hours.starts_at) = messages.hour
    GROUP BY messages.account_id, hours.week
)

SELECT
    accounts.account_id,
    array_agg(coalesce(counts.messages, 0)::bigint ORDER BY hours.week) AS messages,
    min(hours.starts_at) FILTER (WHERE hours.week = 0) AS starts_at
FROM accounts
CROSS JOIN hours
LEFT JOIN counts ON accounts.account_id = counts.account_id AND hours.week = counts.week
GROUP BY accounts.account_id
ORDER BY accounts.account_id;
