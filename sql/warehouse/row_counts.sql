-- The number of rows that some days have in each table now, and the sums of the ids in conversas_analytics and
-- messages. The messages of a day are those of its conversations: no index has their day.
\ir settings.psql

SELECT
    conversation_date,
    'conversas_analytics' AS table_name,
    count(*) AS row_count,
    sum(id) AS id_sum
FROM conversas_analytics
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date
UNION ALL
SELECT
    c.conversation_date,
    'messages' AS table_name,
    count(*) AS row_count,
    sum(m.id) AS id_sum
FROM conversas_analytics AS c
INNER JOIN messages AS m ON c.id = m.conversation_id
WHERE c.conversation_date = any(:'days'::date[])
GROUP BY c.conversation_date
UNION ALL
SELECT
    conversation_date,
    'daily_summary' AS table_name,
    count(*) AS row_count,
    NULL AS id_sum
FROM daily_summary
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date
UNION ALL
SELECT
    conversation_date,
    'response_intervals' AS table_name,
    count(*) AS row_count,
    NULL AS id_sum
FROM response_intervals
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date
UNION ALL
SELECT
    conversation_date,
    'resolutions' AS table_name,
    count(*) AS row_count,
    NULL AS id_sum
FROM resolutions
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date
UNION ALL
SELECT
    conversation_date,
    'conversation_facts' AS table_name,
    count(*) AS row_count,
    NULL AS id_sum
FROM conversation_facts
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date
UNION ALL
SELECT
    conversation_date,
    'conversation_events' AS table_name,
    count(*) AS row_count,
    NULL AS id_sum
FROM conversation_events
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date
UNION ALL
SELECT
    conversation_date,
    'episodes' AS table_name,
    count(*) AS row_count,
    NULL AS id_sum
FROM episodes
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date
UNION ALL
SELECT
    conversation_date,
    'ratings' AS table_name,
    count(*) AS row_count,
    NULL AS id_sum
FROM ratings
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date
UNION ALL
SELECT
    conversation_date,
    'conversation_slas' AS table_name,
    count(*) AS row_count,
    NULL AS id_sum
FROM conversation_slas
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date
UNION ALL
SELECT
    conversation_date,
    'calls' AS table_name,
    count(*) AS row_count,
    NULL AS id_sum
FROM calls
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date
UNION ALL
SELECT
    conversation_date,
    'targets' AS table_name,
    count(*) AS row_count,
    NULL AS id_sum
FROM targets
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date
UNION ALL
SELECT
    conversation_date,
    'daily_by_agent' AS table_name,
    count(*) AS row_count,
    NULL AS id_sum
FROM daily_by_agent
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date
UNION ALL
SELECT
    conversation_date,
    'daily_by_inbox' AS table_name,
    count(*) AS row_count,
    NULL AS id_sum
FROM daily_by_inbox
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date
UNION ALL
SELECT
    conversation_date,
    'daily_by_team' AS table_name,
    count(*) AS row_count,
    NULL AS id_sum
FROM daily_by_team
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date
UNION ALL
SELECT
    conversation_date,
    'daily_by_label' AS table_name,
    count(*) AS row_count,
    NULL AS id_sum
FROM daily_by_label
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date
UNION ALL
SELECT
    conversation_date,
    'backlog_changes' AS table_name,
    count(*) AS row_count,
    NULL AS id_sum
FROM backlog_changes
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date
UNION ALL
SELECT
    conversation_date,
    'hourly_messages' AS table_name,
    count(*) AS row_count,
    NULL AS id_sum
FROM hourly_messages
WHERE conversation_date = any(:'days'::date[])
GROUP BY conversation_date;
