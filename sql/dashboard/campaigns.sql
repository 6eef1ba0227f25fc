-- The campaigns that began in the period, one row each, with what became of their deliveries.
\ir settings.psql
\ir filters.psql
\ir campaigns.psql

SELECT
    selected.campaign_id,
    selected.account_id,
    selected.inbox_id,
    selected.title,
    selected.happened_at AS began_at,
    -- Before Chatwoot 4.17, nothing was recorded of deliveries.
    (selected.started_at IS NOT NULL OR counted.contacts > 0) AS is_recorded,
    counted.contacts,
    counted.sent,
    counted.delivered,
    counted.read,
    counted.failed
FROM (:selected_campaigns) AS selected
CROSS JOIN LATERAL (
    SELECT
        count(*) AS contacts,
        count(*) FILTER (WHERE :is_sent) AS sent,
        count(*) FILTER (WHERE :is_delivered) AS delivered,
        count(*) FILTER (WHERE :is_read) AS read,
        count(*) FILTER (WHERE :is_failed) AS failed
    FROM campaign_deliveries AS deliveries
    WHERE deliveries.campaign_id = selected.campaign_id
) AS counted
ORDER BY began_at DESC NULLS LAST, selected.campaign_id DESC;
