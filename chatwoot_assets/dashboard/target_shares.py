"""The share of replies and resolutions within their target, shown only where targets are set."""

from __future__ import annotations

from chatwoot_assets.dashboard.cards import Card, point_change
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.dashboard.page_context import PageContext, ratio
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import Column

QUERY = "target_shares"

_TARGETS = ("first_response", "next_reply", "resolution")
_COLUMNS = {target: Column(f"target_{target}", "share", 96) for target in _TARGETS}
# What a share leads to: those that missed their target, which are what is to be looked at.
LISTS = {column.key: ListFilters(subject=f"missed_{target}", sort="longest") for target, column in _COLUMNS.items()}


def target_numbers(shares: Row) -> Row:
    """Return the share within each target, None where no target has ended, and how many missed it.

    Args:
        shares: A row of the query, or {} for none.
    """
    return {
        **{
            column.key: ratio(shares.get(f"{target}_met"), shares.get(f"{target}_ended"))
            for target, column in _COLUMNS.items()
        },
        **{
            f"{column.key}_missed": shares.get(f"{target}_ended", 0) - shares.get(f"{target}_met", 0)
            for target, column in _COLUMNS.items()
        },
    }


def target_columns(total: Row) -> list[Column]:
    """Return the columns of the targets that have a share in the row of everything."""
    return [column for column in _COLUMNS.values() if total[column.key] is not None]


def target_cards(page: PageContext) -> list[Card]:
    """Return a card for each target that has a share in the period."""
    current = target_numbers(page.total(QUERY))
    columns = target_columns(current)
    if not columns:
        return []
    previous = target_numbers(page.total(QUERY, previous=True))
    over_time = page.rows_by("time", QUERY)
    return [
        Card(
            f"card_{column.key}",
            page.format_percent(current[column.key]),
            point_change(current[column.key], previous[column.key], page.language),
            "more",
            [target_numbers(over_time.get(start, {}))[column.key] for start in page.loaded_starts],
            page.list_parameters(LISTS[column.key]),
        )
        for column in columns
    ]
