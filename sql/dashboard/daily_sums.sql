-- The period's messages by the :"group_column" of :"daily_table", one of the daily_by_* tables. These are aggregated
-- and can be filtered by account only.
\ir settings.psql
\ir filters.psql

SELECT
    :"group_column" AS key,
    sum(incoming_messages)::bigint AS incoming,
    sum(outgoing_messages)::bigint AS outgoing
FROM :"daily_table"
WHERE
    event_date BETWEEN :'first_day'::date AND :'last_day'::date
    AND :account_filter
GROUP BY :"group_column";
