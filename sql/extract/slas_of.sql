-- The SLAs of some conversations, one row per policy, as JSON.
\ir settings.psql

SELECT
    slas.conversation_id,
    (to_jsonb(slas.*) - 'conversation_id' - 'conversation_created_at')::text AS sla
FROM :"views_schema".vw_conversation_slas AS slas
WHERE slas.conversation_id = any(:'ids'::bigint[]);
