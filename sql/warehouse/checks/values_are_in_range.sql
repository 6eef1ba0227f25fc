-- Days with rows that have a value which no row of Chatwoot's tables can lead to.
\ir ../settings.psql

SELECT
    conversation_date::text AS day,
    count(*) AS failing_rows
FROM conversas_analytics
WHERE
    conversation_date = any(:'days'::date[])
    AND (
        conversation_hour BETWEEN 0 AND 23
        AND day_of_week BETWEEN 0 AND 6
        AND extract(DOW FROM conversation_date) = day_of_week
        AND status = coalesce(
            ('{open,resolved,pending,snoozed}'::text[])[status_code + 1], 'unknown(' || status_code || ')'
        )
        AND priority IS NOT DISTINCT FROM coalesce(
            ('{low,medium,high,urgent}'::text[])[priority_code + 1], 'unknown(' || priority_code || ')'
        )
        AND is_resolved = (status = 'resolved')
        AND is_assigned = (assignee_id IS NOT NULL)
        AND t_messages >= user_msg_count + contact_msg_count
        AND (csat_responses > 0 OR (rating IS NULL AND rated_at IS NULL))
        AND (duration_seconds IS NULL OR duration_seconds >= 0)
        AND (first_message_at IS NULL OR first_message_at <= last_message_at)
    ) IS NOT TRUE
GROUP BY conversation_date;
