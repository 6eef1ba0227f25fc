-- Reactions on WhatsApp, which fazer-ai's forks of Chatwoot store as messages: an agent's to the contact's first
-- message, long before the first reply, and a contact's to that reply. In a few conversations of the first day.
INSERT INTO public.messages (
    account_id, inbox_id, conversation_id, message_type, content, content_attributes, sender_type, sender_id,
    created_at, updated_at
)
SELECT
    chosen.account_id,
    chosen.inbox_id,
    chosen.conversation_id,
    reaction.message_type,
    '👍' AS content,
    -- As Chatwoot writes it: a string that holds JSON.
    to_json(json_build_object('is_reaction', TRUE, 'in_reply_to', reaction.message_id)::text) AS content_attributes,
    reaction.sender_type,
    reaction.sender_id,
    reaction.created_at,
    reaction.created_at AS updated_at
FROM (
    SELECT
        c.account_id,
        c.inbox_id,
        c.id AS conversation_id,
        c.contact_id,
        c.created_at,
        c.first_reply_created_at,
        c.last_activity_at,
        reply.id AS reply_id,
        reply.sender_id AS agent_id,
        (
            SELECT min(m.id)
            FROM public.messages AS m
            WHERE m.conversation_id = c.id AND m.message_type = 0
        ) AS question_id
    FROM public.conversations AS c
    INNER JOIN public.inboxes AS inbox ON c.inbox_id = inbox.id AND inbox.channel_type = 'Channel::Whatsapp'
    INNER JOIN public.messages AS reply
        ON
            c.id = reply.conversation_id
            AND c.first_reply_created_at = reply.created_at
            AND reply.sender_type = 'User'
    WHERE
        c.created_at < (SELECT min(first.created_at) + interval '1 day' FROM public.conversations AS first)
        AND c.contact_id IS NOT NULL
    ORDER BY c.id
    LIMIT 20
) AS chosen
CROSS JOIN LATERAL (
    VALUES
    (1, chosen.question_id, 'User', chosen.agent_id, chosen.created_at + interval '20 s'),
    (0, chosen.reply_id, 'Contact', chosen.contact_id, chosen.first_reply_created_at + interval '20 s')
) AS reaction (message_type, message_id, sender_type, sender_id, created_at)
WHERE
    reaction.created_at < chosen.last_activity_at
    AND (reaction.message_type = 0 OR reaction.created_at < chosen.first_reply_created_at)
ORDER BY reaction.created_at;
