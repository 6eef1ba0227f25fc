-- Campaigns as Chatwoot 4.17 sends them through WhatsApp: two per inbox and month, to contacts who write there.
-- A few messages fail or are skipped, and a contact who answers does so in a conversation.
INSERT INTO public.campaigns (
    id, display_id, title, message, account_id, inbox_id, campaign_type, campaign_status, scheduled_at, started_at,
    completed_at, created_at, updated_at
)
SELECT
    row_number() OVER (ORDER BY months.starts_at, i.id) AS id,
    row_number() OVER (PARTITION BY i.account_id ORDER BY months.starts_at, i.id) AS display_id,
    months.name || to_char(months.starts_at, 'MM/YYYY') AS title,
    'Oi! Temos uma promoção para você.' AS message,
    i.account_id,
    i.id AS inbox_id,
    1 AS campaign_type,
    1 AS campaign_status,
    months.starts_at AS scheduled_at,
    months.starts_at + interval '20 s' AS started_at,
    months.starts_at + interval '10 min' AS completed_at,
    months.starts_at - interval '1 day' AS created_at,
    months.starts_at + interval '10 min' AS updated_at
FROM public.inboxes AS i
CROSS JOIN (
    SELECT
        campaign.name,
        first_days.month + campaign.delay AS starts_at
    FROM (
        SELECT generate_series(min(created_at), max(created_at), interval '1 month') AS month
        FROM (SELECT date_trunc('month', created_at) AS created_at FROM public.conversations) AS days
    ) AS first_days
    CROSS JOIN (
        VALUES
        ('Promoção ', interval '4 days 13 hours'),
        ('Novidades ', interval '18 days 13 hours')
    ) AS campaign (name, delay)
) AS months
WHERE
    i.channel_type = 'Channel::Whatsapp'
    AND months.starts_at < (SELECT max(c.created_at) - interval '1 day' FROM public.conversations AS c);

INSERT INTO public.campaign_recipients (
    id, account_id, campaign_id, contact_id, inbox_id, source_id, status, error_code, error_title, error_message,
    message_content, sent_at, delivered_at, read_at, failed_at, created_at, updated_at
)
SELECT
    row_number() OVER (ORDER BY c.id, contacts.contact_id) AS id,
    c.account_id,
    c.id AS campaign_id,
    contacts.contact_id,
    c.inbox_id,
    CASE WHEN drawn.status >= 2 THEN 'wamid.' || c.id || '.' || contacts.contact_id END AS source_id,
    drawn.status,
    CASE WHEN drawn.status = 5 THEN '131049' END AS error_code,
    CASE WHEN drawn.status = 5 THEN 'Message not delivered' END AS error_title,
    CASE drawn.status WHEN 5 THEN 'Not delivered to maintain ecosystem health' WHEN 1 THEN 'No phone number' END
        AS error_message,
    c.message AS message_content,
    CASE WHEN drawn.status >= 2 THEN drawn.sent_at END AS sent_at,
    CASE WHEN drawn.status IN (3, 4) THEN drawn.sent_at + interval '7 s' END AS delivered_at,
    CASE WHEN drawn.status = 4 THEN drawn.sent_at + contacts.contact_id % 600 * interval '1 min' END AS read_at,
    CASE WHEN drawn.status = 5 THEN drawn.sent_at + interval '3 s' END AS failed_at,
    c.started_at AS created_at,
    CASE
        WHEN drawn.status = 4 THEN drawn.sent_at + contacts.contact_id % 600 * interval '1 min'
        ELSE drawn.sent_at + interval '7 s'
    END AS updated_at
FROM public.campaigns AS c
INNER JOIN LATERAL (
    SELECT DISTINCT v.contact_id
    FROM public.conversations AS v
    INNER JOIN public.contacts AS ct ON v.contact_id = ct.id
    WHERE
        v.inbox_id = c.inbox_id
        AND v.contact_id % 2 = 0
        AND v.created_at BETWEEN c.started_at - interval '30 days' AND c.started_at + interval '3 days'
) AS contacts ON TRUE
CROSS JOIN LATERAL (
    SELECT
        c.started_at + contacts.contact_id % 500 * interval '1 s' AS sent_at,
        CASE
            WHEN contacts.contact_id % 31 = 0 THEN 1
            WHEN contacts.contact_id % 13 = 0 THEN 5
            WHEN contacts.contact_id % 11 = 0 THEN 2
            WHEN contacts.contact_id % 4 = 0 THEN 3
            ELSE 4
        END AS status
) AS drawn;
