-- The surveys and the latest ratings of the conversations that started in the period, grouped by :'dimension':
--   time                     starts_on: the first day of each day, week or month, as :'grain' says
--   rating                   group_id; NULL for conversations that were not rated
--   agent                    group_id; 0 for nobody
-- Any other dimension counts all of them in one row. A rating belongs to the agent who was assigned when it was given,
-- a survey without a rating to the agent who is assigned now.
\ir settings.psql
\ir filters.psql

SELECT
    starts_on,
    group_id,
    count(*) AS offered,
    count(rating) AS rated,
    count(*) FILTER (WHERE rating >= 4) AS satisfied,
    coalesce(sum(rating), 0)::bigint AS sum_rating
FROM (
    SELECT
        CASE
            WHEN :'dimension' = 'time' THEN date_trunc(:'grain', conversation_date::timestamp)::date
        END AS starts_on,
        CASE :'dimension'
            WHEN 'rating' THEN rating
            WHEN 'agent'
                THEN CASE WHEN rating IS NULL THEN coalesce(assignee_id, 0) ELSE coalesce(rating_agent_id, 0) END
        END::bigint AS group_id,
        rating
    FROM conversation_facts
    WHERE
        conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND csat_offered
        AND :survey_filters
) AS grouped
GROUP BY starts_on, group_id;
