"""What the server of the assistant may read."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from chatwoot_assets.assistant.numbers import Numbers


@dataclass(frozen=True)
class Access:
    """What the server may read.

    Attributes:
        numbers: The metrics.
        url: Returns the URL of the warehouse, for queries in SQL.
        zone: The reporting time zone.
        sql: Whether queries in SQL are answered.
        personal: Whether names of contacts and contents of messages may be read.
    """

    numbers: Numbers
    url: Callable[[], str]
    zone: datetime.tzinfo
    sql: bool
    personal: bool
