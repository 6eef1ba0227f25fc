-- The last of the next conversations by id and how many these are, for a chunk of the full comparison; and the largest
-- id. They are found by the primary key.
\ir settings.psql

SELECT
    max(chunk.id) AS last_id,
    count(*) AS conversations,
    (
        SELECT newest.id
        FROM :"views_schema".vw_conversations_own AS newest
        ORDER BY newest.id DESC
        LIMIT 1
    ) AS largest_id
FROM (
    SELECT own.id
    FROM :"views_schema".vw_conversations_own AS own
    WHERE own.id >= :'first_id'
    ORDER BY own.id
    LIMIT :'limit'::bigint
) AS chunk;
