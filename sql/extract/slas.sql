-- The SLAs of the conversations created between two instants (UTC), one row per policy, as JSON.
\ir settings.psql

SELECT
    slas.conversation_id,
    slas.conversation_created_at,
    (to_jsonb(slas.*) - 'conversation_id' - 'conversation_created_at')::text AS sla
FROM :"views_schema".vw_conversation_slas AS slas
WHERE
    slas.conversation_created_at >= :'starts_at'
    AND slas.conversation_created_at < :'ends_at';
