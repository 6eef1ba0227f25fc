"""Decide when to report a problem: once when it appears, again while it lasts, and once when it is gone."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chatwoot_assets.alerts.problem import Problem

# More lines than these are counted instead of listed.
_MOST_LINES = 20


@dataclass(frozen=True)
class Notice:
    """The last report of a problem.

    Attributes:
        since: When the problem was first seen.
        sent_at: When it was last reported.
        text: The text of that report.
    """

    since: datetime.datetime
    sent_at: datetime.datetime
    text: str


Notices = Mapping[str, Notice]


@dataclass(frozen=True)
class Message:
    """One message about everything that is new.

    Attributes:
        title: Its title.
        body: Its lines.
        is_recovery: Whether it reports only problems that are gone.
    """

    title: str
    body: str
    is_recovery: bool


def decide(
    problems: Iterable[Problem], notices: Notices, now: datetime.datetime, repeat: datetime.timedelta
) -> tuple[Message | None, Notices]:
    """Return the message to send now, or None, and the notices to keep after it.

    Args:
        problems: The problems that exist now.
        notices: The notices of earlier messages, by the problems' keys.
        now: The time.
        repeat: How long after a message about a problem the next one is sent, while the problem lasts.
    """
    current = {problem.key: problem for problem in problems}
    lines: list[str] = []
    after: dict[str, Notice] = {}
    for key, problem in current.items():
        earlier = notices.get(key)
        if earlier is not None and now - earlier.sent_at < repeat:
            after[key] = earlier
            continue
        since = earlier.since if earlier else now
        lines.append(problem.text if earlier is None else f"{problem.text} (since {since:%Y-%m-%d %H:%M} UTC)")
        after[key] = Notice(since, now, problem.text)
    gone = [f"Resolved: {notice.text}" for key, notice in notices.items() if key not in current]
    if not lines and not gone:
        return None, after
    title = f"chatwoot_assets: {len(lines)} problems" if lines else f"chatwoot_assets: {len(gone)} problems resolved"
    title = title.replace(" 1 problems", " 1 problem")
    shown = [*lines, *gone]
    if len(shown) > _MOST_LINES:
        shown = [*shown[:_MOST_LINES], f"and {len(shown) - _MOST_LINES} more"]
    return Message(title, "\n".join(shown), is_recovery=not lines), after


def notices_to_json(notices: Notices) -> str:
    """Return the notices as text."""
    return json.dumps(
        {key: [notice.since.isoformat(), notice.sent_at.isoformat(), notice.text] for key, notice in notices.items()}
    )


def notices_from_json(text: str | None) -> Notices:
    """Return the notices in a text that `notices_to_json` returned; no notices for None."""
    values = json.loads(text) if text else {}
    parse = datetime.datetime.fromisoformat
    return {key: Notice(parse(since), parse(sent_at), line) for key, (since, sent_at, line) in values.items()}
