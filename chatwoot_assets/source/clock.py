"""The difference between this machine's clock and that of the source's server."""

from __future__ import annotations

import datetime

# A smaller difference may come from the network and the measurement.
LARGEST_SKEW = datetime.timedelta(minutes=1)


def skew_warning(skew: datetime.timedelta) -> str | None:
    """Return a warning about a difference, or None if it is small.

    Args:
        skew: The source's clock minus this machine's.
    """
    if abs(skew) <= LARGEST_SKEW:
        return None
    seconds = abs(skew.total_seconds())
    amount = f"{seconds:,.0f} seconds" if seconds < 3600 else f"{seconds / 3600:,.1f} hours"
    side = "behind" if skew > datetime.timedelta(0) else "ahead of"
    return (
        f"this machine's clock is {amount} {side} that of Chatwoot's server: today's partition, ages and freshness are"
        " wrong until both are set by NTP"
    )
