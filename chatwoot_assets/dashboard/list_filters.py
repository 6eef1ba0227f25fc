"""The conditions of the list of conversations beyond the filter bar, and how a URL holds them.

Every number of the dashboard leads to a list with its condition. Uses neither Streamlit nor a database. What is
searched for is in no URL, because it may be a person's name.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from chatwoot_assets.dashboard.filter_urls import ON
from chatwoot_assets.dashboard.url_values import format_ids, shrink

# What is listed: conversations, or what happened in them, one row per event.
CONVERSATIONS = "conversations"
SUBJECTS = (
    CONVERSATIONS, "incoming", "outgoing", "first_responses", "replies", "resolutions", "reopenings", "episodes",
    "resolved_episodes", "contacts", "repeated", "first_contact", "surveys", "ratings", "missed_first_response",
    "missed_next_reply", "missed_resolution", "slas", "calls", "incoming_calls", "outgoing_calls", "answered_calls",
    "missed_calls", "captain", "captain_resolved", "captain_handed_off", "captain_running", "captain_other",
    "captain_rated", "captain_satisfied", "recorded_resolutions",
    "recorded_first_responses", "recorded_replies", "recorded_bot_resolutions", "recorded_bot_resolved",
    "recorded_bot_handoffs",
)  # fmt: skip
# As in metrics/backlog_changes.py.
BACKLOG_PARTS = ("open", "pending", "snoozed", "unassigned", "unattended")
PRIORITIES = ("urgent", "high", "medium", "low", "none")
BOTS = ("handled", "resolved", "alone", "handed_off", "reopened")
RATINGS = (1, 2, 3, 4, 5)
# Who acts without being an agent: see sql/dashboard/nobody.sql.
NOBODY = ("bot", "automation", "app", "none")
# What became of an SLA, or what was missed in it.
SLAS = ("missed", "running", "first_response_missed", "next_response_missed", "resolution_missed")
UNKNOWN_REASON = "unknown"  # why Captain handed an engagement over, if Chatwoot does not say
NEWEST, LONGEST_WAIT = "newest", "longest_wait"
SORTS = (NEWEST, "oldest", LONGEST_WAIT, "first_response", "resolution", "messages", "rating", "longest")
# The sorts of each kind of list.
CONVERSATION_SORTS, EVENT_SORTS = SORTS[:-1], (NEWEST, "longest")

_MAX_SECONDS = 10**9
_MAX_LABEL_LENGTH = 255
_HOURS_OF_WEEK = 7 * 24


@dataclass(frozen=True)
class ListFilters:
    """The conditions of the list. A value that is empty, or None, is no condition.

    Attributes:
        subject: What is listed, one of SUBJECTS.
        backlog: The conversation was in this part of the backlog at the end of a day: one of BACKLOG_PARTS, a point
            and the day, such as open.2025-03-31.
        any_time: Whether conversations are listed whenever they began.
        needs_reply, unattended, unresolved, reopened, answered, surveyed: Conditions on the conversation.
        ratings: The latest rating is one of these.
        priorities: The priority is one of these; "none" for none.
        channels: The inbox is of one of these channels.
        bot: What a bot did with the conversation, one of BOTS.
        response_over, resolution_over: The first response, or the last resolution, took longer than these seconds.
        weekday_and_hour: When the conversation began: 24 times the weekday (Sunday is 0) plus the hour.
        with_label: The conversation has this label, besides one of those in the filter bar.
        without_label: The conversation has no label.
        at_least, below: The seconds of what is listed are in this range.
        event_hour: When it happened, as in weekday_and_hour.
        is_unknown: Whether a condition was not understood: then nothing is listed, rather than more.
        nobody: Who it was that has the conversation, or resolved it, without being an agent, one of NOBODY.
        sla_policy: The SLA policy, by its id.
        sla: What became of the SLA, one of SLAS.
        handoff_reason: Why Captain handed the engagement over: Chatwoot's word, or UNKNOWN_REASON.
        sort: The order, one of SORTS; "" for the usual one.
    """

    subject: str = CONVERSATIONS
    backlog: str = ""
    any_time: bool = False
    needs_reply: bool = False
    unattended: bool = False
    unresolved: bool = False
    reopened: bool = False
    answered: bool = False
    surveyed: bool = False
    ratings: tuple[int, ...] = ()
    priorities: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    bot: str = ""
    response_over: int | None = None
    resolution_over: int | None = None
    weekday_and_hour: int | None = None
    with_label: str = ""
    without_label: bool = False
    at_least: int | None = None
    below: int | None = None
    event_hour: int | None = None
    nobody: str = ""
    sla_policy: int | None = None
    sla: str = ""
    handoff_reason: str = ""
    is_unknown: bool = False
    sort: str = ""

    @property
    def order(self) -> str:
        """The order: the selected one, else the longest wait first where conversations wait, else the newest first."""
        default = LONGEST_WAIT if self.needs_reply or self.unattended else NEWEST
        return self.sort or (default if default in self.sorts else NEWEST)

    @property
    def is_timeless(self) -> bool:
        """Whether the list does not depend on the period: what waits now does not."""
        is_of_any_time = self.any_time or self.needs_reply or self.unattended or self.backlog
        return self.subject == CONVERSATIONS and bool(is_of_any_time)

    @property
    def sorts(self) -> tuple[str, ...]:
        """The orders that this list can have."""
        return CONVERSATION_SORTS if self.subject == CONVERSATIONS else EVENT_SORTS

    def to_url(self) -> dict[str, str]:
        """Return the URL parameters from which `parse_list_url` makes these conditions."""
        url = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value != field.default:
                url[LIST_FILTER_PARAMETERS[field.name]] = _format(value)
        return url

    def without(self, name: str) -> ListFilters:
        """Return the conditions without one."""
        none: dict[str, Any] = {name: getattr(ALL_CONVERSATIONS, name)}
        return replace(self, **none)

    def query_parameters(self, search: str = "", *, zone: str = "UTC") -> dict[str, Any]:
        """Return the variables of the list's queries, except the channels: inboxes stand for them.

        Args:
            zone: The reporting time zone.
            search: A number, or a part of the contact's name, phone number or e-mail address; "" for all.
        """
        values: dict[str, Any] = {name: getattr(self, name) for name in _FLAGS}
        values |= {name: -1 if (value := getattr(self, name)) is None else value for name in _NUMBERS}
        digits = re.sub(r"[^0-9]", "", search)
        is_phone = digits and re.fullmatch(r"[0-9+() .-]+", search)
        of_events: dict[str, Any] = {name: getattr(ALL_CONVERSATIONS, name) for name in _OF_EVENTS}
        conditions = replace(self, any_time=False, channels=(), sort="", **of_events)
        part, _, day = self.backlog.partition(".")
        return {
            **values,
            "backlog_part": part,
            "backlog_day": day,
            "any_time": self.is_timeless,
            "subject": self.subject,
            "ratings": list(self.ratings),
            "priorities": list(self.priorities),
            "bot": self.bot,
            "sla": self.sla,
            "handoff_reason": self.handoff_reason,
            "nobody": self.nobody,
            "with_label": self.with_label,
            "timezone": zone,
            "sort": self.order,
            "search": search,
            "digits": digits if is_phone else "",
            "has_conditions": bool(search) or conditions != ListFilters(),
        }


ALL_CONVERSATIONS = ListFilters()
_FLAGS = (
    "needs_reply", "unattended", "unresolved", "reopened", "answered", "surveyed", "without_label", "is_unknown",
)  # fmt: skip
_NUMBERS = (
    "response_over", "resolution_over", "weekday_and_hour", "at_least", "below", "event_hour", "sla_policy",
)  # fmt: skip
# The conditions on what is listed; all others are conditions on its conversation.
_OF_EVENTS = ("subject", "at_least", "below", "event_hour", "sla_policy", "sla", "handoff_reason")


def _format(value: object) -> str:
    if isinstance(value, bool):
        return ON
    if not isinstance(value, tuple):
        return str(value)
    return shrink(",".join(format_ids(value) if all(isinstance(part, int) for part in value) else value))


def parse_list_url(url: Mapping[str, str]) -> tuple[ListFilters, list[str]]:
    """Return the conditions in a URL's parameters, and the names of the parameters that were not understood.

    One that is not understood lists nothing; an order has its default.
    """
    values: dict[str, Any] = {}
    ignored = []
    for name, parameter in LIST_FILTER_PARAMETERS.items():
        if text := url.get(parameter):
            value = _PARSERS[name](text)
            if value is None:
                ignored.append(parameter)
            else:
                values[name] = value
    if set(ignored) - {LIST_FILTER_PARAMETERS["sort"]}:
        values["is_unknown"] = True
    filters = ListFilters(**values)
    return replace(filters, sort=filters.sort if filters.sort in filters.sorts else ""), ignored


def _parse_flag(text: str) -> bool | None:
    return True if text == ON else None


def _one_of(allowed: tuple[str, ...]) -> Callable[[str], str | None]:
    return lambda text: text if text in allowed else None


def _some_of(allowed: tuple[str, ...]) -> Callable[[str], tuple[str, ...] | None]:
    def parse(text: str) -> tuple[str, ...] | None:
        parts = tuple(dict.fromkeys(text.split(",")))
        return parts if set(parts) <= set(allowed) else None

    return parse


def _number_below(limit: int) -> Callable[[str], int | None]:
    return lambda text: int(text) if re.fullmatch(r"[0-9]{1,10}", text) and int(text) < limit else None


def _parse_ratings(text: str) -> tuple[int, ...] | None:
    ratings = _some_of(tuple(map(str, RATINGS)))(text)
    return None if ratings is None else tuple(map(int, ratings))


def _parse_backlog(text: str) -> str | None:
    part, _, day = text.partition(".")
    try:
        return text if part in BACKLOG_PARTS and datetime.date.fromisoformat(day).isoformat() == day else None
    except ValueError:
        return None


def _parse_channels(text: str) -> tuple[str, ...] | None:
    return tuple(dict.fromkeys(text.split(","))) if re.fullmatch(r"[A-Za-z:,]{1,500}", text) else None


def _parse_label(text: str) -> str | None:
    return text if len(text) <= _MAX_LABEL_LENGTH and text.isprintable() else None


_PARSERS: dict[str, Callable[[str], Any]] = {
    "subject": _one_of(SUBJECTS),
    "any_time": _parse_flag,
    "backlog": _parse_backlog,
    **dict.fromkeys(_FLAGS, _parse_flag),
    "ratings": _parse_ratings,
    "priorities": _some_of(PRIORITIES),
    "channels": _parse_channels,
    "bot": _one_of(BOTS),
    "with_label": _parse_label,
    **dict.fromkeys(("response_over", "resolution_over", "at_least", "below"), _number_below(_MAX_SECONDS)),
    **dict.fromkeys(("weekday_and_hour", "event_hour"), _number_below(_HOURS_OF_WEEK)),
    "sla_policy": _number_below(2**31),
    "sla": _one_of(SLAS),
    "handoff_reason": lambda text: text if re.fullmatch(r"[a-z_]{1,60}", text) else None,
    "nobody": _one_of(NOBODY),
    "sort": _one_of(SORTS),
}
# The name of each condition's parameter in a URL. None is one of the filter bar's.
LIST_FILTER_PARAMETERS = {
    **{field.name: field.name for field in fields(ListFilters)},
    "subject": "of",
    "any_time": "any_time",
    "needs_reply": "waiting",
    "ratings": "rating",
    "priorities": "priority",
    "channels": "channel",
    "weekday_and_hour": "hour_of_week",
    "event_hour": "event_hour_of_week",
    "is_unknown": "unknown",
}
