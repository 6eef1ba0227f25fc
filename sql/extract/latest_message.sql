-- The largest message id, and the time of the newest of the last messages. Both come from the end of the primary key's
-- index: ids are given in order, while times may be anything.
\ir settings.psql

SELECT
    max(recent.id) AS latest,
    max(recent.created_at) AS newest_at
FROM (
    SELECT
        messages.id,
        messages.created_at
    FROM :"views_schema".vw_messages_base AS messages
    ORDER BY messages.id DESC
    LIMIT 100
) AS recent;
