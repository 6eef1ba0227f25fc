-- vw_campaigns for a Chatwoot without the table campaigns: no rows.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_campaigns AS
SELECT
    NULL::bigint AS id,
    NULL::bigint AS account_id,
    NULL::bigint AS inbox_id,
    NULL::text AS title,
    NULL::text AS campaign_type,
    NULL::text AS campaign_status,
    NULL::timestamp AS created_at,
    NULL::timestamp AS scheduled_at,
    NULL::timestamp AS started_at,
    NULL::timestamp AS completed_at
WHERE FALSE;
