-- The SLAs of Chatwoot that were applied in the period, one row per policy, as Chatwoot's own report counts them: an
-- SLA is missed as soon as anything in it was. Every other counts as hit, also those that still run.
\ir settings.psql
\ir filters.psql

SELECT
    account_id,
    sla_policy_id,
    max(policy_name) AS policy_name,
    count(*) AS applied,
    count(*) FILTER (WHERE is_missed) AS missed,
    count(*) FILTER (WHERE sla_status IN ('active', 'active_with_misses')) AS running,
    count(first_response_missed_at) AS first_response_missed,
    count(next_response_missed_at) AS next_response_missed,
    count(resolution_missed_at) AS resolution_missed
FROM conversation_slas
WHERE
    applied_date BETWEEN :'first_day'::date AND :'last_day'::date
    AND :conversation_filters
GROUP BY account_id, sla_policy_id
ORDER BY policy_name NULLS LAST, sla_policy_id;
