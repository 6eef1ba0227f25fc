-- The names of some inboxes, agents, accounts and teams, in one statement: they are few. Only inboxes have more.
\ir settings.psql

SELECT
    'inbox_id' AS of_column,
    inboxes.id::bigint AS id,
    inboxes.name::text AS name,
    inboxes.channel_type::text AS channel_type,
    inboxes.timezone::text AS timezone,
    inboxes.working_hours,
    inboxes.auto_assigns
FROM :"views_schema".vw_inboxes AS inboxes
WHERE inboxes.id = any(:'inbox_ids'::bigint[])
UNION ALL
SELECT
    'assignee_id' AS of_column,
    users.id,
    users.name,
    NULL AS channel_type,
    NULL AS timezone,
    NULL AS working_hours,
    NULL AS auto_assigns
FROM :"views_schema".vw_users AS users
WHERE users.id = any(:'assignee_ids'::bigint[])
UNION ALL
SELECT
    'account_id' AS of_column,
    accounts.id,
    accounts.name,
    NULL AS channel_type,
    NULL AS timezone,
    NULL AS working_hours,
    NULL AS auto_assigns
FROM :"views_schema".vw_accounts AS accounts
WHERE accounts.id = any(:'account_ids'::bigint[])
UNION ALL
SELECT
    'team_id' AS of_column,
    teams.id,
    teams.name,
    NULL AS channel_type,
    NULL AS timezone,
    NULL AS working_hours,
    NULL AS auto_assigns
FROM :"views_schema".vw_teams AS teams
WHERE teams.id = any(:'team_ids'::bigint[]);
