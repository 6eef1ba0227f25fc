"""How a Dagster run handles a UserError: it retries after a transient one, or fails with the error's single line."""

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
    """Translate a UserError in a step: request a retry after a transient one, and fail at once after others.

    Raises:
        dagster.RetryRequested: The error is transient.
        dagster.Failure: It is not; the description is the error's message.
    """
    try:
        yield
    except UserError as error:
        if error.transient:
            raise dg.RetryRequested(RETRIES, SECONDS_BETWEEN_TRIES) from error
        raise dg.Failure(description=str(error), allow_retries=False) from None


def retry_transient(first: Callable[[], T], again: Callable[[], T], log: logging.Logger) -> T:
    """Return the result of `first`, or that of `again` after a transient error.

    For the last part of a step, when a retry of the whole step would repeat work that is done. Tries as often as
    Dagster would.

    Args:
        first: The first attempt.
        again: Each further attempt.
        log: Where retries are logged.

    Raises:
        UserError: The error is not transient, or it persists; it is no longer marked as transient.
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
