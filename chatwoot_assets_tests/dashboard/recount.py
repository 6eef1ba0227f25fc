"""The dashboard's numbers a second time, in plain Python, from the rows of the tables."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chatwoot_assets.dashboard.filters import Filters, from_url

Row = dict[str, Any]
Days = tuple[datetime.date, datetime.date]


@dataclass(frozen=True)
class Tables:
    """Every row of what the dashboard reads, of conversas_analytics with the facts beside."""

    conversations: list[Row]
    waits: list[Row]
    resolutions: list[Row]
    backlog: list[Row]
    hours: list[Row]

    def chosen(self, url: dict[str, str]) -> Tables:
        """Return what is of the conversations that a URL's filters choose; hours of messages by their own columns."""
        filters: Filters = from_url(url)[0]
        fitting = [row for row in self.conversations if _fits(row, filters)]
        ids = {row["id"] for row in fitting}
        return Tables(
            fitting,
            [row for row in self.waits if row["conversation_id"] in ids],
            [row for row in self.resolutions if row["conversation_id"] in ids],
            [row for row in self.backlog if _fits({**row, "assignee_id": row["agent_id"]}, filters)],
            [row for row in self.hours if _fits({**row, "assignee_id": row["agent_id"]}, filters)],
        )

    def began(self, days: Days) -> list[Row]:
        """Return the conversations that began in some days."""
        return _dated(self.conversations, "conversation_date", days)

    def numbers(self, days: Days, clock: str = "seconds") -> Row:
        """Return what happened in some days; None for what there is none of."""
        began = self.began(days)
        waits = _dated(self.waits, "ended_date", days)
        ratings = [row["rating"] for row in began if row["rating"] is not None]
        return {
            "conversations": len(began),
            "resolved": len(_dated(self.resolutions, "resolved_date", days)),
            "reopened": len(_dated(self.resolutions, "reopened_date", days)),
            "responses": len(waits),
            "median_first_response": percentile([row[clock] for row in waits if row["is_first_response"]], 0.5),
            "median_reply": percentile([row[clock] for row in waits], 0.5),
            "ninetieth_reply": percentile([row[clock] for row in waits], 0.9),
            "rated": len(ratings),
            "score": sum(rating >= 4 for rating in ratings) / len(ratings) if ratings else None,
        }

    def waiting(self, date: datetime.date, kind: str = "open") -> int:
        """Return how many were waiting at the end of a day."""
        return sum(row[kind] for row in self.backlog if row["change_date"] <= date)


def percentile(values: Iterable[float | None], share: float) -> float | None:
    """Return a percentile, between two values where it lies between them."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    place = (len(known) - 1) * share
    below = math.floor(place)
    above = min(below + 1, len(known) - 1)
    return float(known[below] + (known[above] - known[below]) * (place - below))


def _fits(row: Row, filters: Filters) -> bool:
    return (
        (not filters.accounts or row["account_id"] in filters.accounts)
        and (not filters.inboxes or row["inbox_id"] in filters.inboxes)
        and (not filters.teams or (row["team_id"] or 0) in filters.teams)
        and (not filters.agents or (row["assignee_id"] or 0) in filters.agents)
        and (not filters.statuses or row.get("status") in filters.statuses)
        and (not filters.labels or bool(set(filters.labels) & set(row.get("labels", []))))
    )


def _dated(rows: list[Row], column: str, days: Days) -> list[Row]:
    return [row for row in rows if row[column] is not None and days[0] <= row[column] <= days[1]]


def percent(value: float | None) -> str:
    """Return a share as the English dashboard writes it."""
    return "—" if value is None else f"{round(100 * value + 0.0, 1):.1f}%"


def duration(seconds: float | None) -> str:
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


def relative(now: float | None, before: float | None) -> str:
    """Return a change as the English dashboard writes it."""
    return "" if now is None or not before else f"{100 * (now / before - 1):+.1f}%"


def points(now: float | None, before: float | None) -> str:
    """Return a change of a share as the English dashboard writes it."""
    return "" if now is None or before is None else f"{100 * (now - before):+.1f} pp"
