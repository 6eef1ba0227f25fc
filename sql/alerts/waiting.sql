-- The conversations of each account whose contact has waited for a reply since before an instant, and the longest wait.
\ir settings.psql

SELECT
    account_id,
    count(*) AS conversations,
    min(waiting_since) AS waiting_since,
    (array_agg(conversation_id ORDER BY waiting_since, conversation_id))[1] AS conversation_id
FROM conversation_facts
WHERE
    needs_reply
    AND waiting_since < :'before'
GROUP BY account_id
ORDER BY account_id;
