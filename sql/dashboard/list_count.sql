-- How many rows the list of conversations has, or the one of what happened in them, as :'subject' says.
\ir settings.psql
\ir filters.psql
\ir list.psql

SELECT count(*) AS total
FROM (
    SELECT conversation_id
    FROM conversation_facts
    WHERE
        :'subject' = 'conversations'
        AND CASE
            WHEN :'any_time'::boolean THEN TRUE
            ELSE conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        END
        AND :conversation_filters
        AND :list_conditions
    UNION ALL
    SELECT events.conversation_id
    FROM (:list_of_events) AS events
) AS listed;
