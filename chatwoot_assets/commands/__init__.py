"""The work of the commands in `cli/`. They print days, counts and times, never personal data."""
