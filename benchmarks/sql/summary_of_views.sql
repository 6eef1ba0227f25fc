-- mvw_daily_summary for some days, from the remote views.
SELECT
    cm.conversation_date,
    cb.inbox_name,
    cb.status,
    count(*) AS total_conversations,
    avg(cm.first_response_seconds) AS avg_response_time,
    count(csat.rating) AS total_rated,
    avg(csat.rating)::double precision AS avg_rating
FROM :"views_schema".vw_conversations_base AS cb
INNER JOIN :"views_schema".vw_conversation_metrics AS cm ON cb.id = cm.conversation_id
LEFT JOIN :"views_schema".vw_csat_base AS csat ON cb.id = csat.conversation_id
WHERE cb.created_at >= :'starts_at' AND cb.created_at < :'ends_at'
GROUP BY cm.conversation_date, cb.inbox_name, cb.status
ORDER BY cm.conversation_date, cb.inbox_name, cb.status;
