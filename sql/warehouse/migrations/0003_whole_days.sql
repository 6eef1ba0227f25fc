-- The rows of a day in all tables are replaced in one transaction: what is known about them is one row.

-- The definition of the rules that the metrics were computed by (NULL: not current), the number of the day's rows in
-- each table, the sums of the ids in conversas_analytics and messages, and whether a row has a time later than the date
-- on which Chatwoot was read.
ALTER TABLE partition_state
ADD COLUMN definition text,
ADD COLUMN row_counts jsonb NOT NULL DEFAULT '{}',
ADD COLUMN id_sums jsonb NOT NULL DEFAULT '{}',
ADD COLUMN has_future_times boolean NOT NULL DEFAULT true;

-- Days whose tables were all computed from the same rows need not be loaded again.
UPDATE partition_state
SET definition = metric_state.definition
FROM metric_state
INNER JOIN complete_day ON metric_state.conversation_date = complete_day.conversation_date
WHERE partition_state.conversation_date = metric_state.conversation_date;

DROP VIEW complete_day;
DROP TABLE metric_state;
ALTER TABLE partition_state DROP COLUMN summarized_at;

-- Chatwoot's ids may outgrow 32 bits. The views are made again, because they have these columns.
DROP VIEW IF EXISTS vw_conversations_analytics;
DROP VIEW IF EXISTS vw_messages_compiled;
DROP VIEW mvw_daily_summary;
DROP VIEW daily_backlog;

ALTER TABLE conversas_analytics
ALTER COLUMN display_id TYPE bigint,
ALTER COLUMN account_id TYPE bigint,
ALTER COLUMN inbox_id TYPE bigint,
ALTER COLUMN assignee_id TYPE bigint;
-- With everything that conversations are counted by: an agent's are counted without reading their rows.
DROP INDEX conversas_analytics_assignee_idx;
CREATE INDEX conversas_analytics_assignee_idx ON conversas_analytics (assignee_id, conversation_date)
INCLUDE (inbox_id, status);
ALTER TABLE messages
ALTER COLUMN account_id TYPE bigint,
ALTER COLUMN inbox_id TYPE bigint;
ALTER TABLE daily_summary
ALTER COLUMN account_id TYPE bigint,
ALTER COLUMN inbox_id TYPE bigint;
ALTER TABLE response_intervals
ALTER COLUMN account_id TYPE bigint,
ALTER COLUMN inbox_id TYPE bigint,
ALTER COLUMN assignee_id TYPE bigint;
ALTER TABLE resolutions
ALTER COLUMN account_id TYPE bigint,
ALTER COLUMN inbox_id TYPE bigint,
ALTER COLUMN assignee_id TYPE bigint;
ALTER TABLE conversation_facts
ALTER COLUMN account_id TYPE bigint,
ALTER COLUMN inbox_id TYPE bigint,
ALTER COLUMN assignee_id TYPE bigint;
ALTER TABLE conversation_events
ALTER COLUMN account_id TYPE bigint,
ALTER COLUMN inbox_id TYPE bigint,
ALTER COLUMN user_id TYPE bigint;
ALTER TABLE daily_by_agent ALTER COLUMN account_id TYPE bigint;
ALTER TABLE daily_by_inbox
ALTER COLUMN account_id TYPE bigint,
ALTER COLUMN inbox_id TYPE bigint;
ALTER TABLE daily_by_team ALTER COLUMN account_id TYPE bigint;
ALTER TABLE daily_by_label ALTER COLUMN account_id TYPE bigint;
ALTER TABLE backlog_changes
ALTER COLUMN account_id TYPE bigint,
ALTER COLUMN inbox_id TYPE bigint;
ALTER TABLE hourly_messages
ALTER COLUMN account_id TYPE bigint,
ALTER COLUMN inbox_id TYPE bigint;

-- Averages over the inboxes of one name are weighted: sums divided by sums, never averages of averages.
CREATE VIEW mvw_daily_summary AS
SELECT
    conversation_date,
    inbox_name,
    status,
    sum(total_conversations)::bigint AS total_conversations,
    sum(sum_first_response_seconds) / nullif(sum(responded_conversations), 0)::double precision
        AS avg_response_time,
    sum(total_rated)::bigint AS total_rated,
    sum(sum_rating)::double precision / nullif(sum(total_rated), 0)::double precision AS avg_rating
