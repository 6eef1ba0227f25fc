-- Messages as rows of a table of their own: as JSON in conversas_analytics they could not be searched.

-- One row per message. A load replaces the messages of a conversation together with the conversation.
CREATE TABLE messages (
    id bigint PRIMARY KEY,
    conversation_id bigint NOT NULL,
    conversation_date date NOT NULL,
    account_id integer NOT NULL,
    inbox_id integer NOT NULL,
    created_at timestamptz,
    message_type text,
    content_type text,
    sender_type text,
    sender_id bigint,
    private boolean,
    deleted boolean,
    marks smallint NOT NULL,
    content text
);

-- The JSON lacks the content type and all marks but the one for a deletion.
INSERT INTO messages (
    id, conversation_id, conversation_date, account_id, inbox_id, created_at, message_type, sender_type, sender_id,
    private, deleted, marks, content
)
SELECT
    message.id,
    c.id AS conversation_id,
    c.conversation_date,
    c.account_id,
    c.inbox_id,
    message.created_at,
    message.message_type,
    message.sender_type,
    message.sender_id,
    message.private,
    message.deleted,
    CASE WHEN message.deleted THEN 1 WHEN message.deleted IS NULL THEN 2 ELSE 0 END AS marks,
    message.content
FROM conversas_analytics AS c
CROSS JOIN LATERAL jsonb_to_recordset(c.message_compiled) AS message (
    id bigint, created_at timestamptz, message_type text, sender_type text, sender_id bigint, private boolean,
    deleted boolean, content text
);

CREATE INDEX messages_conversation_idx ON messages (conversation_id);

-- So the next run loads every day again: from its extracts, without reading Chatwoot.
UPDATE partition_state SET messages_fingerprint = NULL;

ALTER TABLE conversas_analytics DROP COLUMN message_compiled;

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
