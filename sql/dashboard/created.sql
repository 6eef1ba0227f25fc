-- The conversations that began in the period, by what :'dimension' names: time (starts_on: days, weeks or months, the
-- grain), status or label (word), rating, inbox, team, agent or hour (id; an hour's is 24 times the weekday, Sunday is
-- 0, plus the hour). Any other word counts all together. A conversation with three labels counts in each; one without
-- any, or of nobody, is told by '' or 0. PostgreSQL plans only what is asked.
\ir settings.psql

SELECT
    starts_on,
    id,
    word,
    count(*) AS conversations,
    count(*) FILTER (WHERE is_resolved) AS resolved_now,
    count(*) FILTER (WHERE is_answered) AS answered,
    count(*) FILTER (WHERE needs_reply) AS needs_reply,
    count(*) FILTER (WHERE bot_resolved) AS bot_resolved,
    count(*) FILTER (WHERE bot_handed_off) AS bot_handed_off,
    count(*) FILTER (WHERE csat_offered) AS offered,
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
            WHEN 'hour' THEN 24 * facts.day_of_week + facts.conversation_hour
            WHEN 'inbox' THEN facts.inbox_id
            WHEN 'team' THEN coalesce(facts.team_id, 0)
            WHEN 'agent' THEN coalesce(facts.assignee_id, 0)
        END::bigint AS id,
        CASE :'dimension'
            WHEN 'status' THEN facts.status
            WHEN 'label' THEN coalesce(label.label, '')
        END AS word,
        facts.is_resolved,
        facts.waits_answered > 0 AS is_answered,
        facts.needs_reply,
        facts.bot_resolved,
        facts.bot_handed_off,
        facts.csat_offered,
        facts.rating
    FROM conversation_facts AS facts
    LEFT JOIN LATERAL unnest(facts.labels) AS label (label) ON :'dimension' = 'label'
    WHERE
        facts.conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND (:'accounts'::integer[] = '{}' OR facts.account_id = any(:'accounts'::integer[]))
        AND (:'inboxes'::integer[] = '{}' OR facts.inbox_id = any(:'inboxes'::integer[]))
        AND (:'teams'::bigint[] = '{}' OR coalesce(facts.team_id, 0) = any(:'teams'::bigint[]))
        AND (:'agents'::bigint[] = '{}' OR coalesce(facts.assignee_id, 0) = any(:'agents'::bigint[]))
        AND (:'statuses'::text[] = '{}' OR facts.status = any(:'statuses'::text[]))
        AND (:'labels'::text[] = '{}' OR facts.labels && :'labels'::text[])
) AS began
GROUP BY starts_on, id, word;
