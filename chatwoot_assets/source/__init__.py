"""Chatwoot's own database: the tables it must have, the views on them, and snapshots of it."""
