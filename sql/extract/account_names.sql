-- The names of users and teams that activity messages may confuse. A name with a capital letter is an agent's.
\ir settings.psql

SELECT DISTINCT
    names.account_id::bigint AS account_id,
    names.name,
    names.is_team
FROM :"views_schema".vw_account_names AS names
WHERE names.name = lower(names.name) AND names.name != '';
