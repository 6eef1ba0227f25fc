-- The largest message id that there is, from the end of the primary key's index.
\ir settings.psql

SELECT messages.id AS latest
FROM :"views_schema".vw_messages_base AS messages
ORDER BY messages.id DESC
LIMIT 1;
