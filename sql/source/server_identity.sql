-- The identity of the server and of its timeline: transaction numbers have a meaning only on that timeline.
SELECT control.system_identifier || ':' || checkpoint.timeline_id AS identity
FROM pg_control_system() AS control
CROSS JOIN pg_control_checkpoint() AS checkpoint;
