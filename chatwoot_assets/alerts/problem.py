"""A problem to report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """A problem.

    Attributes:
        key: Tells it from every other, and stays the same while it lasts.
        text: One line for people: ids, numbers and links, nothing personal.
    """

    key: str
    text: str
