"""The list of conversations behind each live count. It does not depend on the selected period."""

from __future__ import annotations

from typing import Any

from chatwoot_assets.dashboard.filters import UNASSIGNED
from chatwoot_assets.dashboard.list_filters import LONGEST_WAIT, ListFilters
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row

COUNTS = ("open", "unattended", "unassigned", "needs_reply", "pending", "snoozed")
# The count whose list also has the longest wait.
WAITS = "needs_reply"


def list_of_count(page: PageContext, count: str, **filters: tuple[Any, ...]) -> dict[str, str] | None:
    """Return the URL parameters of the list of a live count.

    Args:
        page: The context of the page.
        count: One of COUNTS.
        filters: Values of the filter bar that differ from the selected ones, such as the agent of a row.

    Returns:
        The parameters; None if there is no list, or if the filters exclude everything that is counted.
    """
    if count == "unattended":
        return page.list_parameters(ListFilters(unattended=True), filters=filters)
    if count == WAITS:
        return page.list_parameters(ListFilters(needs_reply=True), filters=filters)
    status = "open" if count == "unassigned" else count
    selected = {"statuses": page.filters.statuses, "agents": page.filters.agents, **filters}
    wanted: dict[str, tuple[Any, ...]] = {**filters, "statuses": (status,)}
    if count == "unassigned":
        wanted["agents"] = (UNASSIGNED,)
    if any(
        selected[name] and wanted[name][0] not in selected[name] for name in ("statuses", "agents") if name in wanted
    ):
        return None
    sort = LONGEST_WAIT if status == "open" else ""
    return page.list_parameters(ListFilters(any_time=True, sort=sort), filters=wanted)


def list_of_backlog(page: PageContext, row: Row, part: str) -> dict[str, str] | None:
    """Return the list of a part of the backlog at the end of a day; None if nothing was in it, or it is not known."""
    return page.list_parameters(ListFilters(backlog=f"{part}.{row['backlog_date']}")) if row.get(part) else None
