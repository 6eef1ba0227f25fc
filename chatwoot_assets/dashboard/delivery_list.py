"""The list of deliveries that every number about campaigns leads to: its rows and pages.

Contacts are shown only where the dashboard shows names and contents.
"""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard.conversation_list import ROWS_PER_PAGE, show_page_buttons
from chatwoot_assets.dashboard.delivery_filters import DELIVERY_PARAMETERS, DeliveryFilters
from chatwoot_assets.dashboard.filter_urls import LANGUAGE
from chatwoot_assets.dashboard.layout import CONVERSATION, LIST_PAGE
from chatwoot_assets.dashboard.numbers import parse_number
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import Column, fitting_columns, show_table

# So many are downloaded at once, each with the latest conversation of its contact.
_MAX_DELIVERIES = 50_000
_CONTACT = Column("contact_name", "text", 145)
_COLUMNS = [
    Column("campaign", "text", 145),
    Column("inbox", "text", 110),
    Column("delivery_status", "text", 90),
    Column("error_code", "text", 105),
    *(Column(name, "instant", 122) for name in ("sent_at", "delivered_at", "read_at", "failed_at")),
    Column("link", "link", 40),
]


def show_deliveries(page: PageContext, filters: DeliveryFilters) -> None:
    """Draw the list and the button that leads back to the campaigns.

    Args:
        page: The context of the page, with the filters that apply to campaigns.
        filters: What is listed.
    """
    if st.button(page.translate("back_to_campaigns"), icon=":material/arrow_back:", key="back_to_campaigns"):
        for name in (*DELIVERY_PARAMETERS, LIST_PAGE):
            st.query_params.pop(name, None)
        st.rerun()
    if filters.is_unknown:
        st.warning(page.translate("unknown_deliveries"), icon=":material/warning:")
        return
    values = {**filters.query_parameters(), "timezone": page.settings.reporting_timezone.key}
    total: int = page.fresh_rows("campaign_deliveries_count", **values)[0]["total"]
    if not total:
        st.info(page.translate("empty_deliveries"), icon=":material/info:")
        return
    last_page = -(-total // ROWS_PER_PAGE)
    number = min(parse_number(st.query_params.get(LIST_PAGE), 2**31) or 1, last_page)

    def read(rows_per_page: int, rows_before: int) -> list[Row]:
        paging = {"rows_per_page": rows_per_page, "rows_before": rows_before}
        return _add_names(page, page.fresh_rows("campaign_deliveries", **values, **paging))

    rows = read(ROWS_PER_PAGE, (number - 1) * ROWS_PER_PAGE)
    first = (number - 1) * ROWS_PER_PAGE + 1
    counts = {"first": first, "last": first + len(rows) - 1, "total": total}
    st.subheader(page.translate(f"deliveries_{filters.state}"), anchor=False)
    st.markdown(page.translate("deliveries_shown", **{key: page.format_number(count) for key, count in counts.items()}))
    columns = fitting_columns(page, [_CONTACT, *_COLUMNS] if page.settings.dashboard_conversations else _COLUMNS)
    limit = page.translate("download_too_large", count=page.format_number(_MAX_DELIVERIES))
    show_table(
        page,
        rows,
        columns,
        "campaign_deliveries",
        download=lambda: read(total, 0),
        refusal=limit if total > _MAX_DELIVERIES else None,
    )
    show_page_buttons(page, number, last_page)


def _add_names(page: PageContext, rows: list[Row]) -> list[Row]:
    """Return rows of the list with displayed names for ids, and with contacts where these are shown."""
    contacts: dict[int, Row] = {}
    if page.settings.dashboard_conversations:
        found = page.personal_rows("campaign_contacts", delivery_ids=[row["delivery_id"] for row in rows])
        contacts = {row["delivery_id"]: row for row in found}
    return [
        {
            **row,
            "campaign": row["title"] or page.translate("campaign_without_title"),
            "inbox": page.options.name("inboxes", row["inbox_id"]),
            "delivery_status": page.translate_term("delivery", row["delivery_status"] or "unknown"),
            **_describe_contact(page, contacts.get(row["delivery_id"])),
        }
        for row in rows
    ]


def _describe_contact(page: PageContext, row: Row | None) -> Row:
    """Return the contact of a delivery, and the address of its latest conversation."""
    if row is None:
        return {"contact_name": None, "link": None}
    name = row["contact_name"]
    if not name and row["contact_id"] is not None:
        name = page.translate("contact_with_number", number=row["contact_id"])
    link = f"conversations?{CONVERSATION}={row['id']}&{LANGUAGE}={page.language}" if row["id"] is not None else None
    return {"contact_name": name, "link": link}
