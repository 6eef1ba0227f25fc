-- The live count of unattended conversations leads to their list.
ALTER TABLE conversation_facts ADD COLUMN is_unattended boolean NOT NULL DEFAULT FALSE;
ALTER TABLE conversation_facts ALTER COLUMN is_unattended DROP DEFAULT;
