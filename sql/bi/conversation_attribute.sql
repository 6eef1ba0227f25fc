-- One row per conversation and custom attribute that has a value. May be personal data.
\ir settings.psql

CREATE OR REPLACE VIEW bi.conversation_attribute AS
SELECT
    conversations.id AS conversation_id,
    given.source,
    given.attribute,
    given.value
FROM public.conversas_analytics AS conversations
CROSS JOIN LATERAL (
    SELECT
        'conversation' AS source,
        own.key AS attribute,
        own.value
    FROM jsonb_each_text(conversations.custom_attributes) AS own
    UNION ALL
    SELECT
        'contact' AS source,
        of_contact.key AS attribute,
        of_contact.value
    FROM jsonb_each_text(conversations.contact_attributes) AS of_contact
) AS given
WHERE given.value IS NOT NULL;
