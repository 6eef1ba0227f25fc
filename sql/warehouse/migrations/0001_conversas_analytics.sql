-- The local tables: what dashboards read, and what is known of each loaded day.

CREATE TABLE conversas_analytics (
    id bigint PRIMARY KEY,
    display_id integer,
    account_id integer NOT NULL,
    inbox_id integer NOT NULL,
    contact_id bigint,
    assignee_id integer,
    team_id bigint,
    status text NOT NULL,
    status_code smallint,
    priority text,
    priority_code smallint,
    created_at timestamptz NOT NULL,
    updated_at timestamptz,
    contact_name text,
    contact_email text,
    contact_phone text,
    inbox_name text,
    inbox_type text,
    assignee_name text,
    message_compiled jsonb NOT NULL,
    t_messages integer NOT NULL,
    client_sender_id bigint,
    client_phone text,
    rating smallint,
    feedback_message text,
    rated_at timestamptz,
    csat_responses integer NOT NULL,
    first_response_seconds double precision,
    is_resolved boolean NOT NULL,
    is_assigned boolean NOT NULL,
    conversation_date date NOT NULL,
    conversation_hour smallint NOT NULL,
    day_of_week smallint NOT NULL,
    user_msg_count integer NOT NULL,
    contact_msg_count integer NOT NULL,
    first_message_at timestamptz,
    last_message_at timestamptz,
    duration_seconds double precision,
    extracted_at timestamptz NOT NULL
);

-- A dashboard filters by days first, then by one of these; an agent looks one conversation up.
CREATE INDEX conversas_analytics_date_idx ON conversas_analytics (conversation_date, inbox_id, status);
CREATE INDEX conversas_analytics_assignee_idx ON conversas_analytics (assignee_id, conversation_date);
CREATE INDEX conversas_analytics_team_idx ON conversas_analytics (team_id, conversation_date);
CREATE INDEX conversas_analytics_contact_idx ON conversas_analytics (contact_id);
CREATE INDEX conversas_analytics_display_idx ON conversas_analytics (account_id, display_id);

CREATE TABLE daily_summary (
    conversation_date date NOT NULL,
    account_id integer NOT NULL,
    inbox_id integer NOT NULL,
    inbox_name text,
    status text NOT NULL,
    total_conversations bigint NOT NULL,
    responded_conversations bigint NOT NULL,
    sum_first_response_seconds double precision NOT NULL,
    avg_response_time double precision,
    total_rated bigint NOT NULL,
    sum_rating bigint NOT NULL,
    avg_rating double precision,
    PRIMARY KEY (conversation_date, account_id, inbox_id, status)
);

-- Averages of one inbox name are weighted: sums over sums, never averages of averages.
CREATE VIEW mvw_daily_summary AS
SELECT
    conversation_date,
    inbox_name,
    status,
    sum(total_conversations)::bigint AS total_conversations,
    sum(sum_first_response_seconds) / nullif(sum(responded_conversations), 0)::double precision
        AS avg_response_time,
    sum(total_rated)::bigint AS total_rated,
    sum(sum_rating)::double precision / nullif(sum(total_rated), 0)::double precision AS avg_rating
FROM daily_summary
GROUP BY conversation_date, inbox_name, status;

-- One row a loaded day, written in the transaction that replaces the day.
CREATE TABLE partition_state (
    conversation_date date PRIMARY KEY,
    conversations integer NOT NULL,
    messages integer NOT NULL,
    csat integer NOT NULL,
    snapshot_at timestamptz NOT NULL,
    loaded_at timestamptz NOT NULL,
    run_id text NOT NULL
);
