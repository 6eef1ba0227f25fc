-- Computes days of daily_summary again from conversas_analytics. Sums are computed as numeric, which is exact: they are
-- the same in any order of the rows, and only the result is rounded. A double becomes numeric by way of its text, which
-- has all its digits; the cast alone keeps 15 of them. A negative first response (imported history, a clock that was
-- wrong) stays in conversas_analytics and counts in no sum.
\ir settings.psql

DELETE FROM daily_summary
WHERE conversation_date = any(:'days'::date[]);

INSERT INTO daily_summary (
    conversation_date, account_id, inbox_id, inbox_name, status,
    total_conversations, responded_conversations, sum_first_response_seconds, avg_response_time,
    total_rated, sum_rating, avg_rating
)
SELECT
    conversation_date,
    account_id,
    inbox_id,
    max(inbox_name) AS inbox_name,
    status,
    count(*) AS total_conversations,
    count(*) FILTER (WHERE first_response_seconds >= 0) AS responded_conversations,
    coalesce(
        sum(first_response_seconds::text::numeric) FILTER (WHERE first_response_seconds >= 0), 0
    )::double precision AS sum_first_response_seconds,
    avg(first_response_seconds::text::numeric) FILTER (
        WHERE first_response_seconds >= 0
    )::double precision AS avg_response_time,
    count(rating) AS total_rated,
    coalesce(sum(rating), 0) AS sum_rating,
    avg(rating)::double precision AS avg_rating
FROM conversas_analytics
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date, account_id, inbox_id, status;
