"""The setting ALERTS: which problems are reported, and how often.

The addresses are not here: they hold secrets, and are in ALERT_URLS.
"""

from __future__ import annotations

import datetime
import functools
from dataclasses import dataclass

from chatwoot_assets.settings_tables import Table, check_keys, parse_table, refuse

_EXAMPLE = '{"waiting_hours": 4, "backlog": 200, "volume": true}'
_KEYS = ("waiting_hours", "backlog", "volume", "repeat_hours")


@dataclass(frozen=True)
class AlertRules:
    """What is reported besides failed runs, failed checks and stale data, and how often.

    Attributes:
        waiting: A contact that has waited for a reply for longer is a problem; None for no such rule.
        backlog: An account with more open conversations is a problem; None for no such rule.
        volume: Whether an hour with far more or fewer messages from contacts than usual is a problem.
        repeat: How long after one message about a problem the next one is sent, while the problem lasts.
    """

    waiting: datetime.timedelta | None = None
    backlog: int | None = None
    volume: bool = False
    repeat: datetime.timedelta = datetime.timedelta(hours=24)


@functools.lru_cache(maxsize=16)
def parse_alert_rules(text: str) -> AlertRules:
    """Return the rules that the setting's text holds, a JSON object.

    Raises:
        ValueError: It is not accepted. The message completes a sentence that begins with the setting's name.
    """
    table = parse_table(text, _EXAMPLE)
    check_keys(table, _KEYS)
    volume = table.get("volume", False)
    if not isinstance(volume, bool):
        raise refuse("volume", volume, "are true and false")
    backlog = table.get("backlog")
    if backlog is not None and (isinstance(backlog, bool) or not isinstance(backlog, int) or backlog < 1):
        raise refuse("backlog", backlog, "is a whole number of conversations from 1")
    repeat = _parse_hours(table, "repeat_hours") or AlertRules.repeat
    return AlertRules(_parse_hours(table, "waiting_hours"), backlog, volume, repeat)


def _parse_hours(table: Table, key: str) -> datetime.timedelta | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 10_000:
        raise refuse(key, value, "is a number of hours above 0, such as 4 or 0.5")
    return datetime.timedelta(hours=value)