FROM daily_summary
GROUP BY conversation_date, inbox_name, status;

-- The backlog at the end of each day, from an inbox's first change to the last loaded day. Changes after that day come
-- from a clock that is ahead, or from a period that is only partly loaded. Sums are taken at changes and hold until the
-- next change, which is twenty times as fast as joining every day.
CREATE VIEW daily_backlog AS
WITH changes AS (
    SELECT
        account_id,
        inbox_id,
        change_date,
        sum(open) AS open,
        sum(pending) AS pending,
        sum(snoozed) AS snoozed,
        sum(unassigned) AS unassigned,
        sum(unattended) AS unattended
    FROM backlog_changes
    GROUP BY account_id, inbox_id, change_date
),

levels AS (
    SELECT
        account_id,
        inbox_id,
        change_date,
        lead(change_date) OVER so_far - 1 AS last_date,
        sum(open) OVER so_far AS open,
        sum(pending) OVER so_far AS pending,
        sum(snoozed) OVER so_far AS snoozed,
        sum(unassigned) OVER so_far AS unassigned,
        sum(unattended) OVER so_far AS unattended
    FROM changes
    WINDOW so_far AS (PARTITION BY account_id, inbox_id ORDER BY change_date)
)

SELECT
    day.at::date AS backlog_date,
    levels.account_id,
    levels.inbox_id,
    levels.open::bigint AS open,
    levels.pending::bigint AS pending,
    levels.snoozed::bigint AS snoozed,
    levels.unassigned::bigint AS unassigned,
    levels.unattended::bigint AS unattended
FROM levels
-- Timestamps without a zone: the session's time zone must not move a day.
CROSS JOIN LATERAL generate_series(
    levels.change_date::timestamp,
    least(
        levels.last_date,
        (
            SELECT max(loaded.conversation_date)
            FROM partition_state AS loaded
        )
    )::timestamp,
    '1 day'
) AS day (at);

-- The local views have the names, columns and values of the views in Chatwoot's database, where instants have no time
-- zone. The JSON is computed in a subquery of its own, so that a query that does not select it does not pay for it.
CREATE VIEW vw_messages_compiled AS
SELECT
    c.id AS conversation_id,
    c.created_at AT TIME ZONE 'UTC' AS conversation_created_at,
    (
        SELECT
            coalesce(
                array_to_json(array_agg(row_to_json(element.*) ORDER BY m.created_at NULLS FIRST, m.id))::jsonb,
                '[]'::jsonb
            )
        FROM messages AS m
        CROSS JOIN LATERAL (
            SELECT
                m.id,
                to_char(m.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_at,
                m.message_type,
                m.sender_type,
                m.sender_id,
                m.private,
                m.deleted,
                m.content
        ) AS element
        WHERE m.conversation_id = c.id
    ) AS message_compiled,
    c.client_sender_id,
    c.inbox_id,
    c.client_phone,
    c.t_messages
FROM conversas_analytics AS c;

CREATE VIEW vw_conversations_analytics AS
SELECT
    c.id,
    c.display_id,
    c.account_id,
    c.inbox_id,
    c.contact_id,
    c.assignee_id,
    c.team_id,
    c.status,
    c.status_code,
    c.priority,
    c.priority_code,
    c.created_at AT TIME ZONE 'UTC' AS created_at,
    c.updated_at AT TIME ZONE 'UTC' AS updated_at,
    c.contact_name,
    c.contact_email,
    c.contact_phone,
    c.inbox_name,
    c.inbox_type,
    c.assignee_name,
    m.message_compiled,
    c.t_messages,
    c.client_sender_id,
    c.client_phone,
    c.rating,
    c.feedback_message,
    c.rated_at AT TIME ZONE 'UTC' AS rated_at,
    c.csat_responses,
    c.first_response_seconds,
    c.is_resolved,
    c.is_assigned,
    c.conversation_date,
    c.conversation_hour,
    c.day_of_week,
    c.user_msg_count,
    c.contact_msg_count,
    c.first_message_at AT TIME ZONE 'UTC' AS first_message_at,
    c.last_message_at AT TIME ZONE 'UTC' AS last_message_at,
    c.duration_seconds
FROM conversas_analytics AS c
INNER JOIN vw_messages_compiled AS m ON c.id = m.conversation_id;
