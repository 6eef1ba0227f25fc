-- A rating belongs to the agent who was assigned when the contact gave it.
ALTER TABLE conversation_facts ADD COLUMN rating_agent_id bigint;

-- The names that activity messages may confuse: those of users and teams without a capital letter. Former ones stay,
-- because sentences still have them.
CREATE TABLE account_name (
    account_id bigint NOT NULL,
    name text NOT NULL,
    is_team boolean NOT NULL,
    PRIMARY KEY (account_id, name, is_team)
);

-- The inboxes that had an active bot when Chatwoot was last read, and since when.
CREATE TABLE inbox_bot (
    inbox_id bigint PRIMARY KEY,
    bot_since timestamptz NOT NULL
);
