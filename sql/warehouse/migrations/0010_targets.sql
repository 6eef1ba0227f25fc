-- One row per target of a wait or an episode: when a reply or a resolution is due, and whether it came in time.
CREATE TABLE targets (
    conversation_id bigint NOT NULL,
    target text NOT NULL,
    number integer NOT NULL,
    conversation_date date NOT NULL,
    account_id bigint NOT NULL,
    inbox_id bigint NOT NULL,
    team_id bigint,
    agent_id bigint,
    started_at timestamptz NOT NULL,
    started_date date NOT NULL,
    ended_at timestamptz,
    ended_date date,
    target_seconds double precision NOT NULL,
    clock text NOT NULL,
    near_at timestamptz,
    due_at timestamptz NOT NULL,
    is_met boolean,
    status text NOT NULL,
    labels text[] NOT NULL,
    PRIMARY KEY (conversation_id, target, number)
);

COMMENT ON TABLE targets IS 'When replies and resolutions are due by TARGETS, and whether they came in time.';
COMMENT ON COLUMN targets.is_met IS 'Whether it ended until due_at; NULL while it runs.';

CREATE INDEX targets_date_idx ON targets (conversation_date);
CREATE INDEX targets_ended_idx ON targets (ended_date)
INCLUDE (account_id, inbox_id, team_id, agent_id, status, target, is_met, ended_at)
WHERE ended_date IS NOT NULL;
CREATE INDEX targets_running_idx ON targets (due_at) WHERE ended_at IS NULL;

-- A wait is paused while its conversation is not open: nobody but a bot can be expected to answer.
CREATE VIEW target_states AS
SELECT
    conversation_id,
    target,
    number,
    conversation_date,
    account_id,
    inbox_id,
    team_id,
    agent_id,
    started_at,
    started_date,
    ended_at,
    ended_date,
    target_seconds,
    clock,
    near_at,
    due_at,
    is_met,
    status,
    labels,
    CASE
        WHEN is_met THEN 'met'
        WHEN ended_at IS NOT NULL THEN 'missed'
        WHEN target != 'resolution' AND status != 'open' THEN 'paused'
        WHEN now() > due_at THEN 'missed'
        WHEN now() >= near_at THEN 'near'
        ELSE 'running'
    END AS state
FROM targets;

COMMENT ON VIEW target_states IS 'Targets with their state now: met, missed, near, running or paused.';

-- Targets that were met and missed, on the day of the reply or resolution.
ALTER TABLE daily_by_agent
ADD COLUMN first_response_targets_met bigint NOT NULL DEFAULT 0,
ADD COLUMN first_response_targets_missed bigint NOT NULL DEFAULT 0,
ADD COLUMN next_reply_targets_met bigint NOT NULL DEFAULT 0,
ADD COLUMN next_reply_targets_missed bigint NOT NULL DEFAULT 0,
ADD COLUMN resolution_targets_met bigint NOT NULL DEFAULT 0,
ADD COLUMN resolution_targets_missed bigint NOT NULL DEFAULT 0;
ALTER TABLE daily_by_inbox
ADD COLUMN first_response_targets_met bigint NOT NULL DEFAULT 0,
ADD COLUMN first_response_targets_missed bigint NOT NULL DEFAULT 0,
ADD COLUMN next_reply_targets_met bigint NOT NULL DEFAULT 0,
ADD COLUMN next_reply_targets_missed bigint NOT NULL DEFAULT 0,
ADD COLUMN resolution_targets_met bigint NOT NULL DEFAULT 0,
ADD COLUMN resolution_targets_missed bigint NOT NULL DEFAULT 0;
ALTER TABLE daily_by_team
ADD COLUMN first_response_targets_met bigint NOT NULL DEFAULT 0,
ADD COLUMN first_response_targets_missed bigint NOT NULL DEFAULT 0,
ADD COLUMN next_reply_targets_met bigint NOT NULL DEFAULT 0,
ADD COLUMN next_reply_targets_missed bigint NOT NULL DEFAULT 0,
ADD COLUMN resolution_targets_met bigint NOT NULL DEFAULT 0,
ADD COLUMN resolution_targets_missed bigint NOT NULL DEFAULT 0;
ALTER TABLE daily_by_label
ADD COLUMN first_response_targets_met bigint NOT NULL DEFAULT 0,
ADD COLUMN first_response_targets_missed bigint NOT NULL DEFAULT 0,
ADD COLUMN next_reply_targets_met bigint NOT NULL DEFAULT 0,
ADD COLUMN next_reply_targets_missed bigint NOT NULL DEFAULT 0,
ADD COLUMN resolution_targets_met bigint NOT NULL DEFAULT 0,
ADD COLUMN resolution_targets_missed bigint NOT NULL DEFAULT 0;
