-- One row per episode: a stretch of service inside a conversation, with the status and labels of the conversation.
CREATE TABLE episodes (
    conversation_id bigint NOT NULL,
    episode_number integer NOT NULL,
    conversation_date date NOT NULL,
    account_id bigint NOT NULL,
    inbox_id bigint NOT NULL,
    contact_id bigint,
    team_id bigint,
    agent_id bigint,
    initiated_by text NOT NULL,
    started_at timestamptz NOT NULL,
    started_date date NOT NULL,
    resolved_at timestamptz,
    resolved_date date,
    resolution_seconds double precision,
    resolution_business_seconds double precision,
    first_response_seconds double precision,
    first_response_business_seconds double precision,
    first_response_agent_id bigint,
    replies integer NOT NULL,
    reopens integer NOT NULL,
    incoming_messages integer NOT NULL,
    outgoing_messages integer NOT NULL,
    open_seconds double precision,
    pending_seconds double precision,
    snoozed_seconds double precision,
    unassigned_seconds double precision,
    assigned_at timestamptz,
    assignment_to_reply_seconds double precision,
    assignment_to_resolution_seconds double precision,
    resolved_by text,
    rating smallint,
    status text NOT NULL,
    labels text[] NOT NULL,
    PRIMARY KEY (conversation_id, episode_number)
);

COMMENT ON TABLE episodes IS
'Stretches of service: a new one begins after a resolution that has lasted for EPISODE_GAP_HOURS.';
COMMENT ON COLUMN episodes.episode_number IS 'The number of the episode in its conversation, from 1.';
COMMENT ON COLUMN episodes.agent_id IS
'Who was assigned at its last resolution; while it is open, who is assigned now.';
COMMENT ON COLUMN episodes.started_date IS 'The day of started_at, in the reporting time zone.';
COMMENT ON COLUMN episodes.resolved_date IS
'The day of resolved_at, in the reporting time zone; NULL while it is open.';

CREATE INDEX episodes_date_idx ON episodes (conversation_date);
-- Without the labels: a conversation may have more of them than an index row can hold.
CREATE INDEX episodes_started_idx ON episodes (started_date)
INCLUDE (
    account_id, inbox_id, team_id, agent_id, status, contact_id, first_response_seconds, first_response_business_seconds
);
CREATE INDEX episodes_resolved_idx ON episodes (resolved_date)
INCLUDE (
    account_id, inbox_id, team_id, agent_id, status, contact_id, resolved_at, reopens, resolution_seconds,
    resolution_business_seconds
)
WHERE resolved_date IS NOT NULL;
-- Finds the next episode of a contact without reading a row: in the order of the view below.
CREATE INDEX episodes_contact_idx ON episodes (contact_id, started_at, conversation_id, episode_number)
INCLUDE (account_id)
WHERE contact_id IS NOT NULL;

-- Each resolved episode with the contact's next one, in any inbox of the account: whether the resolution was final.
CREATE VIEW episode_follow_ups AS
SELECT
    resolved.conversation_id,
    resolved.episode_number,
    resolved.conversation_date,
    resolved.account_id,
    resolved.inbox_id,
    resolved.contact_id,
    resolved.team_id,
    resolved.agent_id,
    resolved.resolved_at,
    resolved.resolved_date,
    resolved.reopens,
    resolved.status,
    resolved.labels,
    following.conversation_id AS next_conversation_id,
    following.episode_number AS next_episode_number,
    following.started_at AS next_started_at
FROM episodes AS resolved
LEFT JOIN LATERAL (
    SELECT
        e.conversation_id,
        e.episode_number,
        e.started_at
    FROM episodes AS e
    WHERE
        e.contact_id = resolved.contact_id
        AND e.account_id = resolved.account_id
        AND e.started_at >= resolved.resolved_at
        AND (e.conversation_id, e.episode_number) != (resolved.conversation_id, resolved.episode_number)
    ORDER BY e.started_at, e.conversation_id, e.episode_number
    LIMIT 1
) AS following ON TRUE
WHERE resolved.resolved_at IS NOT NULL;

COMMENT ON VIEW episode_follow_ups IS 'Resolved episodes, each with the next episode of the same contact.';

-- What began and ended on each day, with the seconds from the start of episodes to their last resolution.
ALTER TABLE daily_by_agent
ADD COLUMN episodes_started bigint NOT NULL DEFAULT 0,
ADD COLUMN episodes_resolved bigint NOT NULL DEFAULT 0,
ADD COLUMN sum_resolution_seconds double precision NOT NULL DEFAULT 0,
ADD COLUMN resolution_count bigint NOT NULL DEFAULT 0,
ADD COLUMN sum_resolution_business_seconds double precision NOT NULL DEFAULT 0,
ADD COLUMN business_resolution_count bigint NOT NULL DEFAULT 0;
ALTER TABLE daily_by_inbox
ADD COLUMN episodes_started bigint NOT NULL DEFAULT 0,
ADD COLUMN episodes_resolved bigint NOT NULL DEFAULT 0,
ADD COLUMN sum_resolution_seconds double precision NOT NULL DEFAULT 0,
ADD COLUMN resolution_count bigint NOT NULL DEFAULT 0,
ADD COLUMN sum_resolution_business_seconds double precision NOT NULL DEFAULT 0,
ADD COLUMN business_resolution_count bigint NOT NULL DEFAULT 0;
ALTER TABLE daily_by_team
ADD COLUMN episodes_started bigint NOT NULL DEFAULT 0,
ADD COLUMN episodes_resolved bigint NOT NULL DEFAULT 0,
ADD COLUMN sum_resolution_seconds double precision NOT NULL DEFAULT 0,
ADD COLUMN resolution_count bigint NOT NULL DEFAULT 0,
ADD COLUMN sum_resolution_business_seconds double precision NOT NULL DEFAULT 0,
ADD COLUMN business_resolution_count bigint NOT NULL DEFAULT 0;
ALTER TABLE daily_by_label
ADD COLUMN episodes_started bigint NOT NULL DEFAULT 0,
ADD COLUMN episodes_resolved bigint NOT NULL DEFAULT 0,
ADD COLUMN sum_resolution_seconds double precision NOT NULL DEFAULT 0,
ADD COLUMN resolution_count bigint NOT NULL DEFAULT 0,
ADD COLUMN sum_resolution_business_seconds double precision NOT NULL DEFAULT 0,
ADD COLUMN business_resolution_count bigint NOT NULL DEFAULT 0;
