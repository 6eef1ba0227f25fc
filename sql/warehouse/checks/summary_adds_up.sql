-- Days of daily_summary that differ from a recount of conversas_analytics, with the number of differing groups.
\ir ../settings.psql

SELECT
    coalesce(summary.conversation_date, recount.conversation_date)::text AS day,
    count(*) AS failing_rows
FROM (
    SELECT *
    FROM daily_summary
    WHERE conversation_date = any(:'days'::date[])
) AS summary
FULL JOIN (
    SELECT
        conversation_date,
        account_id,
        inbox_id,
        status,
        count(*) AS total_conversations,
        count(*) FILTER (WHERE first_response_seconds >= 0) AS responded_conversations,
        coalesce(sum(first_response_seconds) FILTER (WHERE first_response_seconds >= 0), 0)
            AS sum_first_response_seconds,
        count(rating) AS total_rated,
        coalesce(sum(rating), 0) AS sum_rating
    FROM conversas_analytics
    WHERE conversation_date = any(:'days'::date[])
    GROUP BY conversation_date, account_id, inbox_id, status
) AS recount
    ON
        summary.conversation_date = recount.conversation_date
        AND summary.account_id = recount.account_id
        AND summary.inbox_id = recount.inbox_id
        AND summary.status = recount.status
WHERE
    (summary.total_conversations, summary.responded_conversations, summary.total_rated, summary.sum_rating)
    IS DISTINCT FROM
    (recount.total_conversations, recount.responded_conversations, recount.total_rated, recount.sum_rating)
    -- The last digits of a sum of doubles depend on the order of its terms.
    OR abs(summary.sum_first_response_seconds - recount.sum_first_response_seconds)
    > 1e-9 * (1 + abs(recount.sum_first_response_seconds))
    OR abs(summary.avg_response_time * summary.responded_conversations - summary.sum_first_response_seconds)
    > 1e-9 * (1 + abs(summary.sum_first_response_seconds))
    OR (summary.avg_response_time IS NULL) != (summary.responded_conversations = 0)
    OR summary.avg_rating * summary.total_rated NOT BETWEEN summary.sum_rating - 1e-6 AND summary.sum_rating + 1e-6
    OR (summary.avg_rating IS NULL) != (summary.total_rated = 0)
GROUP BY coalesce(summary.conversation_date, recount.conversation_date);
