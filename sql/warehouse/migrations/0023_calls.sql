-- One row per call in a conversation, as Chatwoot recorded it.
CREATE TABLE calls (
    conversation_id bigint NOT NULL,
    call_id bigint NOT NULL,
    conversation_date date NOT NULL,
    account_id bigint,
    inbox_id bigint,
    team_id bigint,
    assignee_id bigint,
    agent_id bigint,
    direction text,
    provider text,
    call_status text,
    called_at timestamptz,
    called_date date,
    started_at timestamptz,
    duration_seconds integer,
    status text,
    labels text[] NOT NULL,
    PRIMARY KEY (conversation_id, call_id)
);

COMMENT ON TABLE calls IS 'The calls of conversations, as Chatwoot recorded them.';

CREATE INDEX calls_date_idx ON calls (conversation_date);
CREATE INDEX calls_called_idx ON calls (called_date);
