-- One row per message: what was written. Personal data.
\ir settings.psql

CREATE OR REPLACE VIEW bi.message_content AS
SELECT
    messages.id AS message_id,
    messages.conversation_id,
    messages.content
FROM public.messages;
