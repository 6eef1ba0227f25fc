-- One row per team with the latest name, and 0 for none.
\ir settings.psql

CREATE OR REPLACE VIEW bi.dim_team AS
SELECT
    0::bigint AS team_id,
    NULL::bigint AS account_id,
    NULL::text AS team_name
UNION ALL
(
    SELECT DISTINCT ON (facts.team_id)
        facts.team_id,
        facts.account_id,
        facts.team_name
    FROM public.conversation_facts AS facts
    WHERE facts.team_id IS NOT NULL
    ORDER BY facts.team_id ASC, facts.team_name IS NULL, facts.conversation_date DESC
);
