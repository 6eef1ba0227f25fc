"""Chatwoot's own database: the tables that it must have, the views on them, and snapshots of it."""
