-- Chatwoot's own satisfaction report as version 4.15 computes it, for comparison with ours, grouped by :'dimension':
--   time                   starts_on: the first day of each day, week or month, as :'grain' says
--   inbox, team, agent     group_id; 0 for none
-- Any other dimension counts everything in one row, which exists even if nothing happened.
-- Every response counts on the day on which it was given, with the agent who was assigned then and the inbox and the
-- team that the conversation has now. Chatwoot divides the responses by the surveys that were sent on the same days in
-- the whole account, whatever the filter on inbox, team and agent; surveys are therefore NULL by inbox, team and agent.
\if :{?dimension}
\else
\set dimension all
\endif
\ir ../dashboard/settings.psql
\ir ../dashboard/filters.psql

WITH counted AS (
    SELECT
        rated_date AS counted_date,
        inbox_id,
        team_id,
        agent_id,
        rating,
        1 AS responses,
        0 AS surveys
    FROM (
        SELECT
            rated_date,
            account_id,
            inbox_id,
            team_id,
            coalesce(agent_id, 0) AS agent_id,
            rating
        FROM ratings
    ) AS response
    WHERE
        rated_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :aggregate_filters
    UNION ALL
    SELECT
        message_date AS counted_date,
        NULL AS inbox_id,
        NULL AS team_id,
        NULL AS agent_id,
        NULL AS rating,
        0 AS responses,
        surveys
    FROM hourly_messages
    WHERE
        :'dimension' NOT IN ('inbox', 'team', 'agent')
        AND surveys > 0
        AND message_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :account_filter
    UNION ALL
    SELECT
        NULL AS counted_date,
        NULL AS inbox_id,
        NULL AS team_id,
        NULL AS agent_id,
        NULL AS rating,
        0 AS responses,
        0 AS surveys
    WHERE :'dimension' NOT IN ('time', 'inbox', 'team', 'agent')
),

grouped AS (
    SELECT
        CASE
            WHEN :'dimension' = 'time' THEN date_trunc(:'grain', counted_date::timestamp)::date
        END AS starts_on,
        CASE :'dimension'
            WHEN 'inbox' THEN inbox_id
            WHEN 'team' THEN coalesce(team_id, 0)
            WHEN 'agent' THEN agent_id
        END::bigint AS group_id,
        rating,
        responses,
        surveys
    FROM counted
)

SELECT
    starts_on,
    group_id,
    sum(responses)::bigint AS responses,
    count(*) FILTER (WHERE rating >= 4) AS satisfied,
    count(*) FILTER (WHERE rating = 1) AS rated_1,
    count(*) FILTER (WHERE rating = 2) AS rated_2,
    count(*) FILTER (WHERE rating = 3) AS rated_3,
    count(*) FILTER (WHERE rating = 4) AS rated_4,
    count(*) FILTER (WHERE rating = 5) AS rated_5,
    CASE WHEN :'dimension' NOT IN ('inbox', 'team', 'agent') THEN sum(surveys)::bigint END AS surveys
FROM grouped
GROUP BY starts_on, group_id;
