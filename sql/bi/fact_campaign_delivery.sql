-- One row per contact to whom a campaign was sent: what became of it.
\ir settings.psql

CREATE OR REPLACE VIEW bi.fact_campaign_delivery AS
SELECT
    deliveries.delivery_id,
    deliveries.campaign_id,
    (deliveries.created_at AT TIME ZONE :'reporting_timezone')::date AS date,
    deliveries.account_id,
    deliveries.inbox_id,
    deliveries.contact_id,
    deliveries.delivery_status,
    deliveries.error_code,
    deliveries.created_at AT TIME ZONE :'reporting_timezone' AS created_at,
    deliveries.sent_at AT TIME ZONE :'reporting_timezone' AS sent_at,
    deliveries.delivered_at AT TIME ZONE :'reporting_timezone' AS delivered_at,
    deliveries.read_at AT TIME ZONE :'reporting_timezone' AS read_at,
    deliveries.failed_at AT TIME ZONE :'reporting_timezone' AS failed_at
FROM public.campaign_deliveries AS deliveries;
