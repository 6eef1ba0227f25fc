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
