-- Why deliveries of the period's campaigns failed, one row per error code of the channel, the most frequent first; ''
-- stands for no code.
\ir settings.psql
\ir filters.psql
\ir campaigns.psql

SELECT
    coalesce(listed.error_code, '') AS error_code,
    count(*) AS failed,
    count(DISTINCT listed.campaign_id) AS campaigns
FROM (:listed_deliveries) AS listed
WHERE listed.delivery_status = 'failed'
GROUP BY coalesce(listed.error_code, '')
ORDER BY failed DESC, error_code ASC;
