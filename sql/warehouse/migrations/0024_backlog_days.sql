-- The days at whose end a conversation was in each part of the backlog. A range of one that still is has no end.
ALTER TABLE conversation_facts
ADD COLUMN open_days datemultirange,
ADD COLUMN pending_days datemultirange,
ADD COLUMN snoozed_days datemultirange,
ADD COLUMN unassigned_days datemultirange,
ADD COLUMN unattended_days datemultirange;
