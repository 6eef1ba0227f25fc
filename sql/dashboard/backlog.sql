-- What was waiting at the end of each day of the period, and of the day before it. By the conversation's status and
-- labels it is not kept.
\ir settings.psql

WITH changes AS (
    SELECT
        greatest(change_date, :'first_day'::date - 1) AS change_date,
        sum(open) AS open,
        sum(pending) AS pending,
        sum(snoozed) AS snoozed,
        sum(unassigned) AS unassigned,
        sum(unattended) AS unattended
    FROM backlog_changes
    WHERE
        change_date <= :'last_day'::date
        AND (:'accounts'::integer[] = '{}' OR account_id = any(:'accounts'::integer[]))
        AND (:'inboxes'::integer[] = '{}' OR inbox_id = any(:'inboxes'::integer[]))
        AND (:'teams'::bigint[] = '{}' OR team_id = any(:'teams'::bigint[]))
        AND (:'agents'::bigint[] = '{}' OR agent_id = any(:'agents'::bigint[]))
    GROUP BY greatest(change_date, :'first_day'::date - 1)
)

SELECT
    days.backlog_date,
    coalesce(sum(changes.open) OVER so_far, 0)::bigint AS open,
    coalesce(sum(changes.pending) OVER so_far, 0)::bigint AS pending,
    coalesce(sum(changes.snoozed) OVER so_far, 0)::bigint AS snoozed,
    coalesce(sum(changes.unassigned) OVER so_far, 0)::bigint AS unassigned,
    coalesce(sum(changes.unattended) OVER so_far, 0)::bigint AS unattended
FROM (
    SELECT :'first_day'::date - 1 + numbers.number AS backlog_date
    FROM generate_series(0, :'last_day'::date - :'first_day'::date + 1) AS numbers (number)
) AS days
LEFT JOIN changes ON days.backlog_date = changes.change_date
WINDOW so_far AS (ORDER BY days.backlog_date)
ORDER BY days.backlog_date;
