-- The ratings of the conversations created between two instants (UTC), whenever they were given, one row per response.
\ir settings.psql

SELECT
    responses.conversation_id,
    responses.conversation_created_at,
    responses.id,
    responses.rating,
    responses.feedback_message,
    responses.rated_at,
    responses.assigned_agent_id,
    responses.review_notes,
    responses.review_notes_updated_at,
    responses.review_notes_updated_by_id
FROM :"views_schema".vw_csat_responses AS responses
WHERE
    responses.conversation_created_at >= :'starts_at'
    AND responses.conversation_created_at < :'ends_at';
