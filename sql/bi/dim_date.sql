-- One row per day, from the first that is loaded to today.
\ir settings.psql

CREATE OR REPLACE VIEW bi.dim_date AS
SELECT
    day.at::date AS date,
    extract(YEAR FROM day.at)::integer AS year,
    extract(QUARTER FROM day.at)::integer AS quarter,
    extract(MONTH FROM day.at)::integer AS month,
    date_trunc('month', day.at)::date AS month_start,
    date_trunc('week', day.at)::date AS week_start,
    extract(DOW FROM day.at)::integer AS day_of_week,
    (ARRAY['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'])[
        extract(DOW FROM day.at)::integer + 1
    ] AS weekday_en,
    (ARRAY['domingo', 'segunda-feira', 'terça-feira', 'quarta-feira', 'quinta-feira', 'sexta-feira', 'sábado'])[
        extract(DOW FROM day.at)::integer + 1
    ] AS weekday_pt,
    extract(DOW FROM day.at) IN (0, 6) AS is_weekend
FROM (
    SELECT
        min(loaded.conversation_date) AS first_day,
        greatest(max(loaded.conversation_date), (now() AT TIME ZONE :'reporting_timezone')::date) AS last_day
    FROM public.partition_state AS loaded
) AS days
-- Timestamps without a zone: the session's time zone must not move a day.
CROSS JOIN LATERAL generate_series(days.first_day::timestamp, days.last_day::timestamp, interval '1 day') AS day (at);
