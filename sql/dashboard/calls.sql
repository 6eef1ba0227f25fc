-- The calls that began to ring in the period, one row per agent who accepted them. Agent 0 stands for calls that nobody
-- accepted, or whose agent Chatwoot does not know. Calls that still ring count as neither answered nor missed.
\ir settings.psql
\ir filters.psql

SELECT
    coalesce(agent_id, 0)::bigint AS group_id,
    count(*) AS calls,
    count(*) FILTER (WHERE direction = 'incoming') AS incoming_calls,
    count(*) FILTER (WHERE direction = 'outgoing') AS outgoing_calls,
    count(*) FILTER (WHERE :is_answered_call) AS answered_calls,
    count(*) FILTER (WHERE :is_missed_call) AS missed_calls,
    count(duration_seconds) FILTER (WHERE :is_answered_call) AS timed_calls,
    coalesce(sum(duration_seconds) FILTER (WHERE :is_answered_call), 0)::bigint AS seconds
FROM calls
WHERE
    called_date BETWEEN :'first_day'::date AND :'last_day'::date
    AND :event_filters
GROUP BY group_id;
