"""The embedded PostgreSQL, used where no database URL is set: its programs and the life of a server."""
