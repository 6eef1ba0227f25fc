"""The texts in English, but for those of numbers."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "title": "Support",
    "page_overview": "Overview",
    "page_conversations": "Conversations",
    "page_agents": "Agents and teams",
    "page_channels": "Channels and labels",
    "page_satisfaction": "Satisfaction",
    "page_when": "When",
    "page_health": "Data health",
    "language": "Language",
    "subheading": "{first} to {last} ({days} days) · data as of {as_of} · time zone {zone}",
    "loading": "Loading…",
    "filter_period": "Period",
    "filter_own": "From … to",
    "filter_accounts": "Accounts",
    "filter_inboxes": "Inboxes",
    "filter_teams": "Teams",
    "filter_agents": "Agents",
    "filter_statuses": "Status",
    "all": "All",
    "clear_filters": "Clear filters",
    "date_widget_form": "YYYY-MM-DD",
    "period_today": "Today",
    "period_7d": "Last 7 days",
    "period_30d": "Last 30 days",
    "period_90d": "Last 90 days",
    "period_month": "This month",
    "period_last_month": "Last month",
    "period_year": "This year",
    "period_own": "Another period…",
    "account_without_name": "Account {id}",
    "inbox_without_name": "Inbox {id}",
    "team_without_name": "Team {id}",
    "agent_without_name": "Agent {id}",
    "no_team": "No team",
    "no_agent": "Nobody",
    "download_csv": "Download CSV",
    "as_table": "Show as a table",
    "status_open": "Open",
    "status_resolved": "Resolved",
    "status_pending": "Pending",
    "status_snoozed": "Snoozed",
    "priority_low": "Low",
    "priority_medium": "Medium",
    "priority_high": "High",
    "priority_urgent": "Urgent",
    "weekday_0": "Sunday",
    "weekday_1": "Monday",
    "weekday_2": "Tuesday",
    "weekday_3": "Wednesday",
    "weekday_4": "Thursday",
    "weekday_5": "Friday",
    "weekday_6": "Saturday",
    "rating_1": "1 · terrible",
    "rating_2": "2 · bad",
    "rating_3": "3 · fair",
    "rating_4": "4 · good",
    "rating_5": "5 · excellent",
    "rating_of_five": "{rating} of 5",
    "unit_minutes": "minutes",
    "unit_hours": "hours",
    "when_day": "{date}",
    "when_week": "week of {date}",
    "when_month": "month of {date}",
    "condition_equal": "equal to Chatwoot",
    "condition_uncompared": "not compared",
    "condition_unsummarized": "summary is behind",
    "condition_differs": "differs from Chatwoot",
    "condition_missing": "not loaded",
    "pass_recent": "the last days",
    "pass_full": "every day",
    "outcome_made": "made",
    "outcome_failed": "could not be made",
    "change_against": "Change against {first} to {last}.",
    "change_unknown": "No change is shown: the period or the one before it ({first} to {last}) is not loaded in full.",
    "by_status": "By status",
    "help_by_status": "The status that each conversation has now.",
    "empty_period": "No conversation fits these filters in this period. Choose another period, or clear the filters.",
    "comparison": "Comparison",
    "comparison_line": "Dashed line: all conversations together, {value}.",
    "empty_measure": "There is no value of this measure in the period.",
    "distribution": "Distribution of ratings",
    "empty_ratings": "No conversation that fits these filters was rated in this period.",
    "comments": "Comments",
    "comments_shown": "The latest {count} of the period.",
    "empty_comments": "No rating of the period has a comment.",
    "busiest": "Busiest: {weekday}, {hour}:00 to {until}:00, with {count} {unit} (time zone {zone}).",
    "days_of_period": "Days of the period",
    "passes": "Comparisons with Chatwoot",
    "empty_passes": ("None yet. `changed_days_sensor` and `nightly_scan_schedule` in Dagster's UI make them."),
    "unknown_heading": "What is not known",
    "unknown_never_compared": "Whether the data are Chatwoot's still: they were never compared.",
    "unknown_since": "What changed in Chatwoot since {since}: it could not be compared since then.",
    "unknown_differs": "What changed on {date}: seen first at {since}, not loaded yet.",
    "unknown_missing": "The conversations of {count} days of the period, which are not loaded.",
    "unknown_nothing": "Nothing, of what was compared.",
    "unknown_always": (
        "Never known here: teams and labels of former times, since Chatwoot keeps only the present ones; when a "
        "conversation was resolved where Chatwoot kept neither event nor message of it; opening hours of former "
        "times."
    ),
    "list_range": "**{first} to {last}** of **{total}** conversations, newest first",
    "list_hint": "Click a row to read its conversation.",
    "page_before": "Back",
    "page_after": "Next",
    "page_number": "Page {number} of {pages}",
    "back_to_list": "Back to the list",
    "conversation_gone": "This conversation is not, or no longer, among the loaded data.",
    "conversation_title": "Conversation no. {number}",
    "open_in_chatwoot": "Open in Chatwoot",
    "contact_without_name": "Contact without a name",
    "private": "private note",
    "deleted": "deleted in Chatwoot",
    "sender_bot": "Bot",
    "sender_contact": "Contact",
    "sender_chatwoot": "Chatwoot",
    "no_text": "no text; perhaps an attachment",
    "all_messages": "Show all {total} messages",
    "last_messages": "The last {count} of {total} messages.",
    "empty_thread": "This conversation has no messages.",
    "notice_database_down": "The local database has not answered since {since}. What was read before is still shown.",
    "notice_never_compared": "The data are of {as_of} and were never compared with Chatwoot: they may be stale.",
    "notice_unknown": (
        "What changed in Chatwoot since {since} is not known: there was no comparison since. The numbers are of before."
    ),
    "notice_differing": "Changed in Chatwoot and not loaded again yet: {days}.",
    "notice_missing_days": (
        "{count} of the {total} days of the period are not loaded; the numbers are of the others. There are data "
        "from {first} to {last}."
    ),
    "notice_ignored_parameters": "A part of the address could not be understood and was left out: {names}.",
    "error_unreachable": (
        "The local database does not answer, so there are no numbers to show. Whoever operates it sees why in the "
        "dashboard's terminal, or with this command:"
    ),
    "error_database": (
        "The local database did not answer this question. Try again in a moment; the reason is in the dashboard's "
        "terminal."
    ),
    "error_unexpected": (
        "Something went wrong with this page. The dashboard's terminal says where; the other pages go on working."
    ),
    "empty_tables": "No day is loaded yet. Load some with this command; this page shows them within a minute:",
    "filter_labels": "Labels",
    "filter_clock": "Opening hours only",
    "help_filter_clock": (
        "Durations count only the opening hours of the inbox, as Chatwoot has them now; inboxes without opening "
        "hours then have none."
    ),
    "no_label": "No label",
    "total": "All together",
    "total_adds_up": "Counted on the day on which it happened. The first row is of all together.",
    "total_counts_once": (
        "A conversation with three labels counts in each of them, and once in the first row: the labels do not add "
        "up to it."
    ),
    "messages_not_kept": "Messages are not kept by everything that is chosen: clear the other filters to see them.",
    "definition_agents": (
        "Responses are of the agent who wrote, resolutions of whoever was assigned then; conversations, reopenings "
        "and ratings of whoever is assigned now."
    ),
    "definition_teams": "A conversation counts for the team that it belongs to now.",
    "help_waits": (
        "From the first message of a contact who waits to the next reply by a human, dated by the reply. Waits that"
        " nobody has ended are in the backlog."
    ),
    "empty_waits": "No wait was ended by a reply in this period.",
    "clock_caption": "In opening hours: of {all} replies the {timed} in inboxes that have them.",
    "help_happened": (
        "Conversations on the day on which they began; resolutions on the day on which they happened, of whatever "
        "conversation."
    ),
    "backlog": "Waiting at the end of each day",
    "help_backlog": (
        "Rebuilt from what happened; the last day equals what Chatwoot shows now. Unassigned and unattended ones "
        "are among the open ones. Unattended: without a first reply, or the contact waits again."
    ),
    "hours_not_kept": "Messages by hour are not kept by status and label: clear these filters to see them.",
    "empty_hours": "There are none. Of a chosen agent only what the agent wrote counts.",
    "comparison_cut": "The {count} largest; the others are in the table.",
    "list_waiting": "**{first} to {last}** of **{total}** conversations that wait for a reply, the longest wait first",
    "only_waiting": "Only those that wait for a reply ({count})",
    "help_only_waiting": (
        "Open conversations of the period whose contact wrote last, or was handed over by a bot, and has no reply "
        "by a human yet."
    ),
    "empty_waiting": "Nobody waits for a reply.",
    "resolutions_of_conversation": "{count}; the last after {last}",
    "condition_unmeasured": "metrics are behind",
    "notice_unmeasured": "The metrics of these days are of an earlier load, or not there yet: {days}.",
    "unknown_unmeasured": (
        "What happened in the conversations of {count} days since they were loaded again, the first at {since}: "
        "their metrics are behind."
    ),
    "comparison_with_chatwoot": "Beside Chatwoot's own report",
}
