-- The tables of a Chatwoot 4.15.1 database that an analytics pipeline meets, with their columns, types, defaults and
-- triggers, and some newer tables. For the sample database and for tests: never run it on a real Chatwoot. Chatwoot
-- has almost no foreign keys, so there are none here.

CREATE TABLE public.schema_migrations (version character varying NOT NULL PRIMARY KEY);
INSERT INTO public.schema_migrations (version) VALUES ('20260611184600');

CREATE SEQUENCE public.accounts_id_seq AS integer;
CREATE TABLE public.accounts (
    id integer DEFAULT nextval('public.accounts_id_seq') NOT NULL,
    name character varying NOT NULL,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    locale integer DEFAULT 0,
    domain character varying(100),
    support_email character varying(100),
    feature_flags bigint DEFAULT 0 NOT NULL,
    auto_resolve_duration integer,
    limits jsonb DEFAULT '{}'::jsonb,
    custom_attributes jsonb DEFAULT '{}'::jsonb,
    status integer DEFAULT 0,
    internal_attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb
);
ALTER SEQUENCE public.accounts_id_seq OWNED BY public.accounts.id;

CREATE SEQUENCE public.account_users_id_seq;
CREATE TABLE public.account_users (
    id bigint DEFAULT nextval('public.account_users_id_seq') NOT NULL,
    account_id bigint,
    user_id bigint,
    role integer DEFAULT 0,
    inviter_id bigint,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL,
    active_at timestamp without time zone,
    availability integer DEFAULT 0 NOT NULL,
    auto_offline boolean DEFAULT true NOT NULL,
    custom_role_id bigint,
    agent_capacity_policy_id bigint
);
ALTER SEQUENCE public.account_users_id_seq OWNED BY public.account_users.id;

CREATE SEQUENCE public.users_id_seq AS integer;
CREATE TABLE public.users (
    id integer DEFAULT nextval('public.users_id_seq') NOT NULL,
    provider character varying DEFAULT 'email'::character varying NOT NULL,
    uid character varying DEFAULT ''::character varying NOT NULL,
    encrypted_password character varying DEFAULT ''::character varying NOT NULL,
    reset_password_token character varying,
    reset_password_sent_at timestamp without time zone,
    remember_created_at timestamp without time zone,
    sign_in_count integer DEFAULT 0 NOT NULL,
    current_sign_in_at timestamp without time zone,
    last_sign_in_at timestamp without time zone,
    current_sign_in_ip character varying,
    last_sign_in_ip character varying,
    confirmation_token character varying,
    confirmed_at timestamp without time zone,
    confirmation_sent_at timestamp without time zone,
    unconfirmed_email character varying,
    name character varying NOT NULL,
    display_name character varying,
    email character varying,
    tokens json,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    pubsub_token character varying,
    availability integer DEFAULT 0,
    ui_settings jsonb DEFAULT '{}'::jsonb,
    custom_attributes jsonb DEFAULT '{}'::jsonb,
    type character varying,
    message_signature text,
    otp_secret character varying,
    consumed_timestep integer,
    otp_required_for_login boolean DEFAULT false,
    otp_backup_codes text
);
ALTER SEQUENCE public.users_id_seq OWNED BY public.users.id;

