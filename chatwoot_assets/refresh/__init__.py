"""Refreshing days from Chatwoot to the warehouse: files, tables and metrics of a day belong together."""
