-- Layer 1. One row per message, flat. A predicate on conversation_created_at reaches messages by the index on
-- messages.conversation_id; see vw_messages_marked.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_messages_base AS
SELECT
    m.conversation_id,
    m.conversation_created_at,
    m.id,
    m.created_at,
    m.message_type,
    m.message_type_code,
    m.content_type,
    m.sender_type,
    m.sender_id,
    m.private,
    -- NULL if it cannot be read.
    CASE WHEN m.marks & 2 = 0 THEN m.marks & 1 = 1 END AS deleted,
    m.content
FROM :"views_schema".vw_messages_marked AS m;