CREATE SEQUENCE public.teams_id_seq;
CREATE TABLE public.teams (
    id bigint DEFAULT nextval('public.teams_id_seq') NOT NULL,
    name character varying NOT NULL,
    description text,
    allow_auto_assign boolean DEFAULT true,
    account_id bigint NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
ALTER SEQUENCE public.teams_id_seq OWNED BY public.teams.id;

CREATE SEQUENCE public.team_members_id_seq;
CREATE TABLE public.team_members (
    id bigint DEFAULT nextval('public.team_members_id_seq') NOT NULL,
    team_id bigint NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
ALTER SEQUENCE public.team_members_id_seq OWNED BY public.team_members.id;

CREATE SEQUENCE public.inboxes_id_seq AS integer;
CREATE TABLE public.inboxes (
    id integer DEFAULT nextval('public.inboxes_id_seq') NOT NULL,
    channel_id integer NOT NULL,
    account_id integer NOT NULL,
    name character varying NOT NULL,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    channel_type character varying,
    enable_auto_assignment boolean DEFAULT true,
    greeting_enabled boolean DEFAULT false,
    greeting_message character varying,
    email_address character varying,
    working_hours_enabled boolean DEFAULT false,
    out_of_office_message character varying,
    timezone character varying DEFAULT 'UTC'::character varying,
    enable_email_collect boolean DEFAULT true,
    csat_survey_enabled boolean DEFAULT false,
    allow_messages_after_resolved boolean DEFAULT true,
    auto_assignment_config jsonb DEFAULT '{}'::jsonb,
    lock_to_single_conversation boolean DEFAULT false NOT NULL,
    portal_id bigint,
    sender_name_type integer DEFAULT 0 NOT NULL,
    business_name character varying,
    csat_config jsonb DEFAULT '{}'::jsonb NOT NULL
);
ALTER SEQUENCE public.inboxes_id_seq OWNED BY public.inboxes.id;

CREATE SEQUENCE public.contacts_id_seq AS integer;
CREATE TABLE public.contacts (
    id integer DEFAULT nextval('public.contacts_id_seq') NOT NULL,
    name character varying DEFAULT ''::character varying,
    email character varying,
    phone_number character varying,
    account_id integer NOT NULL,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    additional_attributes jsonb DEFAULT '{}'::jsonb,
    identifier character varying,
    custom_attributes jsonb DEFAULT '{}'::jsonb,
    last_activity_at timestamp without time zone,
    contact_type integer DEFAULT 0,
    middle_name character varying DEFAULT ''::character varying,
    last_name character varying DEFAULT ''::character varying,
    location character varying DEFAULT ''::character varying,
    country_code character varying DEFAULT ''::character varying,
    blocked boolean DEFAULT false NOT NULL,
    company_id bigint
);
ALTER SEQUENCE public.contacts_id_seq OWNED BY public.contacts.id;

CREATE SEQUENCE public.contact_inboxes_id_seq;
CREATE TABLE public.contact_inboxes (
    id bigint DEFAULT nextval('public.contact_inboxes_id_seq') NOT NULL,
    contact_id bigint,
    inbox_id bigint,
    source_id text NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL,
    hmac_verified boolean DEFAULT false,
    pubsub_token character varying
);
ALTER SEQUENCE public.contact_inboxes_id_seq OWNED BY public.contact_inboxes.id;

CREATE SEQUENCE public.conversations_id_seq AS integer;
CREATE TABLE public.conversations (
    id integer DEFAULT nextval('public.conversations_id_seq') NOT NULL,
    account_id integer NOT NULL,
    inbox_id integer NOT NULL,
    status integer DEFAULT 0 NOT NULL,
    assignee_id integer,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    contact_id bigint,
    display_id integer NOT NULL,
    contact_last_seen_at timestamp without time zone,
    agent_last_seen_at timestamp without time zone,
    additional_attributes jsonb DEFAULT '{}'::jsonb,
    contact_inbox_id bigint,
    uuid uuid DEFAULT gen_random_uuid() NOT NULL,
    identifier character varying,
    last_activity_at timestamp without time zone DEFAULT current_timestamp NOT NULL,
    team_id bigint,
    campaign_id bigint,
    snoozed_until timestamp without time zone,
    custom_attributes jsonb DEFAULT '{}'::jsonb,
    assignee_last_seen_at timestamp without time zone,
    first_reply_created_at timestamp without time zone,
    priority integer,
    sla_policy_id bigint,
    waiting_since timestamp(6) without time zone,
    cached_label_list text,
    assignee_agent_bot_id bigint
);
ALTER SEQUENCE public.conversations_id_seq OWNED BY public.conversations.id;

CREATE SEQUENCE public.messages_id_seq AS integer;
CREATE TABLE public.messages (
    id integer DEFAULT nextval('public.messages_id_seq') NOT NULL,
    content text,
    account_id integer NOT NULL,
    inbox_id integer NOT NULL,
    conversation_id integer NOT NULL,
    message_type integer NOT NULL,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    private boolean DEFAULT false NOT NULL,
    status integer DEFAULT 0,
    source_id text,
    content_type integer DEFAULT 0 NOT NULL,
    content_attributes json DEFAULT '{}'::json,
    sender_type character varying,
    sender_id bigint,
    external_source_ids jsonb DEFAULT '{}'::jsonb,
    additional_attributes jsonb DEFAULT '{}'::jsonb,
    processed_message_content text,
    sentiment jsonb DEFAULT '{}'::jsonb
);
ALTER SEQUENCE public.messages_id_seq OWNED BY public.messages.id;

CREATE SEQUENCE public.attachments_id_seq AS integer;
CREATE TABLE public.attachments (
    id integer DEFAULT nextval('public.attachments_id_seq') NOT NULL,
    file_type integer DEFAULT 0,
    external_url character varying,
    coordinates_lat double precision DEFAULT 0.0,
    coordinates_long double precision DEFAULT 0.0,
    message_id integer NOT NULL,
    account_id integer NOT NULL,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    fallback_title character varying,
    extension character varying,
    meta jsonb DEFAULT '{}'::jsonb
);
ALTER SEQUENCE public.attachments_id_seq OWNED BY public.attachments.id;

CREATE SEQUENCE public.csat_survey_responses_id_seq;
CREATE TABLE public.csat_survey_responses (
    id bigint DEFAULT nextval('public.csat_survey_responses_id_seq') NOT NULL,
    account_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    message_id bigint NOT NULL,
    rating integer NOT NULL,
    feedback_message text,
    contact_id bigint NOT NULL,
    assigned_agent_id bigint,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL,
    csat_review_notes text,
    review_notes_updated_at timestamp(6) without time zone,
    review_notes_updated_by_id bigint
);
ALTER SEQUENCE public.csat_survey_responses_id_seq OWNED BY public.csat_survey_responses.id;

CREATE SEQUENCE public.reporting_events_id_seq;
CREATE TABLE public.reporting_events (
    id bigint DEFAULT nextval('public.reporting_events_id_seq') NOT NULL,
    name character varying,
    value double precision,
    account_id integer,
    inbox_id integer,
    user_id integer,
    conversation_id integer,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL,
    value_in_business_hours double precision,
    event_start_time timestamp without time zone,
    event_end_time timestamp without time zone
);
ALTER SEQUENCE public.reporting_events_id_seq OWNED BY public.reporting_events.id;

CREATE SEQUENCE public.labels_id_seq;
CREATE TABLE public.labels (
    id bigint DEFAULT nextval('public.labels_id_seq') NOT NULL,
    title character varying,
    description text,
    color character varying DEFAULT '#1f93ff'::character varying NOT NULL,
    show_on_sidebar boolean,
    account_id bigint,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
ALTER SEQUENCE public.labels_id_seq OWNED BY public.labels.id;

CREATE SEQUENCE public.tags_id_seq AS integer;
CREATE TABLE public.tags (
    id integer DEFAULT nextval('public.tags_id_seq') NOT NULL,
    name character varying,
    taggings_count integer DEFAULT 0
);
ALTER SEQUENCE public.tags_id_seq OWNED BY public.tags.id;

CREATE SEQUENCE public.taggings_id_seq AS integer;
CREATE TABLE public.taggings (
    id integer DEFAULT nextval('public.taggings_id_seq') NOT NULL,
    tag_id integer,
    taggable_type character varying,
    taggable_id integer,
    tagger_type character varying,
    tagger_id integer,
    context character varying(128),
    created_at timestamp without time zone
);
ALTER SEQUENCE public.taggings_id_seq OWNED BY public.taggings.id;

CREATE SEQUENCE public.applied_slas_id_seq;
CREATE TABLE public.applied_slas (
    id bigint DEFAULT nextval('public.applied_slas_id_seq') NOT NULL,
    account_id bigint NOT NULL,
    sla_policy_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL,
    sla_status integer DEFAULT 0
);
ALTER SEQUENCE public.applied_slas_id_seq OWNED BY public.applied_slas.id;

CREATE SEQUENCE public.sla_policies_id_seq;
CREATE TABLE public.sla_policies (
    id bigint DEFAULT nextval('public.sla_policies_id_seq') NOT NULL,
    name character varying NOT NULL,
    first_response_time_threshold double precision,
    next_response_time_threshold double precision,
    only_during_business_hours boolean DEFAULT false,
    account_id bigint NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL,
    description character varying,
    resolution_time_threshold double precision
);
ALTER SEQUENCE public.sla_policies_id_seq OWNED BY public.sla_policies.id;

CREATE SEQUENCE public.sla_events_id_seq;
CREATE TABLE public.sla_events (
    id bigint DEFAULT nextval('public.sla_events_id_seq') NOT NULL,
    applied_sla_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    account_id bigint NOT NULL,
    sla_policy_id bigint NOT NULL,
    inbox_id bigint NOT NULL,
    event_type integer,
    meta jsonb DEFAULT '{}'::jsonb,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
ALTER SEQUENCE public.sla_events_id_seq OWNED BY public.sla_events.id;

CREATE SEQUENCE public.working_hours_id_seq;
CREATE TABLE public.working_hours (
    id bigint DEFAULT nextval('public.working_hours_id_seq') NOT NULL,
    inbox_id bigint,
    account_id bigint,
    day_of_week integer NOT NULL,
    closed_all_day boolean DEFAULT false,
    open_hour integer,
    open_minutes integer,
    close_hour integer,
    close_minutes integer,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL,
    open_all_day boolean DEFAULT false
);
ALTER SEQUENCE public.working_hours_id_seq OWNED BY public.working_hours.id;

CREATE SEQUENCE public.conversation_participants_id_seq;
CREATE TABLE public.conversation_participants (
    id bigint DEFAULT nextval('public.conversation_participants_id_seq') NOT NULL,
    account_id bigint NOT NULL,
    user_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
ALTER SEQUENCE public.conversation_participants_id_seq OWNED BY public.conversation_participants.id;

CREATE SEQUENCE public.mentions_id_seq;
CREATE TABLE public.mentions (
    id bigint DEFAULT nextval('public.mentions_id_seq') NOT NULL,
    user_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    account_id bigint NOT NULL,
    mentioned_at timestamp without time zone NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
ALTER SEQUENCE public.mentions_id_seq OWNED BY public.mentions.id;

CREATE SEQUENCE public.custom_attribute_definitions_id_seq;
CREATE TABLE public.custom_attribute_definitions (
    id bigint DEFAULT nextval('public.custom_attribute_definitions_id_seq') NOT NULL,
    attribute_display_name character varying,
    attribute_key character varying,
    attribute_display_type integer DEFAULT 0,
    default_value integer,
    attribute_model integer DEFAULT 0,
    account_id bigint,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL,
    attribute_description text,
    attribute_values jsonb DEFAULT '[]'::jsonb,
    regex_pattern character varying,
    regex_cue character varying
);
ALTER SEQUENCE public.custom_attribute_definitions_id_seq OWNED BY public.custom_attribute_definitions.id;

CREATE SEQUENCE public.agent_bots_id_seq;
CREATE TABLE public.agent_bots (
    id bigint DEFAULT nextval('public.agent_bots_id_seq') NOT NULL,
    name character varying,
    description character varying,
    outgoing_url character varying,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL,
    account_id bigint,
    bot_type integer DEFAULT 0,
    bot_config jsonb DEFAULT '{}'::jsonb,
    secret character varying
);
ALTER SEQUENCE public.agent_bots_id_seq OWNED BY public.agent_bots.id;

CREATE SEQUENCE public.agent_bot_inboxes_id_seq;
CREATE TABLE public.agent_bot_inboxes (
    id bigint DEFAULT nextval('public.agent_bot_inboxes_id_seq') NOT NULL,
    inbox_id integer,
    agent_bot_id integer,
    status integer DEFAULT 0,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL,
    account_id integer
);
ALTER SEQUENCE public.agent_bot_inboxes_id_seq OWNED BY public.agent_bot_inboxes.id;

CREATE TABLE public.integrations_hooks (
    id bigint NOT NULL,
    status integer DEFAULT 1,
    inbox_id integer,
    account_id integer,
    app_id character varying,
    hook_type integer DEFAULT 0,
    reference_id character varying,
    access_token character varying,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb
);

CREATE TABLE public.captain_inboxes (
    id bigint NOT NULL,
    captain_assistant_id bigint NOT NULL,
    inbox_id bigint NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);

CREATE SEQUENCE public.campaigns_id_seq;
CREATE TABLE public.campaigns (
    id bigint DEFAULT nextval('public.campaigns_id_seq') NOT NULL,
    display_id integer NOT NULL,
    title character varying NOT NULL,
    description text,
    message text NOT NULL,
    sender_id integer,
    enabled boolean DEFAULT true,
    account_id bigint NOT NULL,
    inbox_id bigint NOT NULL,
    trigger_rules jsonb DEFAULT '{}'::jsonb,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL,
    campaign_type integer DEFAULT 0 NOT NULL,
    campaign_status integer DEFAULT 0 NOT NULL,
    audience jsonb DEFAULT '[]'::jsonb,
    scheduled_at timestamp without time zone,
    trigger_only_during_business_hours boolean DEFAULT false,
    template_params jsonb,
    started_at timestamp(6) without time zone,
    completed_at timestamp(6) without time zone
);

CREATE SEQUENCE public.campaign_recipients_id_seq;
CREATE TABLE public.campaign_recipients (
    id bigint DEFAULT nextval('public.campaign_recipients_id_seq') NOT NULL,
    account_id bigint NOT NULL,
    campaign_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    inbox_id bigint NOT NULL,
    source_id character varying,
    status integer DEFAULT 0 NOT NULL,
    error_code character varying,
    error_title character varying,
    error_message text,
    message_content text,
    sent_at timestamp(6) without time zone,
    delivered_at timestamp(6) without time zone,
    read_at timestamp(6) without time zone,
    failed_at timestamp(6) without time zone,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
ALTER SEQUENCE public.campaign_recipients_id_seq OWNED BY public.campaign_recipients.id;
ALTER SEQUENCE public.campaigns_id_seq OWNED BY public.campaigns.id;

-- Newer: what Chatwoot's imports wrote, since 4.16.
CREATE SEQUENCE public.data_import_mappings_id_seq;
CREATE TABLE public.data_import_mappings (
    id bigint DEFAULT nextval('public.data_import_mappings_id_seq') NOT NULL,
    account_id integer NOT NULL,
    data_import_id bigint NOT NULL,
    source_provider character varying NOT NULL,
    source_object_type character varying NOT NULL,
    source_object_id character varying NOT NULL,
    chatwoot_record_type character varying NOT NULL,
    chatwoot_record_id bigint NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
ALTER SEQUENCE public.data_import_mappings_id_seq OWNED BY public.data_import_mappings.id;

-- Newer: calls, since 4.13.
CREATE SEQUENCE public.calls_id_seq;
CREATE TABLE public.calls (
    id bigint DEFAULT nextval('public.calls_id_seq') NOT NULL,
    account_id bigint NOT NULL,
    inbox_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    message_id bigint,
    accepted_by_agent_id bigint,
    provider_call_id character varying NOT NULL,
    provider integer DEFAULT 0 NOT NULL,
    direction integer NOT NULL,
    status character varying DEFAULT 'ringing' NOT NULL,
    started_at timestamp(6) without time zone,
    duration_seconds integer,
    end_reason character varying,
    meta jsonb DEFAULT '{}'::jsonb,
    transcript text,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
ALTER SEQUENCE public.calls_id_seq OWNED BY public.calls.id;

-- Newer: what came of the engagements of Captain, since 4.17.
CREATE SEQUENCE public.conversation_outcomes_id_seq;
CREATE TABLE public.conversation_outcomes (
    id bigint DEFAULT nextval('public.conversation_outcomes_id_seq') NOT NULL,
    account_id bigint NOT NULL,
    assistant_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    inbox_id bigint NOT NULL,
    captain_reply_count integer DEFAULT 0 NOT NULL,
    first_captain_reply_at timestamp(6) without time zone,
    last_captain_reply_at timestamp(6) without time zone,
    first_human_reply_at timestamp(6) without time zone,
    handoff_at timestamp(6) without time zone,
    handoff_reason_category character varying,
    resolved_at timestamp(6) without time zone,
    csat_rating integer,
    csat_received_at timestamp(6) without time zone,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL,
    episode_trigger character varying DEFAULT 'initial' NOT NULL,
    started_at timestamp(6) without time zone NOT NULL,
    ended_at timestamp(6) without time zone
);
ALTER SEQUENCE public.conversation_outcomes_id_seq OWNED BY public.conversation_outcomes.id;

-- display_id, the number that people see, is counted per account: each account gets a sequence when it is created, and
-- each conversation takes the next value of its account's sequence.
CREATE FUNCTION public.accounts_after_insert_row_tr() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE SEQUENCE IF NOT EXISTS public.conv_dpid_seq_%s', NEW.id);
    RETURN NULL;
END;
$$;

CREATE TRIGGER accounts_after_insert_row_tr
AFTER INSERT ON public.accounts
FOR EACH ROW EXECUTE FUNCTION public.accounts_after_insert_row_tr();

CREATE FUNCTION public.conversations_before_insert_row_tr() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.display_id := nextval('public.conv_dpid_seq_' || NEW.account_id);
    RETURN NEW;
END;
$$;

CREATE TRIGGER conversations_before_insert_row_tr
BEFORE INSERT ON public.conversations
FOR EACH ROW EXECUTE FUNCTION public.conversations_before_insert_row_tr();
