-- The ratings of the conversations that started in the period, by the agent who was assigned when the rating was given;
-- 0 for nobody.
\ir settings.psql
\ir filters.psql

SELECT
    coalesce(rating_agent_id, 0)::bigint AS group_id,
    count(*) AS rated,
    count(*) FILTER (WHERE rating >= 4) AS satisfied
FROM conversation_facts
WHERE
    conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
    AND :conversation_filters
    AND rating IS NOT NULL
GROUP BY coalesce(rating_agent_id, 0);
