-- What counts for no agent in new_conversations, resolutions and response_times, by who it was:
--   bot           conversations that a bot has, resolutions by a bot
--   automation    resolutions by inactivity, automation rules or the contact
--   app           replies from the channel's own app
--   none          everything else: nobody was assigned
\ir settings.psql
\ir filters.psql

SELECT
    who,
    sum(conversations)::bigint AS conversations,
    sum(resolved)::bigint AS resolved,
    sum(replies)::bigint AS replies
FROM (
    SELECT
        :nobody_who_has AS who,
        1 AS conversations,
        0 AS resolved,
        0 AS replies
    FROM conversation_facts
    WHERE
        assignee_id IS NULL
        AND conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :conversation_filters
    UNION ALL
    SELECT
        :nobody_who_resolved AS who,
        0 AS conversations,
        1 AS resolved,
        0 AS replies
    FROM resolutions
    WHERE
        agent_id IS NULL
        AND resolved_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :event_filters
    UNION ALL
    SELECT
        'app' AS who,
        0 AS conversations,
        0 AS resolved,
        1 AS replies
    FROM response_intervals
    WHERE
        agent_id IS NULL
        AND ended_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :event_filters
) AS counted
GROUP BY who;
