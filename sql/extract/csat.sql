-- The ratings of the conversations created between two instants (UTC), whenever they were given.
\ir settings.psql

SELECT
    csat.conversation_id,
    csat.conversation_created_at,
    csat.rating,
    csat.feedback_message,
    csat.rated_at,
    csat.csat_responses
FROM :"views_schema".vw_csat_base AS csat
WHERE
    csat.conversation_created_at >= :'starts_at'
    AND csat.conversation_created_at < :'ends_at';
