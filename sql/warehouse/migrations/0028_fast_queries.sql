-- The comments of a year are found without reading its other conversations and ratings, whose rows are wide.
CREATE INDEX conversas_analytics_comments_idx ON conversas_analytics (conversation_date) WHERE feedback_message != '';
CREATE INDEX ratings_notes_idx ON ratings (conversation_date) WHERE review_notes != '';
CREATE INDEX conversation_facts_rated_idx ON conversation_facts (conversation_date) WHERE rating IS NOT NULL;

-- With the time and the key of episodes, so that repeat contacts are found without reading their rows.
DROP INDEX episodes_started_idx;
CREATE INDEX episodes_started_idx ON episodes (started_date)
INCLUDE (
    account_id, inbox_id, team_id, agent_id, status, contact_id, first_response_seconds,
    first_response_business_seconds, started_at, conversation_id, episode_number
);
DROP INDEX episodes_resolved_idx;
CREATE INDEX episodes_resolved_idx ON episodes (resolved_date)
INCLUDE (
    account_id, inbox_id, team_id, agent_id, status, contact_id, resolved_at, reopens, resolution_seconds,
    resolution_business_seconds, conversation_id, episode_number
)
WHERE resolved_date IS NOT NULL;
