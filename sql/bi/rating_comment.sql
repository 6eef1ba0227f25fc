-- One row per comment that was given with a rating. Personal data.
\ir settings.psql

CREATE OR REPLACE VIEW bi.rating_comment AS
SELECT
    conversations.id AS conversation_id,
    conversations.rating,
    conversations.feedback_message AS comment
FROM public.conversas_analytics AS conversations
WHERE conversations.feedback_message != '';
