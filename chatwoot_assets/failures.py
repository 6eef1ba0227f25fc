"""What a Dagster run makes of a user's error: one line as its failure, or another try where that can help."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from chatwoot_assets.errors import UserError


@contextmanager
def failing_clearly() -> Iterator[None]:
    """In an asset's body: let Dagster retry what is transient, and fail the rest at once, in one line."""
    try:
        yield
    except UserError as error:
        if error.transient:
            raise dg.RetryRequested(max_retries=3, seconds_to_wait=5) from error
        raise dg.Failure(description=str(error), allow_retries=False) from None
