-- One row per inbox, with its latest name.
\ir settings.psql

CREATE OR REPLACE VIEW bi.dim_inbox AS
SELECT DISTINCT ON (conversations.inbox_id)
    conversations.inbox_id,
    conversations.account_id,
    conversations.inbox_name,
    replace(conversations.inbox_type, 'Channel::', '') AS channel
FROM public.conversas_analytics AS conversations
ORDER BY conversations.inbox_id ASC, conversations.inbox_name IS NULL, conversations.conversation_date DESC;
