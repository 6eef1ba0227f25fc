"""The metrics by name: the dashboard's query that each comes from, its unit, and its dimensions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Row = dict[str, Any]
Unit = Literal["count", "seconds", "share", "rating"]
# The dimensions of time, and those with ids or names. weekday and hour add up the hours of a week.
GRAINS = ("day", "week", "month")
GROUPS = ("inbox", "agent", "team", "label")
# Custom attributes may be personal: this dimension needs the right to personal data.
ATTRIBUTE = "attribute"
_CYCLES = ("weekday", "hour")
# The lists of the filter bar by which sums per hour or of the backlog cannot be split.
NOT_SPLIT = ("statuses", "labels", "attributes")


@dataclass(frozen=True)
class Metric:
    """A metric.

    Attributes:
        query: The file in `sql/dashboard/`.
        value: Returns its value from a row of the query.
        unit: Its unit.
        meaning: What it counts, and by which day, in one sentence.
        native: The dimensions that one query groups by; for another dimension, each value takes a query of its own.
        dimensions: All dimensions by which it can be split.
        is_split: Whether all filters apply.
    """

    query: str
    value: Callable[[Row], float | None]
    unit: Unit
    meaning: str
    native: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = (*GRAINS, *GROUPS)
    is_split: bool = True


def _column(name: str) -> Callable[[Row], float | None]:
    return lambda row: row.get(name)


def _part(name: str, position: int) -> Callable[[Row], float | None]:
    return lambda row: (row.get(name) or [None] * 3)[position]


def _ratio(part: str, whole: str) -> Callable[[Row], float | None]:
    return lambda row: row[part] / row[whole] if row.get(whole) else None


_NEW = "new_conversations"
_NEW_DIMENSIONS = (*GRAINS, *GROUPS, "status", "rating", ATTRIBUTE, *_CYCLES)
_TIMED = (*GRAINS, *GROUPS, ATTRIBUTE)


def _new(name: str, meaning: str) -> Metric:
    return Metric(_NEW, _column(name), "count", meaning, _NEW_DIMENSIONS, _NEW_DIMENSIONS)


def _rated(value: Callable[[Row], float | None], unit: Unit, meaning: str) -> Metric:
    return Metric("satisfaction", value, unit, meaning, _TIMED, _TIMED)


def _times(query: str, value: Callable[[Row], float | None], meaning: str, unit: Unit = "seconds") -> Metric:
    return Metric(query, value, unit, meaning, _TIMED, _TIMED)


def _episodes(value: Callable[[Row], float | None], unit: Unit, meaning: str) -> Metric:
    return Metric("episode_statistics", value, unit, meaning)


def _backlog(name: str, meaning: str) -> Metric:
    dimensions = ("day", "inbox", "agent", "team")
    return Metric("backlog", _column(name), "count", meaning, ("day",), dimensions, is_split=False)


def _live(name: str, meaning: str) -> Metric:
    return Metric("live", _column(name), "count", meaning, ("inbox", "agent", "team"), ("inbox", "agent", "team"))


def _messages(name: str, meaning: str) -> Metric:
    dimensions = (*_CYCLES, *GRAINS, "inbox", "agent", "team")
    return Metric("hourly_messages", _column(name), "count", meaning, _CYCLES, dimensions, is_split=False)


def _target(name: str, what: str) -> Metric:
    meaning = f"Share of {what}, that were within their target (setting TARGETS)."
    return _times("target_shares", _ratio(f"{name}_met", f"{name}_ended"), meaning, "share")


METRICS: dict[str, Metric] = {
    "new_conversations": _new("conversations", "Conversations created in the period."),
    "resolved_now": _new("resolved_now", "Conversations created in the period that are resolved now."),
    "answered": _new("answered", "Conversations created in the period that a human answered."),
    "waiting": _new("needs_reply", "Conversations created in the period that wait for a reply now."),
    "bot_resolved": _new("bot_resolved", "Conversations created in the period that a bot resolved."),
    "bot_handed_off": _new("bot_handed_off", "Conversations created in the period that a bot handed to humans."),
    "surveys_offered": _new("offered", "Conversations created in the period with a satisfaction survey."),
    "ratings": _rated(_column("rated"), "count", "Conversations created in the period with a rating."),
    "satisfaction": _rated(
        _ratio("satisfied", "rated"),
        "share",
        "Ratings of 4 and 5 as a share of the ratings, by the conversation's day.",
    ),
    "average_rating": _rated(
        _ratio("sum_rating", "rated"), "rating", "Average rating, 1 to 5, by the conversation's day."
    ),
    "survey_response_rate": _rated(
        _ratio("rated", "offered"), "share", "Rated conversations as a share of those with a survey."
    ),
    "replies": _times("response_times", _column("replies"), "Waits of contacts that a human reply ended.", "count"),
    "response_time_median": _times(
        "response_times", _part("percentiles", 0), "Half of the replies came within this time, by the reply's day."
    ),
    "response_time_p90": _times(
        "response_times", _part("percentiles", 1), "90 % of the replies came within this time."
    ),
    "response_time_p95": _times(
        "response_times", _part("percentiles", 2), "95 % of the replies came within this time."
    ),
    "response_time_average": _times("response_times", _column("average"), "Average time to a reply."),
    "first_responses": _times(
        "response_times",
        _column("first_responses"),
        "First human replies of conversations, by the reply's day.",
        "count",
    ),
    "first_response_median": _times(
        "response_times", _part("first_response_percentiles", 0), "Half of the first replies came within this time."
    ),
    "first_response_p90": _times(
        "response_times", _part("first_response_percentiles", 1), "90 % of the first replies came within this time."
    ),
    "first_response_average": _times(
        "response_times", _column("first_response_average"), "Average time to the first reply."
    ),
    "resolutions": _times("resolutions", _column("resolved"), "Resolutions, by the day of each.", "count"),
    "reopenings": _times(
        "resolutions", _column("reopened"), "Openings after a resolution, by the day of each.", "count"
    ),
    "age_at_resolution_median": _times(
        "resolutions", _part("percentiles", 0), "Half of the resolutions came within this time of the creation."
    ),
    "age_at_resolution_average": _times(
        "resolutions", _column("average"), "Average time from a conversation's creation to its resolutions."
    ),
    "episodes_started": _episodes(_column("episodes_started"), "count", "Episodes that began (atendimentos)."),
    "contacts_served": _episodes(_column("unique_contacts"), "count", "Different contacts whose episodes began."),
    "episodes_resolved": _episodes(_column("episodes_resolved"), "count", "Episodes by their last resolution."),
    "episode_first_response_median": _episodes(
        _part("first_response_percentiles", 0),
        "seconds",
        "Half of the episodes got their first reply within this time.",
    ),
    "resolution_time_median": _episodes(
        _part("resolution_percentiles", 0),
        "seconds",
        "Half of the resolved episodes took up to this, from their start.",
    ),
    "resolution_time_p90": _episodes(
        _part("resolution_percentiles", 1),
        "seconds",
        "90 % of the resolved episodes took up to this, from their start.",
    ),
    "repeat_contacts_24h": _episodes(
        _ratio("repeated_within_24_hours", "observed_episodes"),
        "share",
        "Resolved episodes whose contact came back within 24 hours.",
    ),
    "repeat_contacts_7d": _episodes(
        _ratio("repeated_within_7_days", "observed_episodes"),
        "share",
        "Resolved episodes whose contact came back within 7 days.",
    ),
    "first_contact_resolution": _episodes(
        _ratio("resolved_at_first_contact", "observed_episodes"),
        "share",
        "Resolved episodes without a reopening whose contact did not come back within 7 days.",
    ),
    "first_response_target": _target("first_response", "first replies, by the reply's day"),
    "next_reply_target": _target("next_reply", "later replies, by the reply's day"),
    "resolution_target": _target("resolution", "resolutions of episodes, by the resolution's day"),
    "backlog_open": _backlog("open", "Open conversations at the end of the period, or of each day."),
    "backlog_unattended": _backlog("unattended", "Open conversations waiting for a reply at the end of the period."),
    "backlog_unassigned": _backlog("unassigned", "Open conversations of nobody at the end of the period."),
    "backlog_pending": _backlog("pending", "Pending conversations at the end of the period."),
    "backlog_snoozed": _backlog("snoozed", "Snoozed conversations at the end of the period."),
    "open_now": _live("open", "Conversations open as of the last load, whenever they began."),
    "unattended_now": _live("unattended", "Open conversations unattended as of the last load."),
    "unassigned_now": _live("unassigned", "Open conversations of nobody as of the last load."),
    "pending_now": _live("pending", "Conversations pending as of the last load."),
    "waiting_now": _live("needs_reply", "Conversations that wait for a reply as of the last load."),
    "messages_received": _messages("incoming", "Public messages from contacts, by the message's day."),
    "messages_sent": _messages("outgoing", "Public messages to contacts, by the message's day."),
}
