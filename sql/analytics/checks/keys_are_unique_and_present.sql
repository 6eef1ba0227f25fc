-- Days with rows that lack a part of their key, or whose id another row has too.
\ir ../settings.psql

SELECT
    conversation_date::text AS day,
    count(*) AS failing_rows
FROM (
    SELECT
        conversation_date,
        id IS NULL OR account_id IS NULL OR inbox_id IS NULL OR status IS NULL AS is_incomplete,
        count(*) OVER (PARTITION BY id) AS rows_of_id
    FROM conversas_analytics
    -- By id, not by day alone: the twin may be in another day.
    WHERE
        conversation_date = any(:'days'::date[])
        OR id IN (
            SELECT c.id
            FROM conversas_analytics AS c
            WHERE c.conversation_date = any(:'days'::date[])
        )
) AS keyed
WHERE is_incomplete OR rows_of_id > 1
GROUP BY conversation_date;
