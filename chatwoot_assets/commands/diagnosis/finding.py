"""A finding: one thing that was looked at, its state, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from chatwoot_assets.errors import UserError


class State(Enum):
    """How a finding is judged."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """A finding.

    Attributes:
        name: What was looked at, such as "connections of Chatwoot's server".
        state: How it is judged.
        text: What was found, in one line without secrets and personal data; and what to do, unless it is ok.
    """

    name: str
    state: State
    text: str


def judge(name: str, is_ok: bool, text: str, advice: str = "", *, otherwise: State = State.WARNING) -> Finding:
    """Return a finding that is ok, or has advice.

    Args:
        name: What was looked at.
        is_ok: Whether that is as it should be.
        text: What was found.
        advice: What to do if it is not ok.
        otherwise: The state if it is not ok.
    """
    if is_ok:
        return Finding(name, State.OK, text)
    return Finding(name, otherwise, f"{text}; {advice}" if advice else text)


def look(name: str, find: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """Return the findings of a place; if an error ends the search, it is the last finding."""
    findings: list[Finding] = []
    try:
        findings.extend(find())
    except UserError as error:
        findings.append(Finding(name, State.ERROR, str(error)))
    return findings


def judge_connections(name: str, used: int, limit: int) -> Finding:
    """Return the finding about the connections of a server."""
    return judge(
        name,
        used < 0.8 * limit,
        f"{used} of {limit} connections are in use",
        "raise max_connections, or put PgBouncer in between",
    )
