-- Some deliveries of a campaign: those that follow an id. Ordered by an expression, so that PostgreSQL finds them by
-- the campaign's index: by id it would read the deliveries of all campaigns to find those of a small one.
\ir settings.psql

SELECT
    deliveries.id AS delivery_id,
    deliveries.campaign_id,
    deliveries.account_id,
    deliveries.inbox_id,
    deliveries.contact_id,
    deliveries.delivery_status,
    deliveries.error_code,
    deliveries.created_at,
    deliveries.sent_at,
    deliveries.delivered_at,
    deliveries.read_at,
    deliveries.failed_at
FROM :"views_schema".vw_campaign_deliveries AS deliveries
WHERE deliveries.campaign_id = :'campaign'::bigint AND deliveries.id > :'after'::bigint
ORDER BY deliveries.id + 0
LIMIT :'rows'::integer;
