-- mvw_daily_summary for some days.
SELECT
    conversation_date,
    inbox_name,
    status,
    total_conversations,
    avg_response_time,
    total_rated,
    avg_rating
FROM mvw_daily_summary
WHERE conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
ORDER BY conversation_date, inbox_name, status;
