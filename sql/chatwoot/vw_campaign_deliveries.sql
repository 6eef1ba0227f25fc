-- Layer 1. One row per contact to whom a campaign was sent, or was to be sent: what became of it. Chatwoot has the
-- table since 4.17. Neither the message nor the text of an error is read. A predicate on campaign_id reaches the rows
-- by their index.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_campaign_deliveries AS
SELECT
    r.id,
    r.campaign_id,
    r.account_id,
    r.inbox_id,
    r.contact_id,
    CASE r.status
        WHEN 0 THEN 'queued'
        WHEN 1 THEN 'skipped'
        WHEN 2 THEN 'sent'
        WHEN 3 THEN 'delivered'
        WHEN 4 THEN 'read'
        WHEN 5 THEN 'failed'
        ELSE 'unknown(' || r.status || ')'
    END AS delivery_status,
    r.error_code::text AS error_code,
    CASE WHEN r.sent_at >= '0001-01-01' AND r.sent_at < '10000-01-01' THEN r.sent_at END AS sent_at,
    CASE
        WHEN r.delivered_at >= '0001-01-01' AND r.delivered_at < '10000-01-01' THEN r.delivered_at
    END AS delivered_at,
    CASE WHEN r.read_at >= '0001-01-01' AND r.read_at < '10000-01-01' THEN r.read_at END AS read_at,
    CASE WHEN r.failed_at >= '0001-01-01' AND r.failed_at < '10000-01-01' THEN r.failed_at END AS failed_at,
    CASE WHEN r.created_at >= '0001-01-01' AND r.created_at < '10000-01-01' THEN r.created_at END AS created_at,
    CASE WHEN r.updated_at >= '0001-01-01' AND r.updated_at < '10000-01-01' THEN r.updated_at END AS updated_at
FROM public.campaign_recipients AS r
CROSS JOIN (SELECT 1 AS one) AS read_only;
