-- Whether the dashboard's role may read custom attributes.
\ir settings.psql

SELECT has_column_privilege('conversas_analytics', 'custom_attributes', 'SELECT') AS is_granted;
