-- Layer 1. One row per message, flat, with the marks of vw_messages_own; comparisons read it by day.
--
-- It starts from conversations, so that a predicate on conversation_created_at reaches messages by the index on
-- messages.conversation_id: one day never scans the whole table.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_messages_marked AS
SELECT
    c.id AS conversation_id,
    c.created_at AS conversation_created_at,
    m.id,
    m.created_at,
    m.message_type,
    m.message_type_code,
    m.content_type,
    m.content_type_code,
    m.sender_type,
    m.sender_id,
    m.private,
    m.marks,
    m.content,
    -- The transaction that wrote this version of the row: see sql/extract/message_versions.sql.
    m.row_version
FROM public.conversations AS c
CROSS JOIN LATERAL (
    SELECT
        own.id,
        own.created_at,
        own.message_type,
        own.message_type_code,
        own.content_type,
        own.content_type_code,
        own.sender_type,
        own.sender_id,
        own.private,
        own.marks,
        own.content,
        own.row_version
    FROM :"views_schema".vw_messages_own AS own
    WHERE own.conversation_id = c.id
) AS m;
