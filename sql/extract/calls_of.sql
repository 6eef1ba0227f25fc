-- The calls of some conversations, one row per call, as JSON.
\ir settings.psql

SELECT
    calls.conversation_id,
    jsonb_strip_nulls(to_jsonb(calls.*) - 'conversation_id' - 'conversation_created_at')::text AS call_values
FROM :"views_schema".vw_calls AS calls
WHERE calls.conversation_id = any(:'ids'::bigint[]);
