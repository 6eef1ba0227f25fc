-- One row per account, with its latest name.
\ir settings.psql

CREATE OR REPLACE VIEW bi.dim_account AS
SELECT DISTINCT ON (facts.account_id)
    facts.account_id,
    facts.account_name
FROM public.conversation_facts AS facts
ORDER BY facts.account_id ASC, facts.account_name IS NULL, facts.conversation_date DESC;
