"""The message that a viewer sees when something fails.

It says what to do, and has no traceback. The log says where it failed, and quotes no row.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import streamlit as st

from chatwoot_assets.dashboard.status import StatusCache
from chatwoot_assets.errors import UserError

_LOG = logging.getLogger("chatwoot_assets.dashboard")

Result = TypeVar("Result")


def run_safely(
    status_cache: StatusCache, translate: Callable[..., str], draw: Callable[[], Result | None]
) -> Result | None:
    """Call `draw` and return its result; if it fails, show an error that tells nothing but what to do."""
    try:
        return draw()
    except UserError as error:
        _LOG.error("%s", error)
        status_cache.expire()
        st.error(translate("error_database"), icon=":material/error:")
    except Exception as error:  # noqa: BLE001  # of any kind: its text may quote a row, so only its place is logged
        _LOG.error("%s at %s", type(error).__name__, _format_location(error))
        st.error(translate("error_unexpected"), icon=":material/error:")
    return None


def _format_location(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return ", ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
