-- Messages and surveys of the period by what a table of daily sums is by, :"daily_table" and its :"group_column": of
-- these tables only accounts can be chosen besides.
\ir settings.psql

SELECT
    :"group_column" AS key,
    sum(incoming_messages)::bigint AS incoming,
    sum(outgoing_messages)::bigint AS outgoing,
    sum(csat_offered)::bigint AS offered,
    sum(csat_answered)::bigint AS answered
FROM :"daily_table"
WHERE
    event_date BETWEEN :'first_day'::date AND :'last_day'::date
    AND (:'accounts'::integer[] = '{}' OR account_id = any(:'accounts'::integer[]))
GROUP BY :"group_column";
