-- The rows of filter_options.sql for a viewer of some teams: from the conversations that the viewer may see, because
-- the sums by inbox, agent and label that filter_options.sql reads are over all teams.
\ir settings.psql

WITH seen AS (
    SELECT
        f.account_id,
        f.account_name,
        f.inbox_id,
        c.inbox_name,
        c.inbox_type,
        f.assignee_id,
        c.assignee_name,
        f.team_id,
        f.team_name,
        max(f.conversation_date)::text AS last_day
    FROM conversation_facts AS f
    INNER JOIN conversas_analytics AS c ON f.conversation_id = c.id
    GROUP BY
        f.account_id, f.account_name, f.inbox_id, c.inbox_name, c.inbox_type, f.assignee_id, c.assignee_name, f.team_id,
        f.team_name
),

labels AS (
    SELECT DISTINCT
        label.label,
        f.account_id
    FROM conversation_facts AS f
    CROSS JOIN unnest(f.labels) AS label (label)
)

SELECT
    found.kind,
    found.id,
    -- The latest one.
    (max(ARRAY[seen.last_day, found.name]) FILTER (WHERE found.name IS NOT NULL))[2] AS name,
    (max(ARRAY[seen.last_day, found.detail]) FILTER (WHERE found.detail IS NOT NULL))[2] AS detail,
    found.account_id
FROM seen
CROSS JOIN LATERAL (
    VALUES
    ('account', seen.account_id::bigint, seen.account_name, NULL::text, NULL::bigint),
    ('inbox', seen.inbox_id, seen.inbox_name, seen.inbox_type, seen.account_id),
    ('agent', seen.assignee_id, seen.assignee_name, NULL, NULL),
    ('team', seen.team_id, seen.team_name, NULL, seen.account_id),
    ('agent_account', seen.assignee_id, NULL, NULL, seen.account_id)
) AS found (kind, id, name, detail, account_id)
WHERE found.id IS NOT NULL
GROUP BY found.kind, found.id, found.account_id
UNION ALL
SELECT DISTINCT
    'label' AS kind,
    NULL::bigint AS id,
    labels.label AS name,
    NULL AS detail,
    NULL::bigint AS account_id
FROM labels
UNION ALL
SELECT
    'label_account' AS kind,
    NULL AS id,
    labels.label AS name,
    NULL AS detail,
    labels.account_id
FROM labels;
