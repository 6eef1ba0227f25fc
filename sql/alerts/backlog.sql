-- The number of open conversations of each account.
\ir settings.psql

SELECT
    account_id,
    sum(open)::bigint AS conversations
FROM backlog_changes
WHERE change_date <= (:'before'::timestamptz AT TIME ZONE :'timezone')::date
GROUP BY account_id
ORDER BY account_id;
