"""A problem to report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """A problem.

    Attributes:
        key: Identifies it, and stays the same while it lasts.
        text: One line for people, with ids, numbers and links, but without personal data.
    """

    key: str
    text: str
