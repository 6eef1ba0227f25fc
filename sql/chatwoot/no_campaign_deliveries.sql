-- vw_campaign_deliveries for a Chatwoot without the table campaign_recipients: no rows.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_campaign_deliveries AS
SELECT
    NULL::bigint AS id,
    NULL::bigint AS campaign_id,
    NULL::bigint AS account_id,
    NULL::bigint AS inbox_id,
    NULL::bigint AS contact_id,
    NULL::text AS delivery_status,
    NULL::text AS error_code,
    NULL::timestamp AS sent_at,
    NULL::timestamp AS delivered_at,
    NULL::timestamp AS read_at,
    NULL::timestamp AS failed_at,
    NULL::timestamp AS created_at,
    NULL::timestamp AS updated_at
WHERE FALSE;
