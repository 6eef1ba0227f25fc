-- One row per SLA policy of Chatwoot's that was applied to a conversation, as Chatwoot judges it.
CREATE TABLE conversation_slas (
    conversation_id bigint NOT NULL,
    sla_id bigint NOT NULL,
    conversation_date date NOT NULL,
    account_id bigint,
    inbox_id bigint,
    team_id bigint,
    assignee_id bigint,
    sla_policy_id bigint,
    policy_name text,
    sla_status text,
    is_missed boolean,
    applied_at timestamptz,
    applied_date date,
    completed_at timestamptz,
    first_response_missed_at timestamptz,
    next_response_misses integer,
    next_response_missed_at timestamptz,
    resolution_missed_at timestamptz,
    status text,
    labels text[] NOT NULL,
    PRIMARY KEY (conversation_id, sla_id)
);

COMMENT ON TABLE conversation_slas IS 'The SLAs of conversations, as Chatwoot judges them.';

CREATE INDEX conversation_slas_date_idx ON conversation_slas (conversation_date);
CREATE INDEX conversation_slas_applied_idx ON conversation_slas (applied_date);
