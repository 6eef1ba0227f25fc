-- By the day of a conversation's last resolution nothing is read: resolutions are, each by its own day.
DROP INDEX conversation_facts_resolved_idx;
