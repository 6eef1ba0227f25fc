-- What `doctor` looks at on Chatwoot's server: the catalog and the server's state, no rows of Chatwoot's.
\ir settings.psql

SELECT
    current_setting('server_version') AS server_version,
    current_setting('server_encoding') AS encoding,
    current_setting('max_connections')::int AS max_connections,
    (
        SELECT count(*)
        FROM pg_catalog.pg_stat_activity
        WHERE backend_type = 'client backend'
    ) AS connections,
    pg_is_in_recovery() AS is_standby,
    coalesce(extract(EPOCH FROM now() - pg_last_xact_replay_timestamp()), 0)::float8 AS replay_lag_seconds,
    current_setting('hot_standby_feedback') AS hot_standby_feedback,
    (
        SELECT count(*)
        FROM pg_catalog.pg_class
        WHERE relrowsecurity AND relkind = 'r'
    ) AS tables_with_policies,
    (
        SELECT coalesce(string_agg(c.relname, ', ' ORDER BY c.relname), '')
        FROM pg_catalog.pg_class AS c
        INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
        WHERE
            n.nspname = :'views_schema' AND c.relkind = 'v' AND c.relname LIKE 'vw\_%'
            AND NOT (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'))
    ) AS unreadable_views;
