-- vw_conversation_slas for a Chatwoot without the tables of SLAs: no rows.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_conversation_slas AS
SELECT
    NULL::integer AS conversation_id,
    NULL::timestamp AS conversation_created_at,
    NULL::bigint AS id,
    NULL::bigint AS sla_policy_id,
    NULL::text AS policy_name,
    NULL::text AS sla_status,
    NULL::timestamp AS applied_at,
    NULL::timestamp AS completed_at,
    NULL::timestamp AS first_response_missed_at,
    NULL::integer AS next_response_misses,
    NULL::timestamp AS next_response_missed_at,
    NULL::timestamp AS resolution_missed_at
WHERE FALSE;
