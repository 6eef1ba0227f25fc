-- Whether a conversation came from an import: what it says about response times is that of another system.
ALTER TABLE conversation_facts ADD COLUMN is_imported boolean NOT NULL DEFAULT FALSE;
ALTER TABLE conversation_facts ALTER COLUMN is_imported DROP DEFAULT;
