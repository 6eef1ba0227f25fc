"""The errors that a user can do something about.

Each is one line that names what was wrong and what to do. The command line prints it and exits with
a non-zero code; a Dagster run shows it as its failure. How errors of PostgreSQL become one of these
is in `postgres.py`; what an asset does with them (retry or not) is in `retries.py`.
"""


class UserError(Exception):
    """Something outside the code is wrong; the message is one line, free of secrets and personal data."""


class SettingsError(UserError):
    """A value from the environment or the command line is not accepted."""


class SourceError(UserError):
    """Chatwoot's database cannot serve as a source: not reached, not Chatwoot's, or not permitted."""


class AnalyticsError(UserError):
    """The analytics database cannot be used: not reached, not permitted, or not ours to write to."""


class ExtractError(UserError):
    """A day's Parquet files cannot be written or read."""
