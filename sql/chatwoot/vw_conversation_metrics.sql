-- Layer 2. One row per conversation: what follows from its own columns, without a join; see vw_conversations_own.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_conversation_metrics AS
SELECT
    own.id AS conversation_id,
    own.created_at AS conversation_created_at,
    own.first_response_seconds,
    own.is_resolved,
    own.is_assigned,
    own.conversation_date,
    own.conversation_hour,
    own.day_of_week
FROM :"views_schema".vw_conversations_own AS own;
