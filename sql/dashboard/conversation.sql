-- One conversation without its messages. Before the metrics of its day are computed, its facts are NULL.
\ir settings.psql

SELECT
    conversations.id,
    conversations.account_id,
    conversations.display_id,
    conversations.created_at,
    conversations.status,
    conversations.priority,
    conversations.contact_name,
    conversations.contact_email,
    conversations.contact_phone,
    conversations.inbox_id,
    conversations.inbox_name,
    conversations.assignee_id,
    conversations.assignee_name,
    conversations.team_id,
    conversations.t_messages,
    conversations.duration_seconds,
    conversations.rating,
    conversations.feedback_message,
    (
        SELECT string_agg(ratings.review_notes, E'\n' ORDER BY ratings.rated_at, ratings.id)
        FROM ratings
        WHERE ratings.conversation_id = conversations.id AND ratings.review_notes != ''
    ) AS review_notes,
    conversations.rated_at,
    conversations.extracted_at,
    facts.labels,
    facts.team_name,
    facts.needs_reply,
    facts.waiting_since,
    facts.first_response_seconds,
    facts.waits_answered,
    facts.waits_open,
    facts.sum_wait_seconds,
    facts.resolutions,
    facts.last_resolution_seconds,
    facts.reopens,
    facts.reassignments
FROM conversas_analytics AS conversations
LEFT JOIN conversation_facts AS facts ON conversations.id = facts.conversation_id
WHERE conversations.id = :'conversation_id'::bigint;
