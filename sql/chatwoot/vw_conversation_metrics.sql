-- Layer 2. One row a conversation: what follows from its own columns, without a join.
-- A conversation belongs to the day, hour and weekday of the reporting time zone.
-- first_response_seconds: NULL where never answered; a negative value (clock skew, imports) is kept.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_conversation_metrics AS
SELECT
    c.id AS conversation_id,
    c.created_at AS conversation_created_at,
    CASE
        -- Before PostgreSQL 17 a difference with an infinite timestamp is an error.
        WHEN
            c.created_at >= '0001-01-01' AND c.created_at < '10000-01-01'
            AND c.first_reply_created_at >= '0001-01-01' AND c.first_reply_created_at < '10000-01-01'
            THEN extract(EPOCH FROM c.first_reply_created_at - c.created_at)::double precision
    END AS first_response_seconds,
    c.status = 1 AS is_resolved,
    c.assignee_id IS NOT NULL AS is_assigned,
    reporting.created_at::date AS conversation_date,
    extract(HOUR FROM reporting.created_at)::smallint AS conversation_hour,
    extract(DOW FROM reporting.created_at)::smallint AS day_of_week
FROM public.conversations AS c
CROSS JOIN LATERAL (
    SELECT c.created_at AT TIME ZONE 'UTC' AT TIME ZONE :'reporting_timezone' AS created_at
) AS reporting;
