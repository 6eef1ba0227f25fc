"""Decide which days changed in Chatwoot since they were loaded."""
