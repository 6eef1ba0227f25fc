-- The backfills that finished long ago and have no run left.
\ir settings.psql

SELECT b.key
FROM bulk_actions AS b
WHERE
    b.status IN ('COMPLETED', 'COMPLETED_SUCCESS', 'COMPLETED_FAILED', 'FAILED', 'CANCELED')
    AND b.timestamp < :'before'::timestamp
    AND NOT EXISTS (
        SELECT 1
        FROM run_tags AS t
        WHERE t.key = 'dagster/backfill' AND t.value = b.key
    )
ORDER BY b.id;
