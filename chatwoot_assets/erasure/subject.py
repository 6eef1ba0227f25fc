"""Whose erasure is asked about, and what was found of it: kinds, days and counts, nothing personal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# The kinds of rows, as the queries of `sql/erasure/` name them too.
CONVERSATIONS_KIND = "conversations"
MESSAGES_KIND = "messages"
RATINGS_KIND = "ratings"
EVENTS_KIND = "events"


@dataclass(frozen=True)
class Subject:
    """A contact or a conversation, by Chatwoot's id."""

    kind: Literal["contact", "conversation"]
    id: int

    def __str__(self) -> str:
        """Return what messages call it."""
        return f"{self.kind} {self.id}"


@dataclass(frozen=True)
class Found:
    """Rows of one kind in which something of the subject is.

    Attributes:
        kind: the kind of row.
        rows: how many rows, by the day of their conversation, `YYYY-MM-DD`.
    """

    kind: str
    rows: dict[str, int]


def add_up(rows: list[tuple[str, str, int]]) -> list[Found]:
    """Return what was found, kind by kind, of rows of kind, day and count."""
    by_kind: dict[str, dict[str, int]] = {}
    for kind, day, count in rows:
        days = by_kind.setdefault(kind, {})
        days[day] = days.get(day, 0) + count
    return [Found(kind, dict(sorted(by_kind[kind].items()))) for kind in sorted(by_kind)]
