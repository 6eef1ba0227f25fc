-- The engagements of Captain in the conversations that started in the period, grouped by :'dimension':
--   time                     starts_on: the first day of each day, week or month, as :'grain' says
--   inbox                    group_id
--   handoff_reason           group_name: why Captain handed them over; only those; '' if that is not known
-- Any other dimension counts all of them in one row. See filters.psql on what came of each.
\ir settings.psql
\ir filters.psql

SELECT
    starts_on,
    group_id,
    group_name,
    count(*) AS captain,
    count(*) FILTER (WHERE outcome = 'resolved') AS captain_resolved,
    count(*) FILTER (WHERE outcome = 'handed_off') AS captain_handed_off,
    count(*) FILTER (WHERE outcome = 'running') AS captain_running,
    count(*) FILTER (WHERE outcome = 'other') AS captain_other,
    coalesce(sum(captain_replies), 0)::bigint AS captain_replies,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY handoff_seconds) AS handoff_median,
    count(rating) AS captain_rated,
    count(*) FILTER (WHERE rating >= 4) AS captain_satisfied
FROM (
    SELECT
        CASE
            WHEN :'dimension' = 'time' THEN date_trunc(:'grain', conversation_date::timestamp)::date
        END AS starts_on,
        CASE :'dimension'
            WHEN 'inbox' THEN inbox_id
        END::bigint AS group_id,
        CASE :'dimension'
            WHEN 'handoff_reason' THEN coalesce(handoff_reason, '')
        END AS group_name,
        :captain_outcome AS outcome,
        captain_replies,
        :captain_handoff_seconds AS handoff_seconds,
        rating
    FROM captain_outcomes
    WHERE
        conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :conversation_filters
        AND (:'dimension' != 'handoff_reason' OR handed_off_at IS NOT NULL)
) AS grouped
GROUP BY starts_on, group_id, group_name;
