"""Campaigns: to how many contacts each was sent, what became of that, and why deliveries failed.

Campaigns belong to an account and an inbox, and to no conversation. The page exists only where there are some.
"""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard.cards import Card, point_change, relative_change, show_cards, show_change_caption
from chatwoot_assets.dashboard.delivery_filters import DeliveryFilters, parse_delivery_url
from chatwoot_assets.dashboard.delivery_list import show_deliveries
from chatwoot_assets.dashboard.filter_urls import LANGUAGE, format_url
from chatwoot_assets.dashboard.page_context import PageContext, ratio
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import CellList, Column, fitting_columns, show_table

STATE_QUERY = "campaign_state"
_NOT_OF_CAMPAIGNS = ("teams", "agents", "statuses", "labels", "attributes")
_COUNTS = ("contacts", "sent", "delivered", "read", "failed")
# Each share of those to whom a campaign was sent, with what it counts.
_SHARES = {"delivered_share": "delivered", "read_share": "read", "failed_share": "failed"}
_COLUMNS = [
    Column("campaign", "text", 140),
    Column("account", "text", 80),
    Column("inbox", "text", 90),
    Column("began_at", "instant", 122),
    Column("contacts", "count", 70),
    Column("sent", "count", 70),
    Column("delivered", "count", 75),
    Column("delivered_share", "share", 92),
    Column("read", "count", 55),
    Column("read_share", "share", 62),
    Column("failed", "count", 75),
    Column("failed_share", "share", 92),
]
_ERROR_COLUMNS = [
    Column("error_code", "text", 200),
    Column("failed", "count", 120),
    Column("share_of_failed", "share", 160),
    Column("campaigns", "count", 120),
]


def show(page: PageContext) -> None:
    """Draw the list that the URL asks for, or the campaigns."""
    if not page.filters.has_only("accounts", "inboxes"):
        st.caption(page.translate("campaigns_not_filtered"))
    page = page.without_filters(*_NOT_OF_CAMPAIGNS)
    filters = parse_delivery_url(st.query_params)
    if filters is not None:
        show_deliveries(page, filters)
        return
    parameters = {
        "timezone": page.settings.reporting_timezone.key,
        "version": page.fresh_rows(STATE_QUERY)[0]["version"],
    }
    campaigns = page.rows("campaigns", **parameters)
    total = _add_up(campaigns)
    previous = _add_up(page.previous_rows("campaigns", **parameters))
    show_cards(page, _build_cards(page, total, previous if page.is_comparable else {}))
    show_change_caption(page)
    if not campaigns:
        st.info(page.translate("empty_campaigns"), icon=":material/info:")
        return
    _show_campaigns(page, campaigns, total)
    if total["failed"]:
        _show_errors(
            page,
            page.rows("campaign_errors", **parameters, **DeliveryFilters().query_parameters()),
            total["failed"],
        )


def _add_up(campaigns: list[Row]) -> Row:
    """Return the numbers of campaigns together, of which those without a record of deliveries have none."""
    recorded = [row for row in campaigns if row["is_recorded"]]
    total = {key: sum(row[key] for row in recorded) for key in _COUNTS}
    return {**_with_shares(total), "campaigns": len(campaigns)}


def _with_shares(row: Row) -> Row:
    return {**row, **{share: ratio(row[count], row["sent"]) for share, count in _SHARES.items()}}


def _build_cards(page: PageContext, current: Row, previous: Row) -> list[Card]:
    def count(key: str, state: str | None) -> Card:
        change = relative_change(current[key], previous.get(key), page.language)
        deliveries = None if state is None else _list_parameters(page, DeliveryFilters(state))
        return Card(f"card_campaign_{key}", page.format_number(current[key]), change, "neither",
                    conversations=deliveries, link="show_deliveries")  # fmt: skip

    def share(key: str) -> Card:
        change = point_change(current[key], previous.get(key), page.language)
        deliveries = _list_parameters(page, DeliveryFilters(_SHARES[key]))
        return Card(f"card_campaign_{key}", page.format_percent(current[key]), change,
                    "less" if key == "failed_share" else "more", conversations=deliveries,
                    link="show_deliveries")  # fmt: skip

    return [count("campaigns", None), count("contacts", "all"), count("sent", "sent"), *map(share, _SHARES)]


def _show_campaigns(page: PageContext, campaigns: list[Row], total: Row) -> None:
    unknown = dict.fromkeys((*_COUNTS, *_SHARES))
    named = [
        {
            **(_with_shares(row) if row["is_recorded"] else {**row, **unknown}),
            "campaign": row["title"] or page.translate("campaign_without_title"),
            "account": page.options.name("accounts", row["account_id"]),
            "inbox": page.options.name("inboxes", row["inbox_id"]),
        }
        for row in campaigns
    ]
    first = {**total, "campaign": page.translate("total"), "account": None, "inbox": None, "began_at": None}
    with st.container(border=True):
        st.subheader(page.translate("page_campaigns"), anchor=False, help=page.translate("help_campaigns"))
        st.caption(page.translate("campaigns_caption"))
        show_table(page, [first, *named], fitting_columns(page, _COLUMNS), "campaigns", _list_of_cell(page))
        if not all(row["is_recorded"] for row in campaigns):
            st.caption(page.translate("campaigns_not_recorded"))


def _list_of_cell(page: PageContext) -> CellList:
    """Return the function that gives the list of a cell of the table of campaigns."""
    states = {"campaign": "all", "contacts": "all", "sent": "sent", **{key: key for key in _SHARES.values()}, **_SHARES}

    def find(row: Row, column: str) -> dict[str, str] | None:
        if column not in states or not row["contacts"] or not row[column]:
            return None
        return _list_parameters(page, DeliveryFilters(states[column], row.get("campaign_id")))

    return find


def _show_errors(page: PageContext, errors: list[Row], failed: int) -> None:
    rows = [
        {
            **row,
            "key": row["error_code"],
            "error_code": row["error_code"] or page.translate("error_without_code"),
            "share_of_failed": ratio(row["failed"], failed),
        }
        for row in errors
    ]

    def find(row: Row, column: str) -> dict[str, str] | None:
        if column == "campaigns":
            return None
        state = "failed" if row["key"] else "failed_without_code"
        return _list_parameters(page, DeliveryFilters(state, error_code=row["key"]))

    with st.container(border=True):
        st.subheader(page.translate("campaign_errors"), anchor=False, help=page.translate("help_campaign_errors"))
        show_table(page, rows, _ERROR_COLUMNS, "campaign_errors", find)


def _list_parameters(page: PageContext, filters: DeliveryFilters) -> dict[str, str]:
    """Return the URL parameters of this page's list of deliveries."""
    return {**format_url(page.selected_filters), **filters.to_url(), LANGUAGE: page.language}
