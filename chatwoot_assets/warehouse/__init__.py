"""The warehouse: its schema and migrations, and what every package that writes to it needs."""
