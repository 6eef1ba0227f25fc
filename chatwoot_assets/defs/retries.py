"""What a Dagster run makes of a user's error: one line as its failure, or another try where that can help."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import dagster as dg

from chatwoot_assets.errors import UserError

T = TypeVar("T")

RETRIES = 3
SECONDS_BETWEEN_TRIES = 5.0


@contextmanager
def as_dagster_failure() -> Iterator[None]:
    """In an asset's body: let Dagster retry what is transient, and fail the rest at once, in one line."""
    try:
        yield
    except UserError as error:
        if error.transient:
            raise dg.RetryRequested(RETRIES, SECONDS_BETWEEN_TRIES) from error
        raise dg.Failure(description=str(error), allow_retries=False) from None


def retry_transient(first: Callable[[], T], again: Callable[[], T], log: logging.Logger) -> T:
    """Return what `first` returns, or `again` where an error may have passed by itself.

    For the last part of a step, as often as Dagster would retry all of it: what is done already is not done again.

    Raises:
        UserError: it does not pass; not transient any more.
    """
    attempt = first
    for _ in range(RETRIES):
        try:
            return attempt()
        except UserError as error:
            if not error.transient:
                raise
            log.warning(f"{error}; trying again in {SECONDS_BETWEEN_TRIES:.0f} s")
        time.sleep(SECONDS_BETWEEN_TRIES)
        attempt = again
    try:
        return again()
    except UserError as error:
        raise UserError(str(error)) from None
