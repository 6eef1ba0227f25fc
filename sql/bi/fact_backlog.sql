-- One row per day, account and inbox: the backlog at the end of the day.
\ir settings.psql

CREATE OR REPLACE VIEW bi.fact_backlog AS
SELECT
    backlog.backlog_date AS date,
    backlog.account_id,
    backlog.inbox_id,
    backlog.open,
    backlog.pending,
    backlog.snoozed,
    backlog.unassigned,
    backlog.unattended
FROM public.daily_backlog AS backlog;
