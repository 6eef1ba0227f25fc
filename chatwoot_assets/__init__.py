"""Chatwoot's conversations in a local PostgreSQL, by day, as Dagster assets."""
