-- One conversation, without its messages; of a day that is not measured yet also without its facts.
\ir settings.psql

SELECT
    named.id,
    named.account_id,
    named.display_id,
    named.created_at,
    named.status,
    named.priority,
    named.contact_name,
    named.contact_email,
    named.contact_phone,
    named.inbox_id,
    named.inbox_name,
    named.assignee_id,
    named.assignee_name,
    named.team_id,
    named.t_messages,
    named.duration_seconds,
    named.rating,
    named.feedback_message,
    named.rated_at,
    named.extracted_at,
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
FROM conversas_analytics AS named
LEFT JOIN conversation_facts AS facts ON named.id = facts.conversation_id
WHERE named.id = :'conversation_id'::bigint;
