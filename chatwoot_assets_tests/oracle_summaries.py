"""What daily_summary and its materialized view must hold, from the expected conversations."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


Row = dict[str, Any]
SummaryKey = tuple[date, int, int, str]
ViewKey = tuple[date, "str | None", str]


def expected_daily_summary(rows: Mapping[int, Row]) -> dict[SummaryKey, Row]:
    """Return the rows that `daily_summary` must have for these conversations.

    Keys are (conversation_date, account_id, inbox_id, status). A sum over no values is 0, an average NULL.
    """
    groups: dict[SummaryKey, list[Row]] = defaultdict(list)
    for row in rows.values():
        groups[row["conversation_date"], row["account_id"], row["inbox_id"], row["status"]].append(row)
    return {
        key: {"inbox_name": group[0]["inbox_name"], **_counts_and_sums(group), **_averages(group)}
        for key, group in groups.items()
    }


def expected_mvw_daily_summary(rows: Mapping[int, Row]) -> dict[ViewKey, Row]:
    """Return the rows that the view `mvw_daily_summary` must have for these conversations.

    Keys are (conversation_date, inbox_name, status): inboxes with one name are added up, in all accounts, and so are
    those without a name. Averages are over conversations, never over other averages.
    """
    groups: dict[ViewKey, list[Row]] = defaultdict(list)
    for row in rows.values():
        groups[row["conversation_date"], row["inbox_name"], row["status"]].append(row)
    shown = ("total_conversations", "avg_response_time", "total_rated", "avg_rating")
    every = {key: {**_counts_and_sums(group), **_averages(group)} for key, group in groups.items()}
    return {key: {column: row[column] for column in shown} for key, row in every.items()}


def _counts_and_sums(group: list[Row]) -> Row:
    responses, ratings = _responses(group), _present(group, "rating")
    return {
        "total_conversations": len(group),
        "responded_conversations": len(responses),
        "sum_first_response_seconds": math.fsum(responses),
        "total_rated": len(ratings),
        "sum_rating": sum(ratings),
    }


def _averages(group: list[Row]) -> Row:
    return {
        "avg_response_time": _mean(_responses(group)),
        "avg_rating": _mean(_present(group, "rating")),
    }


def _responses(group: list[Row]) -> list[float]:
    """Return the first responses that are not dated before their conversations: those count."""
    return [seconds for seconds in _present(group, "first_response_seconds") if seconds >= 0]


def _present(group: list[Row], column: str) -> list[Any]:
    return [row[column] for row in group if row[column] is not None]


def _mean(values: list[Any]) -> float | None:
    return float(sum(map(Fraction, values)) / len(values)) if values else None
