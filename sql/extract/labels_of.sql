-- The labels of some conversations, one row per label.
\ir settings.psql

SELECT
    labels.conversation_id,
    labels.label
FROM :"views_schema".vw_conversation_labels AS labels
WHERE labels.conversation_id = any(:'ids'::bigint[]);
