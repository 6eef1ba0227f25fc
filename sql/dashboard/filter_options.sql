-- The options of the filters: every account, inbox, agent, team and label, with its latest name; and where there are
-- several accounts, those to which each agent and label belonged in the last year, or the last one before it, in rows
-- agent_account and label_account. Agents, teams and labels are found by hopping from one value to the next in their
-- index: 2 ms, where DISTINCT would read every row. A label is identified by its name.
\ir settings.psql

WITH RECURSIVE agents AS (
    SELECT min(c.assignee_id) AS id
    FROM conversas_analytics AS c
    UNION ALL
    SELECT
        (
            SELECT min(c.assignee_id)
            FROM conversas_analytics AS c
            WHERE c.assignee_id > agents.id
        ) AS id
    FROM agents
    WHERE agents.id IS NOT NULL
),

teams AS (
    SELECT min(c.team_id) AS id
    FROM conversas_analytics AS c
    UNION ALL
    SELECT
        (
            SELECT min(c.team_id)
            FROM conversas_analytics AS c
            WHERE c.team_id > teams.id
        ) AS id
    FROM teams
    WHERE teams.id IS NOT NULL
),

labels AS (
    SELECT min(d.label) AS label
    FROM daily_by_label AS d
    UNION ALL
    SELECT
        (
            SELECT min(d.label)
            FROM daily_by_label AS d
            WHERE d.label > labels.label
        ) AS label
    FROM labels
    WHERE labels.label IS NOT NULL
),

latest_agents AS MATERIALIZED (
    SELECT
        agents.id,
        latest.assignee_name,
        latest.account_id
    FROM agents
    LEFT JOIN LATERAL (
        SELECT
            c.assignee_name,
            c.account_id
        FROM conversas_analytics AS c
        WHERE c.assignee_id = agents.id
        ORDER BY c.conversation_date DESC
        LIMIT 1
    ) AS latest ON TRUE
    WHERE agents.id IS NOT NULL
),

inboxes AS (
    SELECT DISTINCT ON (inbox_id)
        account_id,
        inbox_id AS id,
        inbox_name AS name,
        conversation_date
    FROM daily_summary
    ORDER BY inbox_id ASC, conversation_date DESC
)

SELECT
    'account' AS kind,
    accounts.account_id::bigint AS id,
    latest.account_name AS name,
    NULL AS detail,
    NULL::bigint AS account_id
FROM (
    SELECT
        inboxes.account_id,
        max(inboxes.conversation_date) AS conversation_date
    FROM inboxes
    GROUP BY inboxes.account_id
) AS accounts
LEFT JOIN LATERAL (
    SELECT max(f.account_name) AS account_name
    FROM conversation_facts AS f
    WHERE f.conversation_date = accounts.conversation_date AND f.account_id = accounts.account_id
) AS latest ON TRUE
UNION ALL
SELECT
    'inbox' AS kind,
    inboxes.id::bigint AS id,
    inboxes.name,
    latest.inbox_type AS detail,
    inboxes.account_id
FROM inboxes
LEFT JOIN LATERAL (
    SELECT max(c.inbox_type) AS inbox_type
    FROM conversas_analytics AS c
    WHERE c.conversation_date = inboxes.conversation_date AND c.inbox_id = inboxes.id
) AS latest ON TRUE
UNION ALL
SELECT
    'agent' AS kind,
    latest_agents.id::bigint AS id,
    latest_agents.assignee_name AS name,
    NULL AS detail,
    NULL AS account_id
FROM latest_agents
UNION ALL
SELECT
    'team' AS kind,
    teams.id,
    latest.team_name AS name,
    NULL AS detail,
    latest.account_id
FROM teams
LEFT JOIN LATERAL (
    SELECT
        f.team_name,
        f.account_id
    FROM conversas_analytics AS c
    INNER JOIN conversation_facts AS f ON c.id = f.conversation_id
    WHERE c.team_id = teams.id
    ORDER BY c.conversation_date DESC, f.team_name IS NULL
    LIMIT 1
) AS latest ON TRUE
WHERE teams.id IS NOT NULL
UNION ALL
SELECT
    'label' AS kind,
    NULL AS id,
    labels.label AS name,
    NULL AS detail,
    NULL AS account_id
FROM labels
WHERE labels.label != ''
UNION ALL
SELECT DISTINCT
    'agent_account' AS kind,
    d.agent_id AS id,
    NULL AS name,
    NULL AS detail,
    d.account_id
FROM daily_by_agent AS d
WHERE
    d.conversation_date >= (SELECT max(i.conversation_date) - 366 FROM inboxes AS i)
    AND (SELECT count(DISTINCT i.account_id) FROM inboxes AS i) > 1
UNION ALL
SELECT
    'agent_account' AS kind,
    latest_agents.id,
    NULL AS name,
    NULL AS detail,
    latest_agents.account_id
FROM latest_agents
WHERE (SELECT count(DISTINCT i.account_id) FROM inboxes AS i) > 1
UNION ALL
SELECT
    'label_account' AS kind,
    NULL::bigint AS id,
    labels.label AS name,
    NULL AS detail,
    latest.account_id
FROM labels
CROSS JOIN LATERAL (
    SELECT d.account_id
    FROM daily_by_label AS d
    WHERE d.label = labels.label
    ORDER BY d.event_date DESC
    LIMIT 1
) AS latest
WHERE
    labels.label != ''
    AND (SELECT count(DISTINCT i.account_id) FROM inboxes AS i) > 1
UNION ALL
SELECT DISTINCT
    'label_account' AS kind,
    NULL::bigint AS id,
    d.label AS name,
    NULL AS detail,
    d.account_id
FROM daily_by_label AS d
WHERE
    d.label != ''
    AND d.conversation_date >= (SELECT max(i.conversation_date) - 366 FROM inboxes AS i)
    AND (SELECT count(DISTINCT i.account_id) FROM inboxes AS i) > 1;
