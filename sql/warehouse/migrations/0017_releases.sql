-- Since Chatwoot 4.18, a conversation that a bot owns is not unassigned.
ALTER TABLE conversation_facts ADD COLUMN is_unassigned boolean NOT NULL DEFAULT FALSE;
ALTER TABLE conversation_facts ALTER COLUMN is_unassigned DROP DEFAULT;
