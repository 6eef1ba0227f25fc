-- The surveys and the latest ratings of the conversations that started in the period, grouped by :'dimension': time,
-- inbox, team, label and attribute as in new_conversations.sql, and
--   rating                   group_id; NULL for conversations that were not rated
--   agent                    group_id; 0 for nobody
-- Any other dimension counts all of them in one row. A rating belongs to the agent who was assigned when it was given,
-- a survey without a rating to the agent who is assigned now, also in the filter.
\ir settings.psql
\ir filters.psql

SELECT
    starts_on,
    group_id,
    group_name,
    count(*) AS offered,
    count(rating) AS rated,
    count(*) FILTER (WHERE rating >= 4) AS satisfied,
    coalesce(sum(rating), 0)::bigint AS sum_rating
FROM (
    SELECT
        CASE
            WHEN :'dimension' = 'time' THEN date_trunc(:'grain', facts.conversation_date::timestamp)::date
        END AS starts_on,
        CASE :'dimension'
            WHEN 'rating' THEN facts.rating
            WHEN 'inbox' THEN facts.inbox_id
            WHEN 'team' THEN coalesce(facts.team_id, 0)
            WHEN 'agent'
                THEN coalesce(CASE WHEN facts.rating IS NULL THEN facts.assignee_id ELSE facts.rating_agent_id END, 0)
        END::bigint AS group_id,
        :event_group_name AS group_name,
        facts.rating
    FROM (
        SELECT
            *,
            created_at AS happened_at
        FROM conversation_facts
    ) AS facts
    -- Labels are read only when they are needed: the index holds everything but them.
    LEFT JOIN LATERAL unnest(CASE :'dimension' WHEN 'label' THEN facts.labels END) AS label (label)
        ON :'dimension' = 'label'
    WHERE
        facts.conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND facts.csat_offered
        AND :survey_filters
        AND :time_filter
) AS grouped
GROUP BY starts_on, group_id, group_name;
