-- The calls of the conversations created between two instants (UTC), one row per call, as JSON.
\ir settings.psql

SELECT
    calls.conversation_id,
    calls.conversation_created_at,
    jsonb_strip_nulls(to_jsonb(calls.*) - 'conversation_id' - 'conversation_created_at')::text AS call_values
FROM :"views_schema".vw_calls AS calls
WHERE
    calls.conversation_created_at >= :'starts_at'
    AND calls.conversation_created_at < :'ends_at';
