-- Layer 1. One row per inbox: its name, its channel, its working hours, and whether it assigns automatically.
-- working_hours is JSON, one [weekday, opens, closes] per current opening of the inbox: Sunday is 0, times are minutes
-- of the day in the inbox's time zone. It is NULL if working hours are off: such an inbox is neither open nor closed.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_inboxes AS
SELECT
    i.id,
    i.name,
    i.channel_type,
    i.timezone,
    CASE WHEN i.working_hours_enabled THEN coalesce(opening.working_hours, '[]') END AS working_hours,
    i.enable_auto_assignment AS auto_assigns
FROM public.inboxes AS i
LEFT JOIN (
    SELECT
        w.inbox_id,
        jsonb_agg(
            jsonb_build_array(w.day_of_week, w.opens, w.closes) ORDER BY w.day_of_week, w.opens, w.closes
        )::text AS working_hours
    FROM (
        SELECT
            h.inbox_id,
            h.day_of_week,
            CASE WHEN h.open_all_day THEN 0 ELSE 60 * h.open_hour + h.open_minutes END AS opens,
            CASE WHEN h.open_all_day THEN 1440 ELSE 60 * h.close_hour + h.close_minutes END AS closes
        FROM public.working_hours AS h
        WHERE h.closed_all_day IS NOT TRUE AND h.day_of_week BETWEEN 0 AND 6
    ) AS w
    WHERE w.opens >= 0 AND w.closes > w.opens AND w.closes <= 1440
    GROUP BY w.inbox_id
) AS opening ON i.id = opening.inbox_id;
