-- The metrics of the conversations created between two instants (UTC). A query of its own: joined to the names,
-- the server would read the conversations twice and match them, which cost as much as both do alone.
\ir settings.psql

SELECT
    metrics.conversation_id,
    metrics.conversation_created_at,
    metrics.first_response_seconds,
    metrics.is_resolved,
    metrics.is_assigned,
    metrics.conversation_hour,
    metrics.day_of_week
FROM :"views_schema".vw_conversation_metrics AS metrics
WHERE
    metrics.conversation_created_at >= :'starts_at'
    AND metrics.conversation_created_at < :'ends_at';
