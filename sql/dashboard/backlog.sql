-- The number of conversations in the backlog at the end of each day of the period, and of the day before it; NULL for
-- days that are not loaded. Conversations older than the first loaded day are missing. The backlog is aggregated and
-- cannot be split by status or label.
\ir settings.psql
\ir filters.psql

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
        AND :aggregate_filters
    GROUP BY greatest(change_date, :'first_day'::date - 1)
),

levels AS (
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
)

SELECT
    levels.backlog_date,
    known.open,
    known.pending,
    known.snoozed,
    known.unassigned,
    known.unattended
FROM levels
LEFT JOIN partition_state AS loaded ON levels.backlog_date = loaded.conversation_date
LEFT JOIN levels AS known ON loaded.conversation_date = known.backlog_date
ORDER BY levels.backlog_date;
