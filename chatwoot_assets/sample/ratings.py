"""Answers to satisfaction surveys: which surveys are answered, when and how, and the rows of that table.

The survey messages themselves are in `timelines.py` and `messages.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from chatwoot_assets.sample.outcomes import NEVER, Outcome
from chatwoot_assets.sample.people import LOWER_CASE_AGENT
from chatwoot_assets.sample.profiles import Profiles, select_every
from chatwoot_assets.sample.size import DAY, Ints
from chatwoot_assets.sample.timelines import SURVEY, Timeline
from chatwoot_assets.sample.vocabulary import COMPLAINTS, PRAISE

if TYPE_CHECKING:
    from chatwoot_assets.sample.people import People

_SHARES = np.array([0.05, 0.04, 0.09, 0.24, 0.58])
_FEEDBACK = pl.Series([None, *PRAISE, *COMPLAINTS, ""])


@dataclass(frozen=True)
class Ratings:
    """Answered surveys, one element per answer; `message` is the survey's position among the messages."""

    message: Ints
    rating: Ints
    rated_at: Ints
    feedback: Ints


def draw_ratings(
    rng: np.random.Generator, profiles: Profiles, timeline: Timeline, outcome: Outcome, end: int
) -> Ratings:
    """Draw the answers; if a conversation has several surveys, all of them are answered."""
    message = np.flatnonzero(timeline.kind == SURVEY)
    conversation = timeline.conversation[message]
    count = len(message)
    several = profiles.surveys[conversation] > 1
    answered = several | (rng.random(count) < 0.42)
    lag = np.minimum(rng.lognormal(np.log(600e6), 1.6, count), 14 * DAY).astype(np.int64)
    # Two answers at the same instant: only the id shows which one is the latest.
    at_once = several & select_every(profiles.number[conversation], 120, offset=7)
    rated_at = np.where(at_once, outcome.last_at[conversation] + 42_424_242, timeline.sent_at[message] + lag)
    rating = rng.choice(5, count, p=_SHARES) + 1
    kept = answered & (rated_at < end)
    return Ratings(message[kept], rating[kept], rated_at[kept], _feedback(rng, rating)[kept])


def _feedback(rng: np.random.Generator, rating: Ints) -> Ints:
    """Draw the feedback given with each rating, mostly none."""
    luck = rng.random(len(rating))
    praise = 1 + (rng.random(len(rating)) * len(PRAISE)).astype(np.int64)
    complaint = 1 + len(PRAISE) + (rng.random(len(rating)) * len(COMPLAINTS)).astype(np.int64)
    words = np.where(rating >= 4, praise, complaint)
    return np.where(luck < 0.3, words, np.where(luck > 0.98, len(_FEEDBACK) - 1, 0))


def create_ratings(
    people: People, profiles: Profiles, timeline: Timeline, outcome: Outcome, ratings: Ratings, message_id: Ints
) -> pl.DataFrame:
    """Return the rows of `csat_survey_responses`, in order of time, without ids."""
    order = np.argsort(ratings.rated_at, kind="stable")
    message = ratings.message[order]
    conversation = timeline.conversation[message]
    rated_at, rating = ratings.rated_at[order], ratings.rating[order]
    assignee = outcome.assignee[conversation]
    # Some conversations were another agent's when they were rated.
    earlier = people.agents[profiles.account[conversation], LOWER_CASE_AGENT]
    assignee = np.where(select_every(profiles.number[conversation], 6, offset=1), earlier, assignee)
    agent = np.where(people.user_gone[assignee], 0, assignee)
    reviewed = (rating <= 2) & (profiles.number[conversation] % 5 == 0)
    return pl.DataFrame(
        {
            "account_id": profiles.account[conversation] + 1,
            "conversation_id": profiles.number[conversation] + 1,
            "message_id": message_id[message],
            "rating": rating,
            "feedback_message": _FEEDBACK.gather(ratings.feedback[order]),
            "contact_id": profiles.contact[conversation],
            "assigned_agent_id": pl.Series(agent).replace(0, None),
            "created_at": rated_at.view("datetime64[us]"),
            "updated_at": rated_at.view("datetime64[us]"),
            "csat_review_notes": pl.Series(["", "Retornar ao cliente."]).gather(reviewed.astype(np.int64)),
            "review_notes_updated_at": np.where(reviewed, rated_at, NEVER).view("datetime64[us]"),
        }
    ).with_columns(csat_review_notes=pl.col("csat_review_notes").replace("", None))
