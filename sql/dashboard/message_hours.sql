-- Public messages by the weekday (Sunday is 0) and the hour at which they were written, in the reporting time zone. An
-- agent's are those that the agent wrote; by the conversation's status and labels they are not kept.
\ir settings.psql

SELECT
    extract(DOW FROM message_date)::integer AS day_of_week,
    hour,
    sum(incoming)::bigint AS incoming,
    sum(outgoing)::bigint AS outgoing
FROM hourly_messages
WHERE
    message_date BETWEEN :'first_day'::date AND :'last_day'::date
    AND (:'accounts'::integer[] = '{}' OR account_id = any(:'accounts'::integer[]))
    AND (:'inboxes'::integer[] = '{}' OR inbox_id = any(:'inboxes'::integer[]))
    AND (:'teams'::bigint[] = '{}' OR team_id = any(:'teams'::bigint[]))
    AND (:'agents'::bigint[] = '{}' OR agent_id = any(:'agents'::bigint[]))
GROUP BY extract(DOW FROM message_date), hour;
