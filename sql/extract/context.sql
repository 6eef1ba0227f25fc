-- What the conversations created between two instants (UTC) belong to: labels, team, account, opening hours.
\ir settings.psql

SELECT
    context.conversation_id,
    context.conversation_created_at,
    context.waiting_since,
    context.account_name,
    context.team_name,
    context.labels,
    context.inbox_timezone,
    context.working_hours
FROM :"views_schema".vw_conversation_context AS context
WHERE
    context.conversation_created_at >= :'starts_at'
    AND context.conversation_created_at < :'ends_at';
