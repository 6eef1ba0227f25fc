-- How many deliveries some campaigns have, and when one of them last changed. Every change of a delivery is dated.
\ir settings.psql

SELECT
    deliveries.campaign_id,
    count(*) AS deliveries,
    max(deliveries.updated_at) AS changed_at
FROM :"views_schema".vw_campaign_deliveries AS deliveries
WHERE deliveries.campaign_id = any(:'campaigns'::bigint[])
GROUP BY deliveries.campaign_id;
