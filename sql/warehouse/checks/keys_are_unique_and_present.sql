-- Days with rows that lack a part of their key, or share their id with another row.
\ir ../settings.psql

SELECT
    conversation_date::text AS day,
    count(*) AS failing_rows
FROM (
    SELECT
        conversation_date,
        account_id IS NULL OR inbox_id IS NULL OR status IS NULL AS is_incomplete,
        count(*) OVER (PARTITION BY id) AS rows_of_id
    FROM conversas_analytics
    -- Selected by id instead of by day, because the other row may be in another day. This must be the only condition:
    -- with an OR, PostgreSQL scans the ids once per row when they do not fit into a hash in memory. For a year that
    -- takes minutes instead of 1.7 s.
    WHERE
        id IN (
            SELECT c.id
            FROM conversas_analytics AS c
            WHERE c.conversation_date = any(:'days'::date[])
        )
    UNION ALL
    SELECT
        conversation_date,
        TRUE AS is_incomplete,
        1 AS rows_of_id
    FROM conversas_analytics
    WHERE
        conversation_date = any(:'days'::date[])
        AND id IS NULL
) AS keyed
WHERE is_incomplete OR rows_of_id > 1
GROUP BY conversation_date;
