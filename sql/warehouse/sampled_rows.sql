-- A random sample of each day's rows, one JSON object per row. Times are in UTC without a zone, as in Chatwoot.
\ir settings.psql

SELECT
    to_jsonb(sampled.*) - 'extracted_at' || jsonb_build_object(
        'created_at', sampled.created_at AT TIME ZONE 'UTC',
        'updated_at', sampled.updated_at AT TIME ZONE 'UTC',
        'rated_at', sampled.rated_at AT TIME ZONE 'UTC',
        'first_message_at', sampled.first_message_at AT TIME ZONE 'UTC',
        'last_message_at', sampled.last_message_at AT TIME ZONE 'UTC'
    ) AS row
FROM unnest(:'days'::date[]) AS day (conversation_date)
CROSS JOIN LATERAL (
    SELECT c.*
    FROM conversas_analytics AS c
    WHERE c.conversation_date = day.conversation_date
    ORDER BY random()
    LIMIT :'rows_per_day'
) AS sampled;
