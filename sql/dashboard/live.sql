-- The conversations that are not resolved, whenever they began, as of the last load, grouped by :'dimension': team or
-- agent (group_id, 0 for conversations without one), inbox (group_id), label or attribute (group_name, '' for none, as
-- in new_conversations.sql), or all in one row. Chatwoot calls a conversation unattended if it is open and has no first
-- reply yet or waits for one.
\ir settings.psql
\ir filters.psql
\ir attribute_lookup.psql

SELECT
    group_id,
    group_name,
    count(*) FILTER (WHERE status = 'open') AS open,
    count(*) FILTER (WHERE is_unattended) AS unattended,
    count(*) FILTER (WHERE status = 'open' AND is_unassigned) AS unassigned,
    count(*) FILTER (WHERE status = 'pending') AS pending,
    count(*) FILTER (WHERE status = 'snoozed') AS snoozed,
    count(*) FILTER (WHERE needs_reply) AS needs_reply,
    min(waiting_since) FILTER (WHERE needs_reply) AS waiting_since
FROM (
    SELECT
        facts.*,
        CASE :'dimension'
            WHEN 'inbox' THEN facts.inbox_id
            WHEN 'team' THEN coalesce(facts.team_id, 0)
            WHEN 'agent' THEN coalesce(facts.assignee_id, 0)
        END::bigint AS group_id,
        CASE :'dimension'
            WHEN 'label' THEN coalesce(label.label, '')
            WHEN 'attribute' THEN :attribute_group
        END AS group_name
    FROM conversation_facts AS facts
    LEFT JOIN LATERAL unnest(facts.labels) AS label (label) ON :'dimension' = 'label'
    WHERE
        facts.status != 'resolved'
        AND :conversation_filters
) AS unresolved
GROUP BY group_id, group_name;
