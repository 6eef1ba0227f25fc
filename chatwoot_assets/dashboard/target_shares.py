"""The share of replies and resolutions within their target, and when they miss it; only where targets are set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from chatwoot_assets.dashboard import charts
from chatwoot_assets.dashboard.axes import show_chart
from chatwoot_assets.dashboard.cards import Card, point_change, show_cards
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


def show_targets(page: PageContext) -> None:
    """Draw the shares, and for each target the weekdays and hours at which replies or resolutions missed it."""
    cards = target_cards(page)
    if not cards:
        return
    with st.container(border=True):
        st.subheader(page.translate("targets"), anchor=False, help=page.translate("help_targets"))
        show_cards(page, cards)
        missed = _missed_by_hour(page)
        for target in _TARGETS:
            if counts := missed.get(target):
                name = page.translate(f"many_missed_{target}")
                st.markdown(f"**{name[0].upper()}{name[1:]}**")
                show_chart(
                    charts.heatmap(
                        page, counts, charts.WEEKDAYS, page.translate("axis_count"), _list_finder(page, target)
                    )
                )


def _missed_by_hour(page: PageContext) -> dict[str, dict[tuple[int, int], float]]:
    missed: dict[str, dict[tuple[int, int], float]] = {}
    for row in page.rows("missed_targets", timezone=page.settings.reporting_timezone.key):
        missed.setdefault(row["target"], {})[row["day_of_week"], row["hour"]] = row["missed"]
    return missed


def _list_finder(page: PageContext, target: str) -> Callable[[int, int], str | None]:
    """Return the function that gives the list of those that missed a target on a weekday in an hour."""
    conditions = LISTS[_COLUMNS[target].key]
    return lambda weekday, hour: page.list_url(replace(conditions, event_hour=24 * weekday + hour))
