-- The conversations that started in the period, grouped by :'dimension':
--   time                     starts_on: the first day of each day, week or month, as :'grain' says
--   status, label            group_name; '' for conversations without a label
--   attribute                group_name: the value of :'attribute_key'; '' for conversations without one
--   rating, inbox            group_id
--   team, agent              group_id; 0 for conversations without a team or an agent
--   inbox_status             group_id: the inbox, and group_name: the status
--   inbox_label              group_id: the inbox, and group_name: a label, or '' for none
--   hour                     group_id: 24 times the weekday (Sunday is 0) plus the hour
-- Any other dimension counts all of them in one row. A conversation with three labels counts in each of the three.
-- PostgreSQL folds the CASEs, so that a query pays for its own dimension only.
\ir settings.psql
\ir filters.psql

SELECT
    starts_on,
    group_id,
    group_name,
    count(*) AS conversations,
    count(*) FILTER (WHERE is_resolved) AS resolved_now,
    count(*) FILTER (WHERE is_answered) AS answered,
    count(*) FILTER (WHERE needs_reply) AS needs_reply,
    count(*) FILTER (WHERE bot_resolved) AS bot_resolved,
    count(*) FILTER (WHERE bot_handed_off) AS bot_handed_off,
    count(*) FILTER (WHERE csat_offered) AS offered,
    count(*) FILTER (WHERE is_imported) AS imported
FROM (
    SELECT
        CASE
            WHEN :'dimension' = 'time' THEN date_trunc(:'grain', facts.conversation_date::timestamp)::date
        END AS starts_on,
        CASE :'dimension'
            WHEN 'rating' THEN facts.rating
            WHEN 'hour' THEN 24 * facts.day_of_week + facts.conversation_hour
            WHEN 'inbox' THEN facts.inbox_id
            WHEN 'inbox_status' THEN facts.inbox_id
            WHEN 'inbox_label' THEN facts.inbox_id
            WHEN 'team' THEN coalesce(facts.team_id, 0)
            WHEN 'agent' THEN coalesce(facts.assignee_id, 0)
        END::bigint AS group_id,
        CASE :'dimension'
            WHEN 'status' THEN facts.status
            WHEN 'inbox_status' THEN facts.status
            WHEN 'label' THEN coalesce(label.label, '')
            WHEN 'inbox_label' THEN coalesce(label.label, '')
            WHEN 'attribute' THEN :attribute_group
        END AS group_name,
        facts.is_resolved,
        facts.waits_answered > 0 AS is_answered,
        facts.needs_reply,
        facts.bot_resolved,
        facts.bot_handed_off,
        facts.csat_offered,
        facts.is_imported
    FROM (
        SELECT
            *,
            created_at AS happened_at
        FROM conversation_facts
    ) AS facts
    LEFT JOIN LATERAL unnest(facts.labels) AS label (label) ON :'dimension' IN ('label', 'inbox_label')
    WHERE
        facts.conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :conversation_filters
        AND :row_label_filter
        AND :time_filter
) AS grouped
GROUP BY starts_on, group_id, group_name;
