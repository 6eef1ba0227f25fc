-- Counts the deliveries of campaigns to a contact, by the day on which they were queued, in UTC.
\ir settings.psql

SELECT
    'campaign deliveries' AS kind,
    coalesce((created_at AT TIME ZONE 'UTC')::date::text, '') AS day,
    count(*) AS row_count
FROM campaign_deliveries
WHERE contact_id = :'subject_id'::bigint
GROUP BY day;
