"""Compute episodes of histories and of rows."""

from __future__ import annotations

import dataclasses
import datetime

import polars as pl
from hypothesis import strategies as st

from chatwoot_assets.metrics.conversation_batch import DEFAULT_EPISODE_GAP
from chatwoot_assets.metrics.episodes import compute_episodes
from chatwoot_assets_tests.metrics.histories import History
from chatwoot_assets_tests.metrics.rows import (
    NO_BOTS,
    ZONE,
    Row,
    conversation,
    event,
)

HOUR, DAY, MONTH = 3_600, 86_400, 30 * 86_400
ENDLESS = datetime.timedelta(days=36_500)
GAPS = st.sampled_from([datetime.timedelta(seconds=seconds) for seconds in (0, 60, 61, HOUR, DAY)] + [ENDLESS])

IN_HOURS = ["resolution_business_seconds", "first_response_business_seconds"]


def compute(history: History, gap: datetime.timedelta = DEFAULT_EPISODE_GAP) -> pl.DataFrame:
    """Return the product's rows."""
    return compute_episodes(dataclasses.replace(history.to_batch(), episode_gap=gap))


def compute_rows(
    *messages: Row, events: tuple[Row, ...] = (), csat: tuple[Row, ...] = (), **values: object
) -> list[Row]:
    """Return the product's rows of one conversation."""
    history = History([conversation(**values)], list(messages), list(events), list(csat), ZONE, NO_BOTS)
    return compute(history).to_dicts()


def resolve(number: int, seconds: float, **values: object) -> Row:
    """Return the event of a resolution."""
    return event(number, seconds, "conversation_resolved", **values)


def reopen(number: int, seconds: float) -> Row:
    """Return the event of an opening after a resolution."""
    return event(number, seconds, "conversation_opened", value=60.0)
