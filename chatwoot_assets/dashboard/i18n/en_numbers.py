"""What numbers are called in English, and what they mean: cards, columns, axes, Chatwoot's report."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "axis_conversations": "Conversations",
    "axis_score": "Ratings of 4 and 5 (%)",
    "axis_day": "Day",
    "axis_week": "Week, by its first day",
    "axis_month": "Month",
    "axis_hour": "Hour of the day",
    "tooltip_when": "When",
    "column_starts_on": "From",
    "column_conversations": "Begun",
    "column_resolved": "Resolved",
    "column_median_first_response": "First resp., p50",
    "column_first_response_seconds": "First response",
    "column_rated": "Rated",
    "column_score": "Satisfied",
    "column_label": "Name",
    "column_channel": "Channel",
    "column_measure": "Measure",
    "column_status": "Status",
    "column_rating": "Rating",
    "column_rated_at": "Rated at",
    "column_feedback_message": "Comment",
    "column_inbox": "Inbox",
    "column_agent": "Agent",
    "column_team": "Team",
    "column_priority": "Priority",
    "column_display_id": "No.",
    "column_created_at": "Began",
    "column_contact_name": "Contact",
    "column_contact_phone": "Phone",
    "column_contact_email": "E-mail",
    "column_t_messages": "Msgs",
    "column_duration_seconds": "Duration",
    "column_extracted_at": "Data as of",
    "column_weekday": "Weekday",
    "column_hour": "Hour",
    "column_conversation_date": "Day",
    "column_condition": "Condition",
    "column_messages": "Messages",
    "column_snapshot_at": "Data as of",
    "column_loaded_at": "Loaded at",
    "column_pass": "Comparison",
    "column_compared_at": "Last made",
    "column_compared_days": "Days compared",
    "column_attempted_at": "Last tried",
    "column_outcome": "Outcome",
    "card_conversations": "Begun",
    "help_card_conversations": "Conversations that began in the period.",
    "card_first_response": "First response",
    "help_card_first_response": (
        "Median wait of a contact for the first reply by a human, of the first replies given in the period; a bot's"
        " answer is none. Chatwoot shows the average, which a few long waits pull up."
    ),
    "card_resolved": "Resolutions",
    "help_card_resolved": (
        "Resolutions that happened in the period, of whatever conversation; one that was reopened and resolved "
        "again counts twice."
    ),
    "card_score": "Satisfaction",
    "help_card_score": (
        "Share of ratings of 4 and 5, as Chatwoot counts it; of each conversation its latest rating, by the day on "
        "which the conversation began."
    ),
    "card_rated": "Rated",
    "help_card_rated": "Conversations of the period that were rated.",
    "card_average_rating": "Average rating",
    "help_card_average_rating": "Average of the latest ratings, 1 to 5.",
    "card_as_of": "Data as of",
    "help_card_as_of": "The instant of Chatwoot that the newest load shows.",
    "card_compared_at": "Compared at",
    "help_card_compared_at": "When these data were last compared with Chatwoot.",
    "card_differing": "Days that differ",
    "help_card_differing": "Days that changed in Chatwoot and were not loaded again yet.",
    "card_days": "Days loaded",
    "help_card_days": "Of the whole history, whatever period is chosen.",
    "score_by_day": "Satisfaction by day",
    "score_by_week": "Satisfaction by week",
    "score_by_month": "Satisfaction by month",
    "axis_count": "Number",
    "axis_messages": "Messages",
    "axis_wait": "Wait ({unit})",
    "axis_day_end": "End of the day",
    "axis_median_reply": "Median reply time ({unit})",
    "axis_ninetieth_reply": "90% of replies within ({unit})",
    "tooltip_wait": "Wait",
    "waits_first_percentiles": "first response",
    "waits_percentiles": "every reply",
    "waits_median": "Half of the replies came within",
    "waits_ninetieth": "9 of 10 replies came within",
    "happened_by_day": "Begun and resolved by day",
    "happened_by_week": "Begun and resolved by week",
    "happened_by_month": "Begun and resolved by month",
    "backlog_now": (
        "At the end of {date}: {open} open, of these {unassigned} unassigned and {unattended} unattended; {pending}"
        " pending, {snoozed} snoozed."
    ),
    "backlog_not_kept": "The backlog is not kept by status and label: clear these filters to see it.",
    "backlog_open": "open",
    "backlog_pending": "pending",
    "backlog_snoozed": "snoozed",
    "backlog_unassigned": "unassigned",
    "backlog_unattended": "unattended",
    "column_reopened": "Reopened",
    "column_responses": "Replies",
    "column_median_reply": "Reply, p50",
    "column_ninetieth_reply": "Reply, p90",
    "column_ninety_fifth_reply": "Reply, p95",
    "column_incoming": "Received",
    "column_outgoing": "Sent",
    "column_waiting_since": "Waiting since",
    "column_label_words": "Labels",
    "column_measured_at": "Measured at",
    "column_number": "Number",
    "column_chatwoot": "Chatwoot",
    "column_here": "Here",
    "column_why": "Why they differ",
    "card_reopened": "Reopened",
    "help_card_reopened": "Resolved conversations that were opened again in the period.",
    "card_open": "Open at the end",
    "help_card_open": (
        "Open conversations at the end of the period's last day, or now; the change is against the end of the "
        "period before."
    ),
    "card_reply": "Reply time",
    "help_card_reply": (
        "Median wait of a contact for a reply by a human, the first one and all later ones, of the replies given in"
        " the period."
    ),
    "card_answer_rate": "Response rate",
    "help_card_answer_rate": "Of the period's conversations that got a survey, the share that was rated by now.",
    "card_chatwoot_rate": "By Chatwoot's rule",
    "help_card_chatwoot_rate": (
        "Ratings given in the period, of surveys sent in the period, whichever day their conversations began. Kept "
        "for accounts and one other filter at a time."
    ),
    "heatmap_conversations": "When conversations begin",
    "heatmap_incoming": "When contacts write",
    "heatmap_outgoing": "When they are written to",
    "fact_waits": "Replies",
    "waits_of_conversation": "{answered} given, after {average} on average; {unanswered} not given",
    "waits_all_answered": "{answered} given, after {average} on average",
    "fact_resolutions": "Resolutions",
    "fact_reopens": "Reopened",
    "fact_reassignments": "Passed on",
    "report_not_filtered": (
        "Chatwoot's report knows no status and no labels: what is chosen of these does not count here."
    ),
    "report_conversations_count": "Conversations",
    "why_conversations_count": "They do not: both count those that began in the period.",
    "report_incoming_messages_count": "Incoming messages",
    "why_incoming_messages_count": (
        "Chatwoot counts private ones, too; of an agent only those that the agent wrote, here those of the agent's "
        "conversations."
    ),
    "report_outgoing_messages_count": "Outgoing messages",
    "why_outgoing_messages_count": "Chatwoot counts private notes, which no contact ever saw.",
    "report_avg_first_response_time": "First response, average",
    "why_avg_first_response_time": (
        "Chatwoot measures from the conversation's beginning, here from when the contact began to wait; it dates by"
        " when its job wrote the event."
    ),
    "report_avg_resolution_time": "Resolution, average",
    "why_avg_resolution_time": (
        "Chatwoot counts an event twice that a retried job wrote twice, and loses those of deleted agents."
    ),
    "report_resolutions_count": "Resolutions",
    "why_resolutions_count": "The same: here each resolution once, also those of deleted agents.",
    "report_reply_time": "Reply time, average",
    "why_reply_time": "Chatwoot leaves the first reply out, and takes a bot's answer for the end of a wait.",
    "report_bot_resolutions_count": "Resolved by a bot",
    "why_bot_resolutions_count": (
        "Chatwoot counts events of the period; here conversations that began in it, each once."
    ),
    "report_bot_handoffs_count": "Handed over by a bot",
    "why_bot_handoffs_count": (
        "Chatwoot counts conversations by the handover's day; here by the day on which they began."
    ),
}
