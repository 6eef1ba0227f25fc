-- A page of the comments that contacts wrote with their ratings, newest first, by the agent who was assigned then.
\ir settings.psql
\ir filters.psql

SELECT
    facts.conversation_id AS id,
    facts.rated_at,
    facts.rating,
    conversations.feedback_message,
    facts.inbox_id,
    facts.rating_agent_id
FROM (
    SELECT *
    FROM conversation_facts
    WHERE
        conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :survey_filters
        AND rating IS NOT NULL
) AS facts
INNER JOIN conversas_analytics AS conversations ON facts.conversation_id = conversations.id
WHERE conversations.feedback_message != ''
ORDER BY facts.rated_at DESC NULLS LAST, facts.conversation_id DESC
LIMIT :'rows_per_page' OFFSET :'rows_before';
