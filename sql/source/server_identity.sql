-- Which server it is, and on which of its timelines: a transaction's number means something on that one only.
SELECT control.system_identifier || ':' || checkpoint.timeline_id AS identity
FROM pg_control_system() AS control
CROSS JOIN pg_control_checkpoint() AS checkpoint;
