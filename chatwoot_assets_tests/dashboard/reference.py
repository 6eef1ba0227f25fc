"""A second computation of the dashboard's numbers, in plain Python, from the rows of the tables."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from chatwoot_assets.dashboard.filter_urls import parse_url
from chatwoot_assets.dashboard.filters import Filters

Row = dict[str, Any]
Days = tuple[datetime.date, datetime.date]


@dataclass(frozen=True)
class Tables:
    """Every row that the dashboard reads; conversations are joined with their facts."""

    conversations: list[Row]
    responses: list[Row]
    resolutions: list[Row]
    backlog: list[Row]
    hours: list[Row]
    reopenings: list[Row]
    ratings: list[Row]

    def select(self, url: dict[str, str]) -> Tables:
        """Return the rows that a URL's filters select.

        What an agent did is selected by who did it: responses, resolutions, ratings and messages. Conversations,
        reopenings and the backlog are selected by the agent who is assigned now.
        """
        filters: Filters = parse_url(url)[0]
        of_all_agents = replace(filters, agents=())
        by_id = {row["id"]: row for row in self.conversations if _matches(row, of_all_agents)}
        events = {
            name: [row for row in getattr(self, name) if row["conversation_id"] in by_id]
            for name in ("responses", "resolutions", "reopenings")
        }
        return Tables(
            [row for row in by_id.values() if _is_of(row["assignee_id"], filters)],
            [row for row in events["responses"] if _is_of(row["agent_id"], filters)],
            [row for row in events["resolutions"] if _is_of(row["agent_id"], filters)],
            [row for row in self.backlog if _matches({**row, "assignee_id": row["agent_id"]}, filters)],
            [row for row in self.hours if _matches({**row, "assignee_id": row["agent_id"]}, filters)],
            [row for row in events["reopenings"] if _is_of(by_id[row["conversation_id"]]["assignee_id"], filters)],
            [row for row in self.ratings if row["id"] in by_id and _is_of(row["rating_agent_id"], filters)],
        )

    def started(self, days: Days) -> list[Row]:
        """Return the conversations that started on some days."""
        return _rows_on(self.conversations, "conversation_date", days)

    def numbers(self, days: Days, seconds: str = "seconds") -> Row:
        """Return what happened on some days; None where there is no value.

        Args:
            days: The first and the last day.
            seconds: The column of response times: seconds or business_seconds.
        """
        responses = _rows_on(self.responses, "ended_date", days)
        ratings = [row["rating"] for row in _rows_on(self.ratings, "conversation_date", days)]
        return {
            "conversations": len(self.started(days)),
            "resolved": len(_rows_on(self.resolutions, "resolved_date", days)),
            "reopened": len(_rows_on(self.reopenings, "reopened_date", days)),
            "replies": len(responses),
            "first_response_median": percentile([row[seconds] for row in responses if row["is_first_response"]], 0.5),
            "response_median": percentile([row[seconds] for row in responses], 0.5),
            "response_p90": percentile([row[seconds] for row in responses], 0.9),
            "rated": len(ratings),
            "score": sum(rating >= 4 for rating in ratings) / len(ratings) if ratings else None,
        }

    def backlog_at(self, date: datetime.date, kind: str = "open") -> int:
        """Return how many conversations were in the backlog at the end of a day."""
        return sum(row[kind] for row in self.backlog if row["change_date"] <= date)


def percentile(values: Iterable[float | None], share: float) -> float | None:
    """Return a percentile, interpolated between the two values next to it."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    position = (len(known) - 1) * share
    below = math.floor(position)
    above = min(below + 1, len(known) - 1)
    return float(known[below] + (known[above] - known[below]) * (position - below))


def _has_attributes(row: Row, attributes: tuple[str, ...]) -> bool:
    accepted: dict[str, list[str]] = {}
    for text in attributes:
        name, _, value = text.partition("=")
        accepted.setdefault(name, []).append(value)
    for name, values in accepted.items():
        source, _, key = name.partition(".")
        value = row.get("contact_attributes" if source == "contact" else "custom_attributes", {}).get(key)
        if ("" if value is None else str(value)) not in values:
            return False
    return True


def _matches(row: Row, filters: Filters) -> bool:
    return (
        (not filters.accounts or row["account_id"] in filters.accounts)
        and (not filters.inboxes or row["inbox_id"] in filters.inboxes)
        and (not filters.teams or (row["team_id"] or 0) in filters.teams)
        and _is_of(row["assignee_id"], filters)
        and (not filters.statuses or row.get("status") in filters.statuses)
        and (not filters.labels or bool(set(filters.labels) & set(row.get("labels", []))))
        and (not filters.attributes or _has_attributes(row, filters.attributes))
    )


def _is_of(agent: int | None, filters: Filters) -> bool:
    return not filters.agents or (agent or 0) in filters.agents


def _rows_on(rows: list[Row], column: str, days: Days) -> list[Row]:
    return [row for row in rows if row[column] is not None and days[0] <= row[column] <= days[1]]


def format_percent(value: float | None) -> str:
    """Return a share as the English dashboard writes it."""
    return "—" if value is None else f"{round(100 * value + 0.0, 1):.1f}%"


def format_duration(seconds: float | None) -> str:
    """Return a duration of less than a day as the dashboard writes it."""
    if seconds is None:
        return "—"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min" if minutes else f"{hours} h"
    if minutes:
        return f"{minutes} min {rest:02} s" if rest else f"{minutes} min"
    return f"{rest} s"


def format_change(current: float | None, previous: float | None) -> str:
    """Return a change as the English dashboard writes it."""
    return "" if current is None or not previous else f"{100 * (current / previous - 1):+.1f}%"


def format_points(current: float | None, previous: float | None) -> str:
    """Return a change of a share as the English dashboard writes it."""
    return "" if current is None or previous is None else f"{100 * (current - previous):+.1f} pp"


def compared_cells(row: Any) -> list[float]:  # noqa: ANN401  # a row of a table, or of the reference
    """Return what a row of a group shows, rounded; -1 where it shows nothing."""
    keys = (
        "conversations", "resolved", "reopened", "replies", "first_response_median", "response_median",
        "response_p90", "rated", "score",
    )  # fmt: skip
    return [-1.0 if row[key] is None or pd.isna(row[key]) else round(float(row[key]), 6) for key in keys]
