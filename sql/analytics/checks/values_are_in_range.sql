-- Days with rows that hold a value which no conversation can have.
\ir ../settings.psql

SELECT
    conversation_date::text AS day,
    count(*) AS failing_rows
FROM conversas_analytics
WHERE
    conversation_date = any(:'days'::date[])
    AND NOT (
        conversation_hour BETWEEN 0 AND 23
        AND day_of_week BETWEEN 0 AND 6
        AND extract(DOW FROM conversation_date) = day_of_week
        AND status NOT LIKE 'unknown(%'
        AND (priority IS NULL OR priority IN ('low', 'medium', 'high', 'urgent'))
        AND is_resolved = (status = 'resolved')
        AND is_assigned = (assignee_id IS NOT NULL)
        AND t_messages >= user_msg_count + contact_msg_count
        AND t_messages = jsonb_array_length(message_compiled)
        AND (csat_responses = 0) = (rated_at IS NULL)
        AND (rating IS NULL OR rating BETWEEN 1 AND 5)
        AND (duration_seconds IS NULL OR duration_seconds >= 0)
        AND (first_message_at IS NULL OR first_message_at <= last_message_at)
    )
GROUP BY conversation_date;
