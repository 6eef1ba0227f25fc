"""The English texts. A data file, in the order of the dashboard: it is longer than the limit of 300 lines."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    # Every page
    "title": "Support",
    "page_overview": "Overview",
    "page_live": "Live",
    "page_conversations": "Conversations",
    "page_agents": "Agents and teams",
    "page_channels": "Channels and labels",
    "page_bots": "Bots",
    "page_campaigns": "Campaigns",
    "page_satisfaction": "Satisfaction",
    "page_distribution": "Distribution",
    "page_busy_hours": "Busiest hours",
    "page_comparison": "Compared with Chatwoot",
    "page_data_health": "Data health",
    "html_language": "en",
    "page_not_found": "Page not found",
    "not_found": "There is no page at this address.",
    "login": "Log in",
    "logout": "Log out",
    "login_no_access": (
        "You are logged in, but nobody has given you access to these numbers. Ask who runs this dashboard."
    ),
    "language": "Language",
    "subheading": "{first} to {last} ({days} days) · {freshness} · time zone {zone}",
    "subheading_one_day": "{first} · {freshness} · time zone {zone}",
    "freshness_as_of": "data as of {instant}",
    "freshness_equal": "equal to Chatwoot at {instant}",
    "freshness_recent_equal": "newest days equal to Chatwoot at {instant}",
    "loading": "Loading…",
    "download_too_large": "Up to {count} rows are downloaded here. Select a shorter period.",
    "export_too_large": (
        "Up to {count} rows are downloaded here. Select a shorter period, or use chatwoot-assets export, which has the "
        "filters of the sidebar."
    ),
    "download_csv": "Download CSV",
    "show_table": "Show as a table",
    "change_against": "Changes compare with {first} to {last}.",
    "change_against_one_day": "Changes compare with {first}.",
    "change_until": "Its last day counts up to {time}, because today is not over.",
    "change_unknown": (
        "No changes are shown, because the period or the one before it ({first} to {last}) is not fully loaded."
    ),
    "change_unknown_year": (
        "No changes are shown, because the period or the same weeks of last year ({first} to {last}) are not fully "
        "loaded."
    ),
    "change_unknown_year_one_day": (
        "No changes are shown, because the day or the same weekday of last year ({first}) is not loaded."
    ),
    "change_unknown_one_day": "No changes are shown, because the day or the one before it ({first}) is not loaded.",
    "empty_period": "No conversations match these filters in this period. Select another period or clear the filters.",
    # Filter bar
    "filter_period": "Period",
    "filter_custom": "From … to",
    "filter_comparison": "Compare with",
    "comparison_previous": "The period before",
    "comparison_year": "The same weeks last year",
    "filter_accounts": "Accounts",
    "filter_inboxes": "Inboxes",
    "filter_teams": "Teams",
    "filter_agents": "Agents",
    "filter_labels": "Labels",
    "filter_attributes": "Attributes",
    "filter_statuses": "Status",
    "filter_business_hours": "Business hours only",
    "help_business_hours": (
        "Durations count only the business hours of the inbox, as they are set in Chatwoot now. Conversations in "
        "inboxes without business hours then have no durations."
    ),
    "all_accounts": "All",
    "all_inboxes": "All",
    "all_teams": "All",
    "all_agents": "All",
    "all_labels": "All",
    "all_attributes": "All",
    "all_statuses": "All",
    "all_ratings": "All",
    "all_priorities": "All",
    "all_channels": "All",
    "all_bot": "All",
    "all_response_over": "Any duration",
    "all_resolution_over": "Any duration",
    "clear_filters": "Clear filters",
    "date_widget_format": "YYYY-MM-DD",
    "period_today": "Today",
    "period_yesterday": "Yesterday",
    "period_7d": "Last 7 days",
    "period_week": "This week",
    "period_last_week": "Last week",
    "period_30d": "Last 30 days",
    "period_90d": "Last 90 days",
    "period_month": "This month",
    "period_last_month": "Last month",
    "period_12m": "Last 12 months",
    "period_year": "This year",
    "period_all": "Everything",
    "period_custom": "Custom period…",
    "account_without_name": "Account {id}",
    "inbox_without_name": "Inbox {id}",
    "team_without_name": "Team {id}",
    "agent_without_name": "Agent {id}",
    "no_team": "No team",
    "no_agent": "Unassigned",
    "nobody_bot": "Bot",
    "nobody_automation": "Automation",
    "nobody_app": "Channel's own app",
    "nobody_none": "Not assigned",
    "nobody_split": (
        "What counts for no agent is split: conversations that a bot has, resolutions by bots and by automation or "
        "inactivity, replies from the channel's own app, and the rest, which nobody was assigned to."
    ),
    "open_now_caption": "Open now: conversations that are open as of the last load, whenever they began.",
    "trend": "Trend of a row",
    "trend_choose": "Choose a row",
    "saved_views": "Saved views",
    "view_waiting": "Waiting for a reply now",
    "view_yesterday": "Yesterday",
    "view_last_week": "Last week",
    "view_agents_last_week": "Agents last week",
    "view_badly_rated": "Badly rated, last 30 days",
    "no_label": "No label",
    "attribute": "Attribute",
    "no_value": "No value",
    # Notices and errors
    "notice_database_down": "The local database has not answered since {since}. Earlier data are still shown.",
    "runaways": "Runaway threads",
    "help_runaways": "Conversations with very many messages, from any time, such as two bots answering each other.",
    "runaways_count": (
        "These conversations have more than {count} messages each. Their waits count in all response times; "
        "RUNAWAY_MESSAGES leaves them out."
    ),
    "runaways_left_out": (
        "These conversations have more than {count} messages each (RUNAWAY_MESSAGES) and count in no response time."
    ),
    "notice_never_compared": (
        "The data are from {as_of} and have never been compared with Chatwoot. They may be out of date."
    ),
    "notice_not_compared": (
        "Changes in Chatwoot since {since} are not known: there has been no comparison since then."
    ),
    "notice_differing_days": "Changed in Chatwoot but not reloaded yet: {days}.",
    "notice_missing_days": (
        "{count} of the {total} days of the period are not loaded, so they are missing from the numbers. Data are "
        "available from {first} to {last}."
    ),
    "notice_missing_day": (
        "{count} of the {total} days of the period is not loaded, so it is missing from the numbers. Data are "
        "available from {first} to {last}."
    ),
    "notice_missing_only_day": "This day is not loaded. Data are available from {first} to {last}.",
    "notice_outdated": "These days are out of date and have to be loaded again: {days}.",
    "notice_ignored_parameters": "Parts of the address were not understood and are ignored: {names}.",
    "notice_unknown_filters": "Nothing is shown: these filters were not understood, or nothing that "
    "they select exists: {names}. The chips below the title remove them.",
    "notice_unknown_condition": "Nothing is shown: a condition in the address was "
    "not understood. The chip below the title removes it.",
    "unknown_value": "Not found",
    "error_unreachable": (
        "The local database does not answer, so there are no numbers to show. The reason is in the dashboard's "
        "terminal; this command shows it, too:"
    ),
    "error_database": (
        "The local database could not answer. Try again in a moment. The reason is in the dashboard's terminal."
    ),
    "error_unexpected": "This page failed. The dashboard's terminal says where. The other pages still work.",
    "empty_tables": "No days are loaded yet. Load some with this command; they appear here within a minute:",
    # Chatwoot's terms
    "status_open": "Open",
    "status_resolved": "Resolved",
    "status_pending": "Pending",
    "status_snoozed": "Snoozed",
    "priority_low": "Low",
    "priority_medium": "Medium",
    "priority_high": "High",
    "priority_urgent": "Urgent",
    "rating_1": "1 · terrible",
    "rating_2": "2 · bad",
    "rating_3": "3 · fair",
    "rating_4": "4 · good",
    "rating_5": "5 · excellent",
    "rating_of_five": "{rating} of 5",
    # Dates and units
    "weekday_0": "Sunday",
    "weekday_1": "Monday",
    "weekday_2": "Tuesday",
    "weekday_3": "Wednesday",
    "weekday_4": "Thursday",
    "weekday_5": "Friday",
    "weekday_6": "Saturday",
    "unit_minutes": "minutes",
    "unit_hours": "hours",
    "starting_day": "{date}",
    "starting_week": "week of {date}",
    "starting_month": "month of {date}",
    # Cards
    "card_conversations": "New",
    "help_card_conversations": "Conversations that started in the period.",
    "card_resolved": "Resolutions",
    "help_card_resolved": (
        "Resolutions in the period, whenever the conversation started. A conversation that was reopened and resolved "
        "again counts twice."
    ),
    "card_reopened": "Reopened",
    "help_card_reopened": "Resolved conversations that were reopened in the period.",
    "card_open": "Open at the end",
    "help_card_open": (
        "Conversations that were open at the end of the last day of the period, or are open now. The change compares "
        "with the end of the compared period."
    ),
    "card_first_response": "First response (median)",
    "help_card_first_response": (
        "Median time that contacts waited for the first reply by an agent, for the first replies given in the period."
        " Replies by bots do not count. Chatwoot shows the average, which a few long waits pull up."
    ),
    "card_response": "Response time (median)",
    "help_card_response": (
        "Median time that contacts waited for a reply by an agent, for all replies given in the period: the first "
        "ones and all later ones."
    ),
    "card_score": "Satisfaction",
    "help_card_score": (
        "Share of ratings of 4 and 5. The latest rating of each conversation counts, on the day the conversation "
        "started."
    ),
    "episodes": "Episodes",
    "help_episodes": (
        "An episode is a stretch of service inside a conversation: it begins with the first message, or with the first "
        "message or opening after a resolution that has lasted, and ends with its last resolution."
    ),
    "card_episodes_started": "Started",
    "help_card_episodes_started": "Episodes that began in the period.",
    "card_unique_contacts": "Contacts",
    "help_card_unique_contacts": "Different contacts of the episodes that began in the period.",
    "card_episodes_resolved": "Resolved",
    "help_card_episodes_resolved": "Episodes whose last resolution was in the period.",
    "card_episode_first_response": "First response per episode",
    "help_card_episode_first_response": (
        "Median time that contacts waited for the first reply by an agent, of the episodes that began in the period."
    ),
    "card_resolution_median": "Resolution time (median)",
    "help_card_resolution_median": (
        "Median time from the beginning to the last resolution, of the episodes resolved in the period."
    ),
    "card_resolution_p90": "Resolution time (p90)",
    "help_card_resolution_p90": "Nine of ten of the episodes resolved in the period took at most this long.",
    "card_repeated": "Came back within 7 days",
    "help_card_repeated": (
        "Share of the resolved episodes after which the same contact began another one within 7 days, in any inbox of "
        "the account. Only episodes resolved at least 7 days ago count."
    ),
    "card_first_contact": "Resolved at first contact",
    "help_card_first_contact": (
        "Share of the resolved episodes that were not reopened, and after which the contact did not come back within 7 "
        "days. Only episodes resolved at least 7 days ago count."
    ),
    "slas": "SLAs",
    "help_slas": (
        "The SLA policies of Chatwoot that were applied in the period, by Chatwoot's own judgement. Hit rate: the "
        "share without a miss, as in Chatwoot's SLA report; those that still run count as hit until then."
    ),
    "sla_misses": "Missed SLAs",
    "sla_misses_shown": "The latest {count} are shown.",
    "sla_without_name": "Deleted policy",
    "targets": "In time",
    "help_targets": (
        "Replies and resolutions of the period that had a target. The heat maps count those that missed it, at the "
        "hour at which they came."
    ),
    "card_target_first_response": "First responses in time",
    "help_card_target_first_response": (
        "Share of the first responses of the period within their target. A wait that was resolved late without a "
        "response counts as missed."
    ),
    "card_target_next_reply": "Replies in time",
    "help_card_target_next_reply": (
        "Share of the later replies of the period within their target. A wait that was resolved late without a reply "
        "counts as missed."
    ),
    "card_target_resolution": "Resolutions in time",
    "help_card_target_resolution": "Share of the episodes resolved in the period within their target.",
    "card_rated": "Ratings",
    "help_card_rated": "Conversations of the period that were rated.",
    "card_average_rating": "Average rating",
    "help_card_average_rating": "Average of the latest ratings, from 1 to 5.",
    "card_response_rate": "Response rate",
    "help_card_response_rate": (
        "Of the conversations of the period that received a survey, the share that has been rated."
    ),
    "card_chatwoot_response_rate": "Response rate in Chatwoot",
    "help_card_chatwoot_response_rate": (
        "The response rate as Chatwoot computes it: responses given in the period, divided by all surveys that were "
        "sent in the period. Chatwoot filters the responses only, never the surveys."
    ),
    "card_as_of": "Data as of",
    "help_card_as_of": "The newest data show Chatwoot as it was at this time.",
    "card_equal": "Equal to Chatwoot",
    "help_card_equal": "At this time, a full comparison found no difference from Chatwoot.",
    "card_recent_equal": "Newest days equal",
    "help_card_recent_equal": (
        "At this time, a scan found no difference from Chatwoot. It compares the newest days and some older ones."
    ),
    "card_compared_at": "Last compared",
    "help_card_compared_at": "When the data were last compared with Chatwoot.",
    "card_differing_days": "Days that differ",
    "help_card_differing_days": "Days that changed in Chatwoot and have not been reloaded yet.",
    "card_loaded_days": "Loaded days",
    "help_card_loaded_days": "All days that are loaded, not only those of the selected period.",
    # Overview
    "business_hours_caption": (
        "Business hours only: {timed} of {replies} replies were given in inboxes that have business hours."
    ),
    "volume_by_day": "New and resolved by day",
    "volume_by_week": "New and resolved by week",
    "volume_by_month": "New and resolved by month",
    "help_volume": (
        "New conversations count on the day they started. Resolutions count on the day they happened, whenever the "
        "conversation started."
    ),
    "by_status": "By status",
    "help_by_status": "The current status of the conversations that started in the period.",
    "response_time_median": "Response time (median)",
    "response_time_p90": "Response time (p90)",
    "help_response_time": (
        "How long contacts waited for a reply by an agent, on the day of the reply. Half of the replies came within "
        "the median, 90% within the p90. Contacts who still wait are in the backlog."
    ),
    "series_first_response_percentiles": "first reply",
    "series_percentiles": "all replies",
    "empty_response_times": "No replies were given in this period.",
    "backlog": "Backlog at the end of the day",
    "help_backlog": (
        "Computed from the history of the conversations; the last day shows the same numbers as Chatwoot. Unassigned "
        "and unattended conversations are also counted as open. Unattended: there is no first reply yet, or the "
        "contact is waiting again."
    ),
    "backlog_now": (
        "At the end of {date}: {open} open, including {unassigned} unassigned and {unattended} unattended; {pending} "
        "pending; {snoozed} snoozed."
    ),
    "backlog_left_out": "Conversations from before {date} are not loaded, so the backlog leaves them out.",
    "backlog_holes": "Those of {count} days since then are missing, too.",
    "backlog_hole": "Those of one day since then are missing, too.",
    "backlog_not_split": "The backlog cannot be split by status, label or attribute. Clear these filters to see it.",
    "open_not_split": (
        "Open at the end is not known: the backlog of past days is kept as sums, which cannot be split by status, "
        "label or attribute. What is open now is on the page Live."
    ),
    "backlog_open": "open",
    "backlog_pending": "pending",
    "backlog_snoozed": "snoozed",
    "backlog_unassigned": "unassigned",
    "backlog_unattended": "unattended",
    # Live
    "live_as_of": "Now, as of the last load: {as_of} · time zone {zone} · the period does not apply",
    "live_open": "Open",
    "help_live_open": "Open conversations, whenever they began.",
    "live_unattended": "Unattended",
    "help_live_unattended": (
        "Open conversations that have no first reply yet, or whose contact waits again, by Chatwoot's own rule."
    ),
    "live_unassigned": "Unassigned",
    "help_live_unassigned": "Open conversations that nobody is assigned to.",
    "live_needs_reply": "Waiting for a reply",
    "help_live_needs_reply": (
        "Open conversations whose contact wrote last, or was handed over by a bot, and has had no reply by an agent."
    ),
    "live_pending": "Pending",
    "help_live_pending": "Pending conversations: usually a bot serves them.",
    "live_snoozed": "Snoozed",
    "help_live_snoozed": "Conversations that were snoozed until later.",
    "live_longest_wait": "Longest wait",
    "help_live_longest_wait": "For how long the contact has waited who waits for an agent's reply the longest.",
    "longest_waits": "Longest waits",
    "wall_mode": "For a television",
    "help_wall_mode": "Opens this page in large type and without filters. Those of the address still apply.",
    # Agents, teams, inboxes and labels
    "comparison": "Comparison",
    "measure": "Measure",
    "comparison_line": "Dashed line: total, {value}.",
    "comparison_cut": "Only the {count} largest are shown. The table has all of them.",
    "empty_measure": "There are no values of this measure in the period.",
    "total": "Total",
    "calls": "Calls",
    "help_calls": (
        "The calls that began to ring in the period, as Chatwoot recorded them, by the agent who accepted them. "
        "Not answered: no answer, rejected or failed, in both directions. Durations are those of answered calls."
    ),
    "channel_summary": "Summary by channel",
    "channel_summary_caption": "Conversations that started in the period, by the status that they have now.",
    "label_matrix": "Inboxes by labels",
    "label_matrix_caption": (
        "Conversations that started in the period. A conversation with three labels counts in all three columns."
    ),
    "label_matrix_cut_inboxes": "Only the {count} inboxes with the most conversations are shown, of {total}.",
    "label_matrix_cut_labels": "Only the {count} most frequent labels are shown, of {total}.",
    "total_is_sum": "Everything counts on the day it happened. The first row is the total.",
    "total_counts_once": (
        "A conversation with three labels counts in each of the three rows, but only once in the total."
    ),
    "help_table": (
        "First response and response time are medians. Response p90: 90% of the replies came within this time."
    ),
    "messages_not_split": "Messages cannot be split by all of these filters. Clear the other filters to see them.",
    "messages_not_of_teams": "Messages are summed over all teams here, so their numbers are not known for your teams.",
    "chatwoot_not_of_teams": "Chatwoot's bot report counts all teams together, so it is not known for your teams.",
    "surveys_not_of_teams": (
        "Chatwoot counts the surveys of all teams together, so their number and the response rate are not known for "
        "your teams."
    ),
    "definition_agents": (
        "Replies count for the agent who wrote them, and resolutions for the agent who was assigned at the time. "
        "Conversations and reopenings count for the agent who is assigned now, and ratings for the agent who was "
        "assigned when they were given."
    ),
    "definition_teams": "A conversation counts for the team it belongs to now.",
    # Satisfaction
    "rating_distribution": "Ratings",
    "score_by_day": "Satisfaction by day",
    "score_by_week": "Satisfaction by week",
    "score_by_month": "Satisfaction by month",
    "ratings_of_agents": (
        "A rating belongs to the agent who was assigned when the contact gave it, a survey without a rating to the "
        "agent who is assigned now."
    ),
    "chatwoot_csat": "Compared with Chatwoot's satisfaction report",
    "csat_not_filtered": (
        "Chatwoot's satisfaction report has no filters for status, labels and attributes, so they do not apply here."
    ),
    "csat_responses": "Responses",
    "difference_csat_responses": (
        "Chatwoot counts every response that was given in the period, the dashboard the rated conversations that "
        "started in it, each with its latest rating."
    ),
    "csat_surveys": "Surveys sent",
    "difference_csat_surveys": (
        "Chatwoot counts the survey messages of the period in the whole account, whatever the filter on inbox, team "
        "and agent; the dashboard the conversations that started in the period and got a survey."
    ),
    "csat_response_rate": "Response rate",
    "difference_csat_response_rate": (
        "Both divide the responses by the surveys. In Chatwoot, a rating in another period than its survey counts in "
        "its own, and a filter lowers the rate."
    ),
    "csat_score": "Satisfaction score (4 and 5)",
    "csat_rated": "Rating {rating}",
    "difference_csat_same": (
        "Chatwoot counts every response of the period, the dashboard the latest one of each conversation that started "
        "in it."
    ),
    "empty_ratings": "No conversation that matches these filters was rated in this period.",
    "comments": "Comments and team's notes",
    "comments_search": "Search comments and notes",
    "comments_shown_one": "One in the period.",
    "comments_shown": "The latest {count} of the period.",
    "empty_comments": "No rating that matches has a comment or a team's note.",
    # Bots
    "card_handled": "Handled by bots",
    "help_card_handled": (
        "Conversations that started in the period and in which a bot wrote, or which it resolved or handed over."
    ),
    "card_alone": "Resolved without a human",
    "help_card_alone": "Those that a bot resolved, without a reply by an agent and without a handover.",
    "card_alone_share": "Share resolved without a human",
    "help_card_alone_share": "The share of the conversations that bots handled.",
    "card_handed_off": "Handed over",
    "help_card_handed_off": "Those that a bot handed over to agents.",
    "card_handed_off_share": "Share handed over",
    "help_card_handed_off_share": "The share of the conversations that bots handled.",
    "card_reopened_after_bot": "Reopened within 7 days",
    "help_card_reopened_after_bot": (
        "Those that a bot resolved, and that were reopened within 7 days, or in which the contact wrote again."
    ),
    "card_score_alone": "Satisfaction without a human",
    "help_card_score_alone": (
        "Share of ratings of 4 and 5 among the conversations resolved without a human: the latest rating of each."
    ),
    "card_score_handed_off": "Satisfaction after a handover",
    "help_card_score_handed_off": (
        "Share of ratings of 4 and 5 among the conversations that bots handed over: the latest rating of each."
    ),
    "empty_bots": "No bot handled a conversation that matches these filters in this period.",
    "bots_by_day": "Conversations with bots by day",
    "bots_by_week": "Conversations with bots by week",
    "bots_by_month": "Conversations with bots by month",
    "chatwoot_bots": "Compared with Chatwoot's bot report",
    "bots_not_filtered": (
        "Filters on team, agent, status, label and attributes do not apply to Chatwoot's numbers here."
    ),
    "empty_chatwoot_bots": "Chatwoot's bot report has nothing in this period.",
    "chatwoot_bots_by_inbox": "Chatwoot's numbers by inbox",
    "bots_conversations": "Conversations",
    "difference_bots_conversations": (
        "Chatwoot counts all conversations that started in inboxes with an active bot, even if the bot did nothing; "
        "the dashboard those that a bot handled, in any inbox. Chatwoot also counts inboxes of Captain and Dialogflow, "
        "which are missing in its numbers here."
    ),
    "bots_messages": "Messages",
    "difference_bots_messages": (
        "Chatwoot counts the outgoing messages of these conversations, including those of agents and private notes. "
        "The dashboard has no such number."
    ),
    "bots_resolution_rate": "Resolution rate",
    "difference_bots_resolution_rate": (
        "Chatwoot divides the conversations that bots resolved in the period by those that started in it, and cuts "
        "decimals off. The dashboard leaves out those in which an agent replied later."
    ),
    "bots_handoff_rate": "Handover rate",
    "difference_bots_handoff_rate": (
        "Chatwoot divides the conversations handed over in the period by those that started in it, so that the rate "
        "can exceed 100%."
    ),
    # Captain
    "captain": "Captain",
    "help_captain": (
        "Engagements of Captain, as Chatwoot records them since version 4.17: each begins with a contact's message, "
        "and a conversation that is reopened begins another. They count on the day their conversation started."
    ),
    "captain_caption": (
        "Resolved: Captain replied, nobody else did before the resolution, and it was not handed over. One that "
        "was handed over counts as that only. Ended otherwise: for example, an agent replied first."
    ),
    "captain_reasons": "Why Captain handed over",
    "handoff_reason_customer_request": "Requested by the customer",
    "handoff_reason_missing_knowledge": "Missing knowledge",
    "handoff_reason_unsupported_request": "Unsupported request",
    "handoff_reason_policy_restriction": "Restricted by a policy",
    "handoff_reason_tool_failure": "A tool failed",
    "handoff_reason_pending_clarification": "A clarification is pending",
    "handoff_reason_usage_limit": "Usage limit reached",
    "handoff_reason_unknown": "Unknown",
    "axis_engagements": "Engagements",
    # Campaigns
    "campaigns_not_filtered": (
        "Campaigns belong to an account and an inbox only: filters on team, agent, status, label and attributes do not "
        "apply here."
    ),
    "empty_campaigns": (
        "No campaign that matches these filters began in this period. Select another period or clear the filters."
    ),
    "help_campaigns": (
        "Campaigns that began in the period and were sent to contacts; greetings on a website are not. What became of "
        "a delivery is the last status that the channel reported. On WhatsApp, contacts can hide that they read."
    ),
    "campaigns_caption": (
        "Sent: to contacts, also if that failed; those in the queue and those skipped are missing. Delivered counts "
        "what was read, too. Each share is of the contacts to whom the campaign was sent."
    ),
    "campaigns_not_recorded": "—: Chatwoot recorded no deliveries of these campaigns, as before version 4.17.",
    "campaign_without_title": "Without a title",
    "campaign_errors": "Why deliveries failed",
    "help_campaign_errors": (
        "The error codes of the channel, the most frequent first. Meta's documentation explains those of WhatsApp."
    ),
    "error_without_code": "Without a code",
    "card_campaign_campaigns": "Campaigns",
    "help_card_campaign_campaigns": "Campaigns that began in the period.",
    "card_campaign_contacts": "Contacts",
    "help_card_campaign_contacts": (
        "The contacts of these campaigns, each once per campaign, also those in the queue and those skipped."
    ),
    "card_campaign_sent": "Sent",
    "help_card_campaign_sent": "Deliveries that were sent, also if that failed.",
    "card_campaign_delivered_share": "Share delivered",
    "help_card_campaign_delivered_share": "The share of the deliveries that were sent.",
    "card_campaign_read_share": "Share read",
    "help_card_campaign_read_share": "The share of the deliveries that were sent.",
    "card_campaign_failed_share": "Share failed",
    "help_card_campaign_failed_share": "The share of the deliveries that were sent.",
    "show_deliveries": "Show the deliveries: {label}",
    "back_to_campaigns": "Back to the campaigns",
    "deliveries_all": "All contacts",
    "deliveries_sent": "Sent",
    "deliveries_delivered": "Delivered",
    "deliveries_read": "Read",
    "deliveries_failed": "Failed",
    "deliveries_failed_without_code": "Failed without an error code",
    "deliveries_shown": "**{first} to {last}** of **{total}**, those queued last first",
    "empty_deliveries": "The campaigns of this period have no such deliveries with these filters.",
    "unknown_deliveries": "Nothing is shown: a condition in the address was not understood.",
    "contact_with_number": "No. {number}",
    "delivery_queued": "In the queue",
    "delivery_skipped": "Skipped",
    "delivery_sent": "Sent",
    "delivery_delivered": "Delivered",
    "delivery_read": "Read",
    "delivery_failed": "Failed",
    "delivery_unknown": "Unknown",
    # Busiest hours
    "heatmap_conversations": "When conversations start",
    "heatmap_incoming": "When contacts write",
    "heatmap_outgoing": "When replies are sent",
    "heatmap_resolutions": "When conversations are resolved",
    "heatmap_chatwoot_resolutions": "When conversations are resolved, in Chatwoot's report",
    "difference_resolution_hours": (
        "Chatwoot's report shows sums, by when it recorded the events. It counts an event twice if a retried job "
        "recorded it twice, and leaves out events of deleted agents."
    ),
    "chatwoot_not_filtered": "Filters on agent, status, label and attributes do not apply to Chatwoot's numbers here.",
    "busiest_hour": (
        "Busiest hour: {weekday}, {hour}:00 to {until}:00, with {count} {unit} on average (time zone {zone}). The "
        "average is over the loaded days of this weekday, without today."
    ),
    "hours_not_split": "Messages by hour cannot be split by status, label or attribute. Clear these filters.",
    "empty_hours": "There are no messages. For a selected agent, only messages that the agent wrote count.",
    # Distribution
    "distribution_first_responses": "First response",
    "help_distribution_first_responses": (
        "Waits that ended with the first reply by an agent, given in the period, by how long they were."
    ),
    "distribution_resolved_episodes": "Resolution",
    "help_distribution_resolved_episodes": (
        "Episodes resolved in the period, by the time from their start to their last resolution."
    ),
    "distribution_business_hours": "Business hours only: inboxes without business hours are left out.",
    "chatwoot_first_responses": "First response, compared with Chatwoot's report",
    "difference_first_responses": (
        "Chatwoot measures from the start of the conversation and uses the date when it recorded the event; the "
        "dashboard measures from when the contact started to wait. Both count every hour here."
    ),
    "bucket_below": "under {end}",
    "bucket_between": "{start} to {end}",
    "bucket_over": "{start} or more",
    "unknown_channel": "Unknown",
    # Data health
    "days_of_period": "Days of the period",
    "worst_day_of_week": "Each cell is a week, in the colour of the worst of its days.",
    "worst_day_of_month": "Each cell is a month, in the colour of the worst of its days.",
    "tooltip_days": "Days like this",
    "condition_matches": "matches Chatwoot",
    "condition_not_compared": "not compared",
    "condition_outdated": "out of date",
    "condition_differs": "differs from Chatwoot",
    "condition_not_loaded": "not loaded",
    "scans": "Scans for changes in Chatwoot",
    "scan_recent": "recent days",
    "scan_full": "all days",
    "outcome_completed": "completed",
    "outcome_failed": "failed",
    "empty_scans": "None yet. `changed_days_sensor` and `compare_days_schedule` in Dagster run them.",
    "unknown_heading": "What is not known",
    "unknown_never_compared": "Whether the data still match Chatwoot: they have never been compared.",
    "unknown_since": "What changed in Chatwoot since {since}: the last scan failed.",
    "unknown_differs": "What changed on {date}: the change was first seen at {since} and is not loaded yet.",
    "unknown_outdated": "The current numbers of days that have to be loaded again ({count}).",
    "unknown_missing": "The conversations of the days of the period that are not loaded ({count}).",
    "unknown_imported": "How long contacts waited in imported conversations of the period ({count}).",
    "unknown_nothing": "Nothing about the days that were compared.",
    "masked_names": "The names of people: Chatwoot's database sends pseudonyms of agents, and no names of contacts.",
    "masked_contacts": "The names of contacts; their phones and e-mail addresses are pseudonyms, equal if they are.",
    "masked_contents": "What was written in messages and comments: it stays in Chatwoot.",
    "dropped_contents": "Messages, comments, names and attributes that are older than {days} days: they are dropped.",
    "masked_search": "Names, phones or e-mail addresses are masked (MASK): search for a conversation's number.",
    "unknown_always": (
        "Former teams and labels, because Chatwoot keeps only the current ones; former business hours; when a "
        "conversation was resolved, if Chatwoot kept neither an event nor a message about it."
    ),
    # Compared with Chatwoot's report
    "comparison_total": "All numbers",
    "comparison_number": "Number",
    "comparison_by": "By",
    "csat_not_by_label": "Chatwoot's satisfaction report has no labels.",
    "report_not_filtered": "Chatwoot's report has no filter for status and attributes, so they do not apply here.",
    "report_messages_not_split": (
        "The messages of a label are not counted by inbox, team or agent, so their numbers are missing here. Chatwoot "
        "applies one filter at a time."
    ),
    "report_messages_of_labels": (
        "The messages of several labels together are unknown, because a conversation with two of them would count "
        "twice. Chatwoot reports one label at a time."
    ),
    "report_conversations_count": "Conversations",
    "difference_conversations_count": "No difference: both count the conversations that started in the period.",
    "report_incoming_messages_count": "Incoming messages",
    "difference_incoming_messages_count": (
        "Chatwoot counts private messages, too. An agent has none: both count the messages that an agent wrote."
    ),
    "report_outgoing_messages_count": "Outgoing messages",
    "difference_outgoing_messages_count": "Chatwoot counts private notes, too, which contacts never see.",
    "report_avg_first_response_time": "First response time, average",
    "difference_avg_first_response_time": (
        "Chatwoot measures from the start of the conversation, the dashboard from when the contact started to wait. "
        "Chatwoot uses the date when it recorded the event."
    ),
    "report_avg_resolution_time": "Resolution time, average",
    "difference_avg_resolution_time": (
        "Chatwoot counts an event twice if a retried job recorded it twice, and leaves out events of deleted agents."
    ),
    "report_resolutions_count": "Resolutions",
    "difference_resolutions_count": (
        "Chatwoot counts a resolution twice if a retried job recorded it twice, and leaves out those of deleted agents."
    ),
    "report_reply_time": "Customer waiting time, average",
    "difference_reply_time": "Chatwoot leaves out the first reply, and ends a wait with the reply of a bot.",
    "report_bot_resolutions_count": "Resolved by a bot",
    "difference_bot_resolutions_count": (
        "Chatwoot counts events in the period, the dashboard conversations that started in it, each once."
    ),
    "report_bot_handoffs_count": "Handed over by a bot",
    "difference_bot_handoffs_count": (
        "Chatwoot counts conversations on the day of the handoff, the dashboard on the day they started."
    ),
    # Conversations
    "list_range": "**{first} to {last}** of **{total}** {subject}, {order}",
    "list_timeless": "**{first} to {last}** of **{total}** {subject}, whenever they began, {order}",
    "list_one": "**1** {subject}",
    "many_conversations": "conversations",
    "one_conversations": "conversation",
    "many_incoming": "messages of contacts",
    "one_incoming": "message of a contact",
    "many_outgoing": "messages sent",
    "one_outgoing": "message sent",
    "many_surveys": "surveys and ratings",
    "one_surveys": "survey or rating",
    "many_missed_first_response": "first responses that missed their target",
    "one_missed_first_response": "first response that missed its target",
    "many_missed_next_reply": "replies that missed their target",
    "one_missed_next_reply": "reply that missed its target",
    "many_missed_resolution": "resolutions that missed their target",
    "one_missed_resolution": "resolution that missed its target",
    "many_slas": "SLAs",
    "one_slas": "SLA",
    "many_calls": "calls",
    "one_calls": "call",
    "many_incoming_calls": "incoming calls",
    "one_incoming_calls": "incoming call",
    "many_outgoing_calls": "outgoing calls",
    "one_outgoing_calls": "outgoing call",
    "many_answered_calls": "answered calls",
    "one_answered_calls": "answered call",
    "many_missed_calls": "calls that were not answered",
    "one_missed_calls": "call that was not answered",
    "many_captain": "engagements of Captain",
    "one_captain": "engagement of Captain",
    "many_captain_resolved": "engagements that Captain resolved",
    "one_captain_resolved": "engagement that Captain resolved",
    "many_captain_handed_off": "engagements that Captain handed over",
    "one_captain_handed_off": "engagement that Captain handed over",
    "many_captain_running": "engagements of Captain that run",
    "one_captain_running": "engagement of Captain that runs",
    "many_captain_other": "engagements of Captain that ended otherwise",
    "one_captain_other": "engagement of Captain that ended otherwise",
    "many_captain_rated": "engagements of Captain with a rating",
    "one_captain_rated": "engagement of Captain with a rating",
    "many_captain_satisfied": "engagements of Captain rated 4 or 5",
    "one_captain_satisfied": "engagement of Captain rated 4 or 5",
    "many_recorded_resolutions": "resolutions that Chatwoot recorded",
    "one_recorded_resolutions": "resolution that Chatwoot recorded",
    "many_recorded_first_responses": "first responses that Chatwoot recorded",
    "one_recorded_first_responses": "first response that Chatwoot recorded",
    "many_recorded_replies": "replies that Chatwoot recorded",
    "one_recorded_replies": "reply that Chatwoot recorded",
    "many_recorded_bot_resolutions": "resolutions by bots that Chatwoot recorded",
    "one_recorded_bot_resolutions": "resolution by a bot that Chatwoot recorded",
    "many_recorded_bot_resolved": "conversations that bots resolved, as Chatwoot recorded",
    "one_recorded_bot_resolved": "conversation that a bot resolved, as Chatwoot recorded",
    "many_recorded_bot_handoffs": "conversations that bots handed over, as Chatwoot recorded",
    "one_recorded_bot_handoffs": "conversation that a bot handed over, as Chatwoot recorded",
    "many_ratings": "ratings",
    "one_ratings": "rating",
    "many_resolutions": "resolutions",
    "one_resolutions": "resolution",
    "many_reopenings": "reopenings",
    "one_reopenings": "reopening",
    "many_replies": "replies",
    "one_replies": "reply",
    "many_first_responses": "first responses",
    "one_first_responses": "first response",
    "many_episodes": "episodes that began",
    "one_episodes": "episode that began",
    "many_resolved_episodes": "resolved episodes",
    "one_resolved_episodes": "resolved episode",
    "many_contacts": "contacts",
    "one_contacts": "contact",
    "many_repeated": "episodes after which the contact came back",
    "one_repeated": "episode after which the contact came back",
    "many_first_contact": "episodes resolved at first contact",
    "one_first_contact": "episode resolved at first contact",
    "sorted_newest": "newest first",
    "sorted_oldest": "oldest first",
    "sorted_longest_wait": "longest wait first",
    "sorted_first_response": "longest first response first",
    "sorted_resolution": "longest resolution first",
    "sorted_messages": "most messages first",
    "sorted_rating": "lowest rating first",
    "sorted_longest": "longest first",
    "list_subject": "Show",
    "list_sort": "Order",
    "list_search": "Search",
    "list_search_hint": "Number, name, phone or e-mail",
    "help_list_search": "Searches the list below: in the period, with the filters. It is not part of the address.",
    "more_filters": "More filters",
    "list_ratings": "Rating",
    "list_priorities": "Priority",
    "list_channels": "Channel",
    "list_bot": "Bot",
    "list_response_over": "First response over",
    "list_resolution_over": "Resolution over",
    "list_needs_reply": "Waiting for a reply",
    "list_unattended": "Unattended",
    "list_unresolved": "Not resolved",
    "list_reopened": "Reopened",
    "list_answered": "Answered by an agent",
    "list_surveyed": "Received a survey",
    "list_without_label": "Without a label",
    "list_is_unknown": "Condition not understood",
    "list_any_time": "Whenever they began",
    "list_backlog": "Backlog at the end of the day",
    "list_weekday_and_hour": "Began",
    "list_event_hour": "Happened",
    "list_nobody": "Without an agent",
    "list_sla_policy": "SLA policy",
    "list_handoff_reason": "Reason of the handover",
    "list_sla": "SLA",
    "sla_missed": "Missed",
    "sla_running": "Running",
    "sla_first_response_missed": "First response missed",
    "sla_next_response_missed": "Next response missed",
    "sla_resolution_missed": "Resolution missed",
    "list_with_label": "Label",
    "list_at_least": "At least",
    "list_below": "Less than",
    "bot_handled": "Handled by a bot",
    "bot_resolved": "Resolved by a bot",
    "bot_alone": "Resolved without a human",
    "bot_reopened": "Reopened after a bot",
    "bot_handed_off": "Handed over by a bot",
    "priority_none": "None",
    "chip_search": "Search",
    "remove_filter": "Remove this filter",
    "more_values": "{heading}: {count} more",
    "show_conversations": "Show the conversations: {label}",
    "show_as_list": "Show as a list",
    "list_cut": "The first {count} of {total} rows. The table and its download have all of them.",
    "table_hint": "Click a number to see what it counts.",
    "list_hint": "Click a row to open the conversation.",
    "only_waiting": "Only conversations that wait for a reply ({count})",
    "help_only_waiting": (
        "Open conversations in which the contact wrote last, or was handed over by a bot, and no agent has replied "
        "yet, whenever they began."
    ),
    "empty_waiting": "No conversation is waiting for a reply.",
    "page_before": "Previous",
    "page_after": "Next",
    "page_number": "Page {number} of {pages}",
    "back_to_list": "Back to the list",
    "conversation_gone": "This conversation is not in the loaded data. It may have been deleted in Chatwoot.",
    "conversation_title": "Conversation #{number}",
    "open_in_chatwoot": "Open in Chatwoot",
    "contact_without_name": "Contact without a name",
    "detail_replies": "Replies",
    "replies_with_unanswered": "{answered}, after {average} on average; {unanswered} not answered",
    "replies_all_answered": "{answered}, after {average} on average",
    "detail_resolutions": "Resolutions",
    "resolutions_of_conversation": "{count}; the last after {last}",
    "detail_reopens": "Reopened",
    "detail_reassignments": "Reassigned",
    "private": "private note",
    "deleted": "deleted in Chatwoot",
    "sender_bot": "Bot",
    "sender_contact": "Contact",
    "sender_chatwoot": "Chatwoot",
    "no_text": "no text; perhaps an attachment",
    "all_messages": "Show all {total} messages",
    "whole_messages": "Show long messages in full",
    "message_cut": "… the rest is not shown",
    "last_messages": "The last {count} of {total} messages.",
    "empty_transcript": "This conversation has no messages.",
    # Axes and tooltips
    "axis_conversations": "Conversations",
    "axis_messages": "Messages",
    "axis_resolutions": "Resolutions",
    "axis_count": "Number",
    "axis_score": "Ratings of 4 and 5 (%)",
    "axis_day": "Day",
    "axis_week": "First day of the week",
    "axis_month": "Month",
    "axis_day_end": "End of the day",
    "axis_hour": "Hour of the day",
    "axis_first_response_median": "First response, median ({unit})",
    "axis_response_time": "Response time ({unit})",
    "axis_response_median": "Response time, median ({unit})",
    "axis_resolution_median": "Resolution time, median ({unit})",
    "axis_resolution_p90": "Resolution time, p90 ({unit})",
    "axis_response_p90": "Response time, p90 ({unit})",
    "tooltip_date": "Date",
    "tooltip_time": "Time",
    "tooltip_response_time": "Response time",
    # Columns
    "column_name": "Name",
    "column_live_open": "Open",
    "column_live_unattended": "Unattended",
    "column_live_unassigned": "Unassigned",
    "column_live_needs_reply": "Waiting",
    "column_live_pending": "Pending",
    "column_live_snoozed": "Snoozed",
    "column_longest_wait": "Longest wait",
    "column_channel": "Channel",
    "column_handled": "Handled",
    "column_alone": "Without a human",
    "column_alone_share": "% no human",
    "column_handed_off": "Handed over",
    "column_handed_off_share": "% handed over",
    "column_reopened_after_bot": "Reopened",
    "column_score_alone": "Satisfaction, no human",
    "column_score_handed_off": "Satisfaction, handed over",
    "column_bot_conversations": "Conversations",
    "column_bot_messages": "Messages",
    "column_bot_resolved": "Resolved",
    "column_bot_resolution_rate": "Resolution rate",
    "column_bot_handed_off": "Handed over",
    "column_bot_handoff_rate": "Handover rate",
    "column_counted_by": "Counted by",
    "column_resolutions": "Resolutions",
    "column_chatwoot_resolutions": "In Chatwoot",
    "column_starts_on": "From",
    "column_conversations": "New",
    "column_resolved": "Resolved",
    "column_reopened": "Reopened",
    "column_open_now": "Open now",
    "column_replies": "Replies",
    "column_first_response_median": "1st response",
    "column_response_median": "Response time",
    "column_response_p90": "Response p90",
    "column_response_p95": "Response p95",
    "column_resolution_median": "Resolution",
    "column_resolution_p90": "Resolution p90",
    "column_calls": "Calls",
    "column_incoming_calls": "Incoming",
    "column_outgoing_calls": "Outgoing",
    "column_answered_calls": "Answered",
    "column_missed_calls": "Not answered",
    "column_call_seconds": "Total duration",
    "column_average_call_seconds": "Average duration",
    "column_captain": "Engagements",
    "column_captain_resolved": "Resolved",
    "column_captain_handed_off": "Handed over",
    "column_captain_running": "Still running",
    "column_captain_other": "Ended otherwise",
    "column_captain_replies": "Captain's replies",
    "column_handoff_median": "Time to handover",
    "column_captain_rated": "Ratings",
    "column_captain_score": "Satisfaction",
    "column_handoff_reason": "Reason",
    "column_share_of_handed_off": "Share of those handed over",
    "column_campaign": "Campaign",
    "column_began_at": "Began",
    "column_contacts": "Contacts",
    "column_sent": "Sent",
    "column_delivered": "Delivered",
    "column_delivered_share": "% delivered",
    "column_read": "Read",
    "column_read_share": "% read",
    "column_failed": "Failed",
    "column_failed_share": "% failed",
    "column_error_code": "Error code",
    "column_share_of_failed": "Share of those failed",
    "column_campaigns": "Campaigns",
    "column_delivery_status": "Status",
    "column_sent_at": "Sent at",
    "column_delivered_at": "Delivered at",
    "column_read_at": "Read at",
    "column_failed_at": "Failed at",
    "column_incoming": "Received",
    "column_outgoing": "Sent",
    "column_rated": "Ratings",
    "column_score": "Satisfaction",
    "column_policy": "Policy",
    "column_applied": "Applied",
    "column_hit_rate": "Hit rate",
    "column_missed": "Missed",
    "column_running": "Running",
    "column_first_response_missed": "1st response late",
    "column_next_response_missed": "Next reply late",
    "column_resolution_missed": "Resolution late",
    "column_applied_at": "Applied at",
    "column_first_response_missed_at": "1st response late",
    "column_next_response_misses": "Late replies",
    "column_resolution_missed_at": "Resolution late",
    "column_target_first_response": "First response in time",
    "column_target_next_reply": "Replies in time",
    "column_target_resolution": "Resolved in time",
    "column_rating": "Rating",
    "column_rated_at": "Rated at",
    "column_feedback_message": "Comment",
    "column_review_notes": "Team's note",
    "column_happened_at": "When",
    "column_seconds": "Took",
    "column_display_id": "No.",
    "column_created_at": "Started at",
    "column_contact_name": "Contact",
    "column_contact_phone": "Phone",
    "column_contact_email": "E-mail",
    "column_inbox": "Inbox",
    "column_status": "Status",
    "column_priority": "Priority",
    "column_waiting_since": "Waiting since",
    "column_account": "Account",
    "column_agent": "Agent",
    "column_team": "Team",
    "column_labels": "Labels",
    "column_t_messages": "Msgs",
    "column_first_response_seconds": "1st response",
    "column_duration_seconds": "Duration",
    "column_extracted_at": "Data as of",
    "column_weekday": "Weekday",
    "column_hour": "Hour",
    "column_conversation_date": "Day",
    "column_condition": "Condition",
    "column_messages": "Messages",
    "column_snapshot_at": "Data as of",
    "column_loaded_at": "Loaded at",
    "column_scan": "Scan",
    "column_compared_at": "Last completed",
    "column_compared_days": "Days compared",
    "column_attempted_at": "Last attempted",
    "column_outcome": "Result",
    "column_metric": "Metric",
    "column_chatwoot": "Chatwoot",
    "column_dashboard": "Dashboard",
    "column_apart": "Difference",
    "column_difference": "Why they differ",
}
