-- History as Chatwoot's import from Intercom writes it: resolved conversations of the first day without events, replies
-- of teammates without a sender. Half of them are in data_import_mappings; an older import left only the identifiers.
INSERT INTO public.contacts (account_id, name, email, identifier, created_at, updated_at, last_activity_at)
SELECT
    inbox.account_id,
    'Contato importado ' || history.number AS name,
    'importado.' || history.number || '@example.com' AS email,
    'intercom:contact-' || history.number AS identifier,
    first_day.begins_at AS created_at,
    first_day.begins_at AS updated_at,
    first_day.begins_at AS last_activity_at
FROM public.inboxes AS inbox
CROSS JOIN generate_series(1, 8) AS history (number)
CROSS JOIN (
    SELECT
        date_trunc('day', min(created_at) AT TIME ZONE 'UTC' AT TIME ZONE 'America/Sao_Paulo')
        AT TIME ZONE 'America/Sao_Paulo' AT TIME ZONE 'UTC' AS begins_at
    FROM public.conversations
) AS first_day
WHERE inbox.channel_type = 'Channel::Api'
ORDER BY history.number;

INSERT INTO public.contact_inboxes (contact_id, inbox_id, source_id, created_at, updated_at)
SELECT
    contact.id AS contact_id,
    inbox.id AS inbox_id,
    contact.identifier AS source_id,
    contact.created_at,
    contact.updated_at
FROM public.contacts AS contact
INNER JOIN public.inboxes AS inbox ON contact.account_id = inbox.account_id
WHERE contact.identifier LIKE 'intercom:%' AND inbox.channel_type = 'Channel::Api'
ORDER BY contact.id;

INSERT INTO public.conversations (
    account_id, inbox_id, contact_id, contact_inbox_id, status, identifier, uuid, created_at, updated_at,
    last_activity_at
)
SELECT
    contact.account_id,
    pair.inbox_id,
    pair.contact_id,
    pair.id AS contact_inbox_id,
    1 AS status,
    replace(contact.identifier, 'contact', 'conversation') AS identifier,
    md5(contact.identifier)::uuid AS uuid,
    began.created_at,
    began.created_at + interval '40 min' AS updated_at,
    began.created_at + interval '40 min' AS last_activity_at
FROM public.contacts AS contact
INNER JOIN public.contact_inboxes AS pair ON contact.id = pair.contact_id
CROSS JOIN LATERAL (
    SELECT contact.created_at + interval '10 min' * row_number() OVER (ORDER BY contact.id) AS created_at
) AS began
WHERE contact.identifier LIKE 'intercom:%'
ORDER BY contact.id;

INSERT INTO public.messages (
    account_id, inbox_id, conversation_id, message_type, content, sender_type, sender_id, source_id, created_at,
    updated_at
)
SELECT
    c.account_id,
    c.inbox_id,
    c.id AS conversation_id,
    part.message_type,
    part.content,
    CASE WHEN part.message_type = 0 THEN 'Contact' END AS sender_type,
    CASE WHEN part.message_type = 0 THEN c.contact_id END AS sender_id,
    c.identifier || '-part-' || part.number AS source_id,
    c.created_at + interval '10 min' * part.number AS created_at,
    c.created_at + interval '10 min' * part.number AS updated_at
FROM public.conversations AS c
CROSS JOIN (
    VALUES
    (0, 0, 'Olá, o relatório de ontem não abre.'),
    (1, 1, 'Bom dia! Pode nos enviar o número da conta?'),
    (2, 0, 'É a conta 4812.'),
    (4, 1, 'Obrigado. O relatório já abre de novo.')
) AS part (number, message_type, content)
WHERE c.identifier LIKE 'intercom:%'
ORDER BY c.id, part.number;

INSERT INTO public.data_import_mappings (
    account_id, data_import_id, source_provider, source_object_type, source_object_id, chatwoot_record_type,
    chatwoot_record_id, created_at, updated_at
)
SELECT
    c.account_id,
    1 AS data_import_id,
    'intercom' AS source_provider,
    'conversation' AS source_object_type,
    replace(c.identifier, 'intercom:', '') AS source_object_id,
    'Conversation' AS chatwoot_record_type,
    c.id AS chatwoot_record_id,
    c.last_activity_at + interval '2 h' AS created_at,
    c.last_activity_at + interval '2 h' AS updated_at
FROM public.conversations AS c
WHERE c.identifier LIKE 'intercom:%' AND c.id % 2 = 0
ORDER BY c.id;

-- Old messages as Evolution API's importer writes them: into conversations that exist already, in the end, with the
-- times that WhatsApp knows, and the replies all under one user.
INSERT INTO public.messages (
    account_id, inbox_id, conversation_id, message_type, content, sender_type, sender_id, source_id, created_at,
    updated_at
)
SELECT
    c.account_id,
    c.inbox_id,
    c.id AS conversation_id,
    part.message_type,
    part.content,
    CASE WHEN part.message_type = 0 THEN 'Contact' ELSE 'User' END AS sender_type,
    CASE WHEN part.message_type = 0 THEN c.contact_id ELSE importer.user_id END AS sender_id,
    'WAID:' || c.id || '.' || part.number AS source_id,
    c.created_at + interval '9 min' * part.number AS created_at,
    c.created_at + interval '9 min' * part.number AS updated_at
FROM (
    SELECT DISTINCT
        v.id,
        v.account_id,
        v.inbox_id,
        v.contact_id,
        v.created_at
    FROM public.conversations AS v
    INNER JOIN public.inboxes AS i ON v.inbox_id = i.id
    INNER JOIN public.messages AS m ON v.id = m.conversation_id
    WHERE
        i.channel_type = 'Channel::Whatsapp'
        AND v.contact_id IS NOT NULL
        AND m.created_at > v.created_at + interval '3 days'
    ORDER BY v.id
    LIMIT 6
) AS c
INNER JOIN (
    SELECT
        account_id,
        min(user_id) AS user_id
    FROM public.account_users
    GROUP BY account_id
) AS importer ON c.account_id = importer.account_id
CROSS JOIN (
    VALUES
    (1, 0, 'Bom dia, vocês abrem no sábado?'),
    (2, 1, 'Bom dia! Abrimos das 9h às 13h.'),
    (3, 0, 'Obrigado!')
) AS part (number, message_type, content)
ORDER BY c.id, part.number;
