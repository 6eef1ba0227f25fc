-- Public messages by the weekday (Sunday is 0) and the hour in which they were written, in the reporting time zone. A
-- message counts for the agent who wrote it. The table is aggregated and cannot be split by status or label.
\ir settings.psql
\ir filters.psql

SELECT
    extract(DOW FROM message_date)::integer AS day_of_week,
    hour,
    sum(incoming)::bigint AS incoming,
    sum(outgoing)::bigint AS outgoing
FROM hourly_messages
WHERE
    message_date BETWEEN :'first_day'::date AND :'last_day'::date
    AND :aggregate_filters
GROUP BY extract(DOW FROM message_date), hour;
