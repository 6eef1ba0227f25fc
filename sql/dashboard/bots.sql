-- The conversations that started in the period and that a bot handled, grouped by :'dimension':
--   time                     starts_on: the first day of each day, week or month, as :'grain' says
--   inbox                    group_id
-- Any other dimension counts all of them in one row. See filters.psql on what a bot handled, and resolved alone.
\ir settings.psql
\ir filters.psql

SELECT
    starts_on,
    group_id,
    count(*) AS handled,
    count(*) FILTER (WHERE is_alone) AS alone,
    count(*) FILTER (WHERE bot_handed_off) AS handed_off,
    count(*) FILTER (WHERE bot_resolved) AS resolved,
    count(*) FILTER (WHERE bot_reopened) AS reopened,
    count(rating) FILTER (WHERE is_alone) AS rated_alone,
    count(*) FILTER (WHERE is_alone AND rating >= 4) AS satisfied_alone,
    count(rating) FILTER (WHERE bot_handed_off) AS rated_handed_off,
    count(*) FILTER (WHERE bot_handed_off AND rating >= 4) AS satisfied_handed_off
FROM (
    SELECT
        CASE
            WHEN :'dimension' = 'time' THEN date_trunc(:'grain', conversation_date::timestamp)::date
        END AS starts_on,
        CASE :'dimension'
            WHEN 'inbox' THEN inbox_id
        END::bigint AS group_id,
        bot_resolved,
        bot_handed_off,
        bot_reopened,
        (:resolved_by_bot_alone) AS is_alone,
        rating
    FROM conversation_facts
    WHERE
        conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :conversation_filters
        AND (:handled_by_bot)
) AS grouped
GROUP BY starts_on, group_id;
