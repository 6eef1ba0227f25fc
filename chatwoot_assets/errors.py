"""The errors that a user can do something about.

Each message is one line that names what is wrong and what to do. The command line prints it and exits with a non-zero
code; `defs/retries.py` turns it into a failure or a retry of a Dagster step. PostgreSQL's errors become one of these in
`postgres_errors.py`.
"""

from __future__ import annotations


class UserError(Exception):
    """Something outside the code is wrong. The message is one line, free of secrets and personal data.

    Attributes:
        transient: Whether a retry a little later may work.
    """

    def __init__(self, message: str, *, transient: bool = False) -> None:
        super().__init__(message)
        self.transient = transient


class SettingsError(UserError):
    """A setting or an argument of the command line is not accepted."""


class SourceError(UserError):
    """Chatwoot's database cannot be used: unreachable, not one of Chatwoot's, or access denied."""


class StatementTimeoutError(SourceError):
    """Chatwoot's server ended a statement after its statement_timeout."""


class WarehouseError(UserError):
    """The warehouse cannot be used: unreachable, access denied, or a database of something else."""


class ExtractError(UserError):
    """A day's Parquet files cannot be written or read."""


class UnusableExtractError(ExtractError):
    """A day's Parquet files are missing, damaged or of different snapshots: the day must be extracted again."""
