-- A page of the SLAs that were applied in the period and missed, as in slas.sql, those applied last first.
\ir settings.psql
\ir filters.psql

SELECT
    conversation_id AS id,
    policy_name,
    applied_at,
    first_response_missed_at,
    next_response_misses,
    resolution_missed_at,
    account_id,
    inbox_id,
    assignee_id
FROM conversation_slas
WHERE
    applied_date BETWEEN :'first_day'::date AND :'last_day'::date
    AND :conversation_filters
    AND is_missed
ORDER BY applied_at DESC NULLS LAST, conversation_id DESC, sla_id DESC
LIMIT :'rows_per_page' OFFSET :'rows_before';
