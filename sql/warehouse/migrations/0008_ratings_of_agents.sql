-- A rating belongs to the agent who was assigned when the contact gave it.
ALTER TABLE conversation_facts ADD COLUMN rating_agent_id bigint;
