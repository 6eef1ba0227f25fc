-- A page of the deliveries of the period's campaigns, those queued last first, without the contacts.
\ir settings.psql
\ir filters.psql
\ir campaigns.psql

SELECT
    listed.delivery_id,
    listed.title,
    listed.inbox_id,
    listed.delivery_status,
    listed.error_code,
    listed.sent_at,
    listed.delivered_at,
    listed.read_at,
    listed.failed_at
FROM (:listed_deliveries) AS listed
ORDER BY listed.delivery_id DESC
LIMIT :'rows_per_page' OFFSET :'rows_before';
