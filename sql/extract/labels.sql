-- The labels of the conversations created between two instants (UTC), one row per label.
\ir settings.psql

SELECT
    labels.conversation_id,
    labels.conversation_created_at,
    labels.label
FROM :"views_schema".vw_conversation_labels AS labels
WHERE
    labels.conversation_created_at >= :'starts_at'
    AND labels.conversation_created_at < :'ends_at';
