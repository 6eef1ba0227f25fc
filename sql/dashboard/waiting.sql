-- How many conversations wait for a reply now, whenever they began.
\ir settings.psql
\ir filters.psql

SELECT count(*) AS conversations
FROM conversation_facts
WHERE
    needs_reply
    AND :conversation_filters;
