-- The inboxes that have an active bot, and since when: a bot of their own, Dialogflow, or Captain.
\ir settings.psql

SELECT
    bots.inbox_id,
    min(bots.bot_since) AS bot_since
FROM (
    SELECT
        own.inbox_id::bigint AS inbox_id,
        own.bot_since
    FROM :"views_schema".vw_inbox_bots AS own
    UNION ALL
    SELECT
        dialogflow.inbox_id::bigint AS inbox_id,
        dialogflow.bot_since
    FROM :"views_schema".vw_dialogflow_inboxes AS dialogflow
    UNION ALL
    SELECT
        captain.inbox_id::bigint AS inbox_id,
        captain.bot_since
    FROM :"views_schema".vw_captain_inboxes AS captain
) AS bots
GROUP BY bots.inbox_id;
