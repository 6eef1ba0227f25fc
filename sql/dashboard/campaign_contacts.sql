-- The contacts of some deliveries, by their latest conversation. Without one, the name is not known here.
\ir settings.psql

SELECT
    deliveries.delivery_id,
    deliveries.contact_id,
    latest.id,
    latest.contact_name
FROM campaign_deliveries AS deliveries
LEFT JOIN LATERAL (
    SELECT
        conversations.id,
        conversations.contact_name
    FROM conversas_analytics AS conversations
    WHERE conversations.contact_id = deliveries.contact_id
    ORDER BY conversations.created_at DESC, conversations.id DESC
    LIMIT 1
) AS latest ON TRUE
WHERE deliveries.delivery_id = any(:'delivery_ids'::bigint[]);
