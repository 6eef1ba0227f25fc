"""Answers to satisfaction surveys: which are answered, when, how, and the rows of that table.

The survey messages themselves are in `threads.py` and `messages.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from chatwoot_assets.sample.casting import Cast, every
from chatwoot_assets.sample.outcomes import NEVER, Outcome
from chatwoot_assets.sample.size import DAY, Ints
from chatwoot_assets.sample.threads import SURVEY, Thread
from chatwoot_assets.sample.vocabulary import COMPLAINTS, PRAISE

if TYPE_CHECKING:
    from chatwoot_assets.sample.people import People

_SHARES = np.array([0.05, 0.04, 0.09, 0.24, 0.58])
_FEEDBACK = pl.Series([None, *PRAISE, *COMPLAINTS, ""])


@dataclass(frozen=True)
class Ratings:
    """Answered surveys, an element each: `message` is the survey's position among the messages."""

    message: Ints
    rating: Ints
    at: Ints
    feedback: Ints


def ratings(rng: np.random.Generator, found: Cast, said: Thread, outcome: Outcome, end: int) -> Ratings:
    """Decide which surveys are answered; where several were sent, all are."""
    message = np.flatnonzero(said.kind == SURVEY)
    conversation = said.conversation[message]
    count = len(message)
    several = found.surveys[conversation] > 1
    answered = several | (rng.random(count) < 0.42)
    lag = np.minimum(rng.lognormal(np.log(600e6), 1.6, count), 14 * DAY).astype(np.int64)
    # Two answers in one instant: only the id tells which is the latest.
    at_once = several & every(found.number[conversation], 120, at=7)
    at = np.where(at_once, outcome.last_at[conversation] + 42_424_242, said.at[message] + lag)
    rating = rng.choice(5, count, p=_SHARES) + 1
    kept = answered & (at < end)
    return Ratings(message[kept], rating[kept], at[kept], _feedback(rng, rating)[kept])


def _feedback(rng: np.random.Generator, rating: Ints) -> Ints:
    """Choose what is said with a rating; mostly nothing."""
    luck = rng.random(len(rating))
    praise = 1 + (rng.random(len(rating)) * len(PRAISE)).astype(np.int64)
    complaint = 1 + len(PRAISE) + (rng.random(len(rating)) * len(COMPLAINTS)).astype(np.int64)
    words = np.where(rating >= 4, praise, complaint)
    return np.where(luck < 0.3, words, np.where(luck > 0.98, len(_FEEDBACK) - 1, 0))


def rating_frame(
    people: People, found: Cast, said: Thread, outcome: Outcome, rated: Ratings, message_id: Ints
) -> pl.DataFrame:
    """Make the rows of `csat_survey_responses`, in order of answering, without their ids."""
    order = np.argsort(rated.at, kind="stable")
    message = rated.message[order]
    conversation = said.conversation[message]
    at, rating = rated.at[order], rated.rating[order]
    assignee = outcome.assignee[conversation]
    agent = np.where(people.user_gone[assignee], 0, assignee)
    reviewed = (rating <= 2) & (found.number[conversation] % 5 == 0)
    return pl.DataFrame(
        {
            "account_id": found.account[conversation] + 1,
            "conversation_id": found.number[conversation] + 1,
            "message_id": message_id[message],
            "rating": rating,
            "feedback_message": _FEEDBACK.gather(rated.feedback[order]),
            "contact_id": found.contact[conversation],
            "assigned_agent_id": pl.Series(agent).replace(0, None),
            "created_at": at.view("datetime64[us]"),
            "updated_at": at.view("datetime64[us]"),
            "csat_review_notes": pl.Series(["", "Retornar ao cliente."]).gather(reviewed.astype(np.int64)),
            "review_notes_updated_at": np.where(reviewed, at, NEVER).view("datetime64[us]"),
        }
    ).with_columns(csat_review_notes=pl.col("csat_review_notes").replace("", None))
