-- One row per contact: its latest name, phone number and e-mail address. Personal data.
\ir settings.psql

CREATE OR REPLACE VIEW bi.dim_contact AS
SELECT DISTINCT ON (conversations.contact_id)
    conversations.contact_id,
    conversations.account_id,
    conversations.contact_name,
    conversations.contact_phone,
    conversations.contact_email
FROM public.conversas_analytics AS conversations
WHERE conversations.contact_id IS NOT NULL
ORDER BY conversations.contact_id ASC, conversations.conversation_date DESC, conversations.id DESC;
