-- The ratings of some conversations, one row per response.
\ir settings.psql

SELECT
    responses.conversation_id,
    responses.id,
    responses.rating,
    responses.feedback_message,
    responses.rated_at,
    responses.assigned_agent_id,
    responses.review_notes,
    responses.review_notes_updated_at,
    responses.review_notes_updated_by_id
FROM :"views_schema".vw_csat_responses AS responses
WHERE responses.conversation_id = any(:'ids'::bigint[]);
