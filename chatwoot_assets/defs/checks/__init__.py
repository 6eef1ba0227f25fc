"""Asset checks on quality and freshness, and on equality with Chatwoot."""
