"""The embedded PostgreSQL, used for databases without a URL: its programs, and when a server starts and stops."""
