-- Layer 1. One row per name of a user or team in an account; activity messages name both in the same sentence.
\ir settings.psql
\ir mask.psql

CREATE OR REPLACE VIEW :"views_schema".vw_account_names AS
SELECT
    au.account_id,
    :sentence_user_name AS name,
    FALSE AS is_team
FROM public.account_users AS au
INNER JOIN public.users AS u ON au.user_id = u.id
UNION ALL
SELECT
    t.account_id,
    :sentence_team_name AS name,
    TRUE AS is_team
FROM public.teams AS t;
