"""The errors that a user can do something about.

Each is one line that names what was wrong and what to do. The command line prints it and exits with
a non-zero code; what a Dagster run makes of it is in `failures.py`. How errors of PostgreSQL become one of
these is in `postgres_errors.py`.
"""

from __future__ import annotations


class UserError(Exception):
    """Something outside the code is wrong; the message is one line, free of secrets and personal data.

    Attributes:
        transient: whether the same may work when it is tried again a little later.
    """

    def __init__(self, message: str, *, transient: bool = False) -> None:
        super().__init__(message)
        self.transient = transient


class SettingsError(UserError):
    """A value from the environment or the command line is not accepted."""


class SourceError(UserError):
    """Chatwoot's database cannot serve as a source: not reached, not Chatwoot's, or not permitted."""


class WarehouseError(UserError):
    """The analytics database cannot be used: not reached, not permitted, or not ours to write to."""


class ExtractError(UserError):
    """A day's Parquet files cannot be written or read."""
