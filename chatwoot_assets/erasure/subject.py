"""The contact or conversation that is searched for, and the rows that were found: no personal data."""

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
        """Return its name in messages."""
        return f"{self.kind} {self.id}"


@dataclass(frozen=True)
class Found:
    """The rows of one kind that contain data of the subject.

    Attributes:
        kind: The kind of row.
        rows: The number of rows by the day of their conversation, `YYYY-MM-DD`.
    """

    kind: str
    rows: dict[str, int]


def add_up(rows: list[tuple[str, str, int]]) -> list[Found]:
    """Return the sums of (kind, day, count) by kind and day."""
    by_kind: dict[str, dict[str, int]] = {}
    for kind, day, count in rows:
        days = by_kind.setdefault(kind, {})
        days[day] = days.get(day, 0) + count
    return [Found(kind, dict(sorted(by_kind[kind].items()))) for kind in sorted(by_kind)]
