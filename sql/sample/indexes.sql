-- The indexes of Chatwoot 4.15.1 on the tables of tables.sql, in a file of their own so that rows can be loaded first.
-- Chatwoot has no index on conversations.created_at, so there is none here.

ALTER TABLE public.accounts ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);
CREATE INDEX index_accounts_on_status
ON public.accounts USING btree (status);
ALTER TABLE public.account_users ADD CONSTRAINT account_users_pkey PRIMARY KEY (id);
CREATE INDEX index_account_users_on_account_id
ON public.account_users USING btree (account_id);
CREATE INDEX index_account_users_on_agent_capacity_policy_id
ON public.account_users USING btree (agent_capacity_policy_id);
CREATE INDEX index_account_users_on_custom_role_id
ON public.account_users USING btree (custom_role_id);
CREATE INDEX index_account_users_on_user_id
ON public.account_users USING btree (user_id);
CREATE UNIQUE INDEX uniq_user_id_per_account_id
ON public.account_users USING btree (account_id, user_id);
CREATE INDEX index_users_on_email
ON public.users USING btree (email);
CREATE INDEX index_users_on_otp_required_for_login
ON public.users USING btree (otp_required_for_login);
CREATE UNIQUE INDEX index_users_on_otp_secret
ON public.users USING btree (otp_secret);
CREATE UNIQUE INDEX index_users_on_pubsub_token
ON public.users USING btree (pubsub_token);
CREATE UNIQUE INDEX index_users_on_reset_password_token
ON public.users USING btree (reset_password_token);
CREATE UNIQUE INDEX index_users_on_uid_and_provider
ON public.users USING btree (uid, provider);
ALTER TABLE public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
CREATE INDEX index_teams_on_account_id
ON public.teams USING btree (account_id);
CREATE UNIQUE INDEX index_teams_on_name_and_account_id
ON public.teams USING btree (name, account_id);
ALTER TABLE public.teams ADD CONSTRAINT teams_pkey PRIMARY KEY (id);
CREATE INDEX index_team_members_on_team_id
ON public.team_members USING btree (team_id);
CREATE UNIQUE INDEX index_team_members_on_team_id_and_user_id
ON public.team_members USING btree (team_id, user_id);
CREATE INDEX index_team_members_on_user_id
ON public.team_members USING btree (user_id);
ALTER TABLE public.team_members ADD CONSTRAINT team_members_pkey PRIMARY KEY (id);
ALTER TABLE public.inboxes ADD CONSTRAINT inboxes_pkey PRIMARY KEY (id);
CREATE INDEX index_inboxes_on_account_id
ON public.inboxes USING btree (account_id);
CREATE INDEX index_inboxes_on_channel_id_and_channel_type
ON public.inboxes USING btree (channel_id, channel_type);
CREATE INDEX index_inboxes_on_portal_id
ON public.inboxes USING btree (portal_id);
ALTER TABLE public.contacts ADD CONSTRAINT contacts_pkey PRIMARY KEY (id);
CREATE INDEX index_contacts_on_account_id
ON public.contacts USING btree (account_id);
CREATE INDEX index_contacts_on_account_id_and_contact_type
ON public.contacts USING btree (account_id, contact_type);
CREATE INDEX index_contacts_on_account_id_and_last_activity_at
ON public.contacts USING btree (account_id, last_activity_at);
CREATE INDEX index_contacts_on_blocked
ON public.contacts USING btree (blocked);
CREATE INDEX index_contacts_on_company_id
ON public.contacts USING btree (company_id);
CREATE INDEX index_contacts_on_lower_email_account_id
ON public.contacts USING btree (lower((email)::text), account_id);
CREATE INDEX index_contacts_on_nonempty_fields
ON public.contacts USING btree (account_id, email, phone_number, identifier)
WHERE (
    ((email)::text <> ''::text)
    OR ((phone_number)::text <> ''::text)
    OR ((identifier)::text <> ''::text)
);
CREATE INDEX index_contacts_on_phone_number_and_account_id
ON public.contacts USING btree (phone_number, account_id);
CREATE INDEX index_resolved_contact_account_id
ON public.contacts USING btree (account_id)
WHERE (
    ((email)::text <> ''::text)
    OR ((phone_number)::text <> ''::text)
    OR ((identifier)::text <> ''::text)
);
CREATE UNIQUE INDEX uniq_email_per_account_contact
ON public.contacts USING btree (email, account_id);
CREATE UNIQUE INDEX uniq_identifier_per_account_contact
ON public.contacts USING btree (identifier, account_id);
ALTER TABLE public.contact_inboxes ADD CONSTRAINT contact_inboxes_pkey PRIMARY KEY (id);
CREATE INDEX index_contact_inboxes_on_contact_id
ON public.contact_inboxes USING btree (contact_id);
CREATE INDEX index_contact_inboxes_on_inbox_id
ON public.contact_inboxes USING btree (inbox_id);
CREATE UNIQUE INDEX index_contact_inboxes_on_inbox_id_and_source_id
ON public.contact_inboxes USING btree (inbox_id, source_id);
CREATE UNIQUE INDEX index_contact_inboxes_on_pubsub_token
ON public.contact_inboxes USING btree (pubsub_token);
CREATE INDEX index_contact_inboxes_on_source_id
ON public.contact_inboxes USING btree (source_id);
CREATE INDEX conv_acid_inbid_stat_asgnid_idx
ON public.conversations USING btree (account_id, inbox_id, status, assignee_id);
ALTER TABLE public.conversations ADD CONSTRAINT conversations_pkey PRIMARY KEY (id);
CREATE INDEX index_conversations_on_account_id
ON public.conversations USING btree (account_id);
CREATE UNIQUE INDEX index_conversations_on_account_id_and_display_id
ON public.conversations USING btree (account_id, display_id);
CREATE INDEX index_conversations_on_assignee_id_and_account_id
ON public.conversations USING btree (assignee_id, account_id);
CREATE INDEX index_conversations_on_campaign_id
ON public.conversations USING btree (campaign_id);
CREATE INDEX index_conversations_on_contact_id
ON public.conversations USING btree (contact_id);
CREATE INDEX index_conversations_on_contact_inbox_id
ON public.conversations USING btree (contact_inbox_id);
CREATE INDEX index_conversations_on_first_reply_created_at
ON public.conversations USING btree (first_reply_created_at);
CREATE INDEX index_conversations_on_id_and_account_id
ON public.conversations USING btree (account_id, id);
CREATE INDEX index_conversations_on_identifier_and_account_id
ON public.conversations USING btree (identifier, account_id);
CREATE INDEX index_conversations_on_inbox_id
ON public.conversations USING btree (inbox_id);
CREATE INDEX index_conversations_on_priority
ON public.conversations USING btree (priority);
CREATE INDEX index_conversations_on_status_and_account_id
ON public.conversations USING btree (status, account_id);
CREATE INDEX index_conversations_on_status_and_priority
ON public.conversations USING btree (status, priority);
CREATE INDEX index_conversations_on_team_id
ON public.conversations USING btree (team_id);
CREATE UNIQUE INDEX index_conversations_on_uuid
ON public.conversations USING btree (uuid);
CREATE INDEX index_conversations_on_waiting_since
ON public.conversations USING btree (waiting_since);
CREATE INDEX idx_messages_account_content_created
ON public.messages USING btree (account_id, content_type, created_at);
CREATE INDEX index_messages_on_account_created_type
ON public.messages USING btree (account_id, created_at, message_type);
CREATE INDEX index_messages_on_account_id
ON public.messages USING btree (account_id);
CREATE INDEX index_messages_on_account_id_and_inbox_id
ON public.messages USING btree (account_id, inbox_id);
CREATE INDEX index_messages_on_additional_attributes_campaign_id
ON public.messages USING gin (((additional_attributes -> 'campaign_id'::text)));
CREATE INDEX index_messages_on_conversation_account_type_created
ON public.messages USING btree (conversation_id, account_id, message_type, created_at);
CREATE INDEX index_messages_on_conversation_id
ON public.messages USING btree (conversation_id);
CREATE INDEX index_messages_on_created_at
ON public.messages USING btree (created_at);
CREATE INDEX index_messages_on_inbox_id
ON public.messages USING btree (inbox_id);
CREATE INDEX index_messages_on_sender_type_and_sender_id
ON public.messages USING btree (sender_type, sender_id);
CREATE INDEX index_messages_on_source_id
ON public.messages USING btree (source_id);
ALTER TABLE public.messages ADD CONSTRAINT messages_pkey PRIMARY KEY (id);
ALTER TABLE public.attachments ADD CONSTRAINT attachments_pkey PRIMARY KEY (id);
CREATE INDEX index_attachments_on_account_id
ON public.attachments USING btree (account_id);
CREATE INDEX index_attachments_on_message_id
ON public.attachments USING btree (message_id);
ALTER TABLE public.csat_survey_responses ADD CONSTRAINT csat_survey_responses_pkey PRIMARY KEY (id);
CREATE INDEX index_csat_survey_responses_on_account_id
ON public.csat_survey_responses USING btree (account_id);
CREATE INDEX index_csat_survey_responses_on_assigned_agent_id
ON public.csat_survey_responses USING btree (assigned_agent_id);
CREATE INDEX index_csat_survey_responses_on_contact_id
ON public.csat_survey_responses USING btree (contact_id);
CREATE INDEX index_csat_survey_responses_on_conversation_id
ON public.csat_survey_responses USING btree (conversation_id);
CREATE UNIQUE INDEX index_csat_survey_responses_on_message_id
ON public.csat_survey_responses USING btree (message_id);
CREATE INDEX index_csat_survey_responses_on_review_notes_updated_by_id
ON public.csat_survey_responses USING btree (review_notes_updated_by_id);
CREATE INDEX index_reporting_events_for_response_distribution
ON public.reporting_events USING btree (account_id, name, inbox_id, created_at);
CREATE INDEX index_reporting_events_on_account_id
ON public.reporting_events USING btree (account_id);
CREATE INDEX index_reporting_events_on_conversation_id
ON public.reporting_events USING btree (conversation_id);
CREATE INDEX index_reporting_events_on_created_at
ON public.reporting_events USING btree (created_at);
CREATE INDEX index_reporting_events_on_inbox_id
ON public.reporting_events USING btree (inbox_id);
CREATE INDEX index_reporting_events_on_name
ON public.reporting_events USING btree (name);
CREATE INDEX index_reporting_events_on_user_id
ON public.reporting_events USING btree (user_id);
CREATE INDEX reporting_events__account_id__name__created_at
ON public.reporting_events USING btree (account_id, name, created_at);
ALTER TABLE public.reporting_events ADD CONSTRAINT reporting_events_pkey PRIMARY KEY (id);
CREATE INDEX index_labels_on_account_id
ON public.labels USING btree (account_id);
CREATE UNIQUE INDEX index_labels_on_title_and_account_id
ON public.labels USING btree (title, account_id);
ALTER TABLE public.labels ADD CONSTRAINT labels_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX index_tags_on_name
ON public.tags USING btree (name);
ALTER TABLE public.tags ADD CONSTRAINT tags_pkey PRIMARY KEY (id);
CREATE INDEX index_taggings_on_context
ON public.taggings USING btree (context);
CREATE INDEX index_taggings_on_tag_id
ON public.taggings USING btree (tag_id);
CREATE INDEX index_taggings_on_taggable_id
ON public.taggings USING btree (taggable_id);
CREATE INDEX index_taggings_on_taggable_id_and_taggable_type_and_context
ON public.taggings USING btree (taggable_id, taggable_type, context);
CREATE INDEX index_taggings_on_taggable_type
ON public.taggings USING btree (taggable_type);
CREATE INDEX index_taggings_on_tagger_id
ON public.taggings USING btree (tagger_id);
CREATE INDEX index_taggings_on_tagger_id_and_tagger_type
ON public.taggings USING btree (tagger_id, tagger_type);
CREATE UNIQUE INDEX taggings_idx
ON public.taggings USING btree (tag_id, taggable_id, taggable_type, context, tagger_id, tagger_type);
CREATE INDEX taggings_idy
ON public.taggings USING btree (taggable_id, taggable_type, tagger_id, context);
ALTER TABLE public.taggings ADD CONSTRAINT taggings_pkey PRIMARY KEY (id);
ALTER TABLE public.applied_slas ADD CONSTRAINT applied_slas_pkey PRIMARY KEY (id);
CREATE INDEX index_applied_slas_on_account_id
ON public.applied_slas USING btree (account_id);
CREATE UNIQUE INDEX index_applied_slas_on_account_sla_policy_conversation
ON public.applied_slas USING btree (account_id, sla_policy_id, conversation_id);
CREATE INDEX index_applied_slas_on_conversation_id
ON public.applied_slas USING btree (conversation_id);
CREATE INDEX index_applied_slas_on_sla_policy_id
ON public.applied_slas USING btree (sla_policy_id);
CREATE INDEX index_sla_policies_on_account_id
ON public.sla_policies USING btree (account_id);
ALTER TABLE public.sla_policies ADD CONSTRAINT sla_policies_pkey PRIMARY KEY (id);
CREATE INDEX index_sla_events_on_account_id
ON public.sla_events USING btree (account_id);
CREATE INDEX index_sla_events_on_applied_sla_id
ON public.sla_events USING btree (applied_sla_id);
CREATE INDEX index_sla_events_on_conversation_id
ON public.sla_events USING btree (conversation_id);
CREATE INDEX index_sla_events_on_inbox_id
ON public.sla_events USING btree (inbox_id);
CREATE INDEX index_sla_events_on_sla_policy_id
ON public.sla_events USING btree (sla_policy_id);
ALTER TABLE public.sla_events ADD CONSTRAINT sla_events_pkey PRIMARY KEY (id);
CREATE INDEX index_working_hours_on_account_id
ON public.working_hours USING btree (account_id);
CREATE INDEX index_working_hours_on_inbox_id
ON public.working_hours USING btree (inbox_id);
ALTER TABLE public.working_hours ADD CONSTRAINT working_hours_pkey PRIMARY KEY (id);
ALTER TABLE public.conversation_participants ADD CONSTRAINT conversation_participants_pkey PRIMARY KEY (id);
CREATE INDEX index_conversation_participants_on_account_id
ON public.conversation_participants USING btree (account_id);
CREATE INDEX index_conversation_participants_on_conversation_id
ON public.conversation_participants USING btree (conversation_id);
CREATE INDEX index_conversation_participants_on_user_id
ON public.conversation_participants USING btree (user_id);
CREATE UNIQUE INDEX index_conversation_participants_on_user_id_and_conversation_id
ON public.conversation_participants USING btree (user_id, conversation_id);
CREATE INDEX index_mentions_on_account_id
ON public.mentions USING btree (account_id);
CREATE INDEX index_mentions_on_conversation_id
ON public.mentions USING btree (conversation_id);
CREATE INDEX index_mentions_on_user_id
ON public.mentions USING btree (user_id);
CREATE UNIQUE INDEX index_mentions_on_user_id_and_conversation_id
ON public.mentions USING btree (user_id, conversation_id);
ALTER TABLE public.mentions ADD CONSTRAINT mentions_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX attribute_key_model_index
ON public.custom_attribute_definitions USING btree (attribute_key, attribute_model, account_id);
ALTER TABLE public.custom_attribute_definitions ADD CONSTRAINT custom_attribute_definitions_pkey PRIMARY KEY (id);
CREATE INDEX index_custom_attribute_definitions_on_account_id
ON public.custom_attribute_definitions USING btree (account_id);
ALTER TABLE public.agent_bots ADD CONSTRAINT agent_bots_pkey PRIMARY KEY (id);
CREATE INDEX index_agent_bots_on_account_id
ON public.agent_bots USING btree (account_id);
ALTER TABLE public.agent_bot_inboxes ADD CONSTRAINT agent_bot_inboxes_pkey PRIMARY KEY (id);
ALTER TABLE public.integrations_hooks ADD CONSTRAINT integrations_hooks_pkey PRIMARY KEY (id);
ALTER TABLE public.captain_inboxes ADD CONSTRAINT captain_inboxes_pkey PRIMARY KEY (id);
CREATE INDEX index_captain_inboxes_on_inbox_id
ON public.captain_inboxes USING btree (inbox_id);
ALTER TABLE public.campaigns ADD CONSTRAINT campaigns_pkey PRIMARY KEY (id);
ALTER TABLE public.campaign_recipients ADD CONSTRAINT campaign_recipients_pkey PRIMARY KEY (id);
CREATE INDEX index_campaign_recipients_on_campaign_id
ON public.campaign_recipients USING btree (campaign_id);
CREATE INDEX index_campaign_recipients_on_contact_id
ON public.campaign_recipients USING btree (contact_id);
CREATE INDEX index_campaigns_on_account_id
ON public.campaigns USING btree (account_id);
CREATE INDEX index_campaigns_on_campaign_status
ON public.campaigns USING btree (campaign_status);
CREATE INDEX index_campaigns_on_campaign_type
ON public.campaigns USING btree (campaign_type);
CREATE INDEX index_campaigns_on_inbox_id
ON public.campaigns USING btree (inbox_id);
CREATE INDEX index_campaigns_on_scheduled_at
ON public.campaigns USING btree (scheduled_at);
ALTER TABLE public.data_import_mappings ADD CONSTRAINT data_import_mappings_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX idx_data_import_mappings_on_account_and_source
ON public.data_import_mappings USING btree (account_id, source_provider, source_object_type, source_object_id);
CREATE INDEX idx_data_import_mappings_on_record
ON public.data_import_mappings USING btree (chatwoot_record_type, chatwoot_record_id);
CREATE INDEX index_data_import_mappings_on_data_import_id
ON public.data_import_mappings USING btree (data_import_id);
ALTER TABLE public.calls ADD CONSTRAINT calls_pkey PRIMARY KEY (id);
CREATE INDEX index_calls_on_account_id_and_contact_id
ON public.calls USING btree (account_id, contact_id);
CREATE INDEX index_calls_on_account_id_and_conversation_id
ON public.calls USING btree (account_id, conversation_id);
CREATE INDEX index_calls_on_message_id
ON public.calls USING btree (message_id);
CREATE UNIQUE INDEX index_calls_on_provider_and_provider_call_id
ON public.calls USING btree (provider, provider_call_id);
ALTER TABLE public.conversation_outcomes ADD CONSTRAINT conversation_outcomes_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX idx_conversation_outcomes_unique_episode
ON public.conversation_outcomes USING btree (account_id, conversation_id, started_at);

-- Chatwoot's trigram indexes need pg_trgm, which not every build of PostgreSQL has.
DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX index_contacts_on_name_email_phone_number_identifier ON public.contacts USING gin (name gin_trgm_ops, email gin_trgm_ops, phone_number gin_trgm_ops, identifier gin_trgm_ops);
        CREATE INDEX index_messages_on_content ON public.messages USING gin (content gin_trgm_ops);
        CREATE INDEX tags_name_trgm_idx ON public.tags USING gin (lower((name)::text) gin_trgm_ops);
    END IF;
END;
$$;
