"""Chatwoot's SLAs: hit rate, misses and a list of these. A section of the overview, only where SLAs were applied."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard.filter_urls import LANGUAGE
from chatwoot_assets.dashboard.layout import CONVERSATION
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.dashboard.page_context import PageContext, ratio
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import CellList, Column, fitting_columns, show_table

_MAX_MISSES = 50
_COUNTS = ("applied", "missed", "running", "first_response_missed", "next_response_missed", "resolution_missed")
_COLUMNS = [
    Column("policy", "text", 150),
    Column("account", "text", 110),
    Column("applied", "count", 85),
    Column("hit_rate", "share", 90),
    Column("missed", "count", 80),
    Column("running", "count", 85),
    Column("first_response_missed", "count", 140),
    Column("next_response_missed", "count", 140),
    Column("resolution_missed", "count", 140),
]
_MISS_COLUMNS = [
    Column("applied_at", "instant", 135),
    Column("policy", "text", 160),
    Column("account", "text", 110),
    Column("inbox", "text", 175),
    Column("agent", "text", 145),
    Column("first_response_missed_at", "instant", 135),
    Column("next_response_misses", "count", 110),
    Column("resolution_missed_at", "instant", 135),
    Column("link", "link", 40),
]


def show_slas(page: PageContext) -> None:
    """Draw the section, or nothing if no SLA was applied in the period."""
    policies = page.rows("slas")
    if not policies:
        return
    total = {name: sum(row[name] for row in policies) for name in _COUNTS}
    named = [
        {**row, "policy": _policy_name(page, row), "account": page.options.name("accounts", row["account_id"])}
        for row in policies
    ]
    rows = [{**total, "policy": page.translate("total"), "account": None}, *named]
    columns = fitting_columns(page, _COLUMNS)
    with st.container(border=True):
        st.subheader(page.translate("slas"), anchor=False, help=page.translate("help_slas"))
        show_table(page, [{**row, "hit_rate": hit_rate(row)} for row in rows], columns, "slas", _list_of_cell(page))
        if total["missed"]:
            with st.expander(page.translate("sla_misses")):
                _show_misses(page, total["missed"])


def _list_of_cell(page: PageContext) -> CellList:
    """Return the function that gives the list of a cell: of SLAs, for the hit rate of those that were missed."""

    def find(row: Row, column: str) -> dict[str, str] | None:
        state = {"policy": "", "applied": "", "hit_rate": "missed"}.get(column, column)
        if column == "account" or not row[column] or ("sla_policy_id" in row and row["sla_policy_id"] is None):
            return None
        conditions = ListFilters(subject="slas", sla=state, sla_policy=row.get("sla_policy_id"))
        return page.list_parameters(
            conditions, filters={"accounts": (row["account_id"],)} if "account_id" in row else None
        )

    return find


def hit_rate(row: Row) -> float | None:
    """Return the hit rate of Chatwoot's SLA report: the share of the applied SLAs without a miss."""
    return ratio(row["applied"] - row["missed"], row["applied"])


def _show_misses(page: PageContext, count: int) -> None:
    rows = page.rows("sla_misses", rows_per_page=_MAX_MISSES, rows_before=0)
    for row in rows:
        row["policy"] = _policy_name(page, row)
        row["account"] = page.options.name("accounts", row["account_id"])
        row["inbox"] = page.options.name("inboxes", row["inbox_id"])
        row["agent"] = page.options.name("agents", row["assignee_id"])
        row["link"] = f"conversations?{CONVERSATION}={row['id']}&{LANGUAGE}={page.language}"
    if count > len(rows):
        st.caption(page.translate("sla_misses_shown", count=page.format_number(len(rows))))
    show_table(page, rows, fitting_columns(page, _MISS_COLUMNS), "sla_misses")


def _policy_name(page: PageContext, row: Row) -> str:
    return row["policy_name"] or page.translate("sla_without_name")
