-- vw_calls for a Chatwoot without the table calls: no rows.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_calls AS
SELECT
    NULL::integer AS conversation_id,
    NULL::timestamp AS conversation_created_at,
    NULL::bigint AS id,
    NULL::text AS direction,
    NULL::text AS provider,
    NULL::text AS call_status,
    NULL::bigint AS agent_id,
    NULL::timestamp AS called_at,
    NULL::timestamp AS started_at,
    NULL::integer AS duration_seconds
WHERE FALSE;
