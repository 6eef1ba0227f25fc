"""Two of Chatwoot's reports on the conversations that started in the period: by channel and status, by inbox and label.

Both count as Chatwoot does: each conversation by the status and the labels that it has now.
"""

from __future__ import annotations

from collections import Counter

import streamlit as st

from chatwoot_assets.dashboard.group_lists import name_columns, of_label
from chatwoot_assets.dashboard.groupings import INBOXES
from chatwoot_assets.dashboard.list_filters import ALL_CONVERSATIONS
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import Column, show_table

_QUERY = "new_conversations"
_STATUSES = ("open", "resolved", "pending", "snoozed")  # in the order of Chatwoot's report
_MAX_INBOXES = 10
_MAX_LABELS = 10


def show_channel_summary(page: PageContext) -> None:
    """Draw a table with a row per channel and a column per status; nothing if no conversation started."""
    rows = channel_rows(page)
    if not rows:
        return
    columns = [
        Column("channel", "text", 150),
        *(Column(status, "count", 95, title=page.translate_term("status", status)) for status in _STATUSES),
        Column("conversations", "count", 95, title=page.translate("total")),
    ]

    def find(row: Row, column: str) -> dict[str, str] | None:
        if column == "channel" or not row[column]:
            return None
        filters = {"inboxes": row["inboxes"]} if row["inboxes"] else {}
        if column in _STATUSES:
            filters["statuses"] = (column,)
        return page.list_parameters(filters=filters)

    with st.container(border=True):
        st.subheader(page.translate("channel_summary"), anchor=False)
        st.caption(page.translate("channel_summary_caption"))
        show_table(page, rows, columns, "channel_summary", find)


def channel_rows(page: PageContext) -> list[Row]:
    """Return the total and a row per channel, the largest first, with the `inboxes` whose conversations it counts."""
    counts: dict[str, Counter[str]] = {}
    inboxes: dict[str, set[int]] = {}
    for row in page.rows(_QUERY, dimension="inbox_status"):
        channel = page.options.channels.get(row["group_id"], "")
        counts.setdefault(channel, Counter())[row["group_name"]] += row["conversations"]
        inboxes.setdefault(channel, set()).add(row["group_id"])
    if not counts:
        return []
    ordered = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    total = _channel_row(page.translate("total"), sum(counts.values(), Counter()), ())
    return [total, *(_channel_row(page.channel_name(key), by, tuple(sorted(inboxes[key]))) for key, by in ordered)]


def _channel_row(name: str, counts: Counter[str], inboxes: tuple[int, ...]) -> Row:
    numbers = {status: counts[status] for status in _STATUSES}
    return {"channel": name, "inboxes": inboxes, **numbers, "conversations": counts.total()}


def show_label_matrix(page: PageContext) -> None:
    """Draw a table with a row per inbox and a column per label, the most frequent ones; nothing without labels."""
    counts: dict[tuple[int, str], int] = {
        (row["group_id"], row["group_name"]): row["conversations"]
        for row in page.rows(_QUERY, dimension="inbox_label")
        if row["group_name"]
    }
    if not counts:
        return
    by_label: Counter[str] = Counter()
    for (_, label), count in counts.items():
        by_label[label] += count
    of_inboxes = {key: row["conversations"] for key, row in page.rows_by("inbox", _QUERY).items()}
    inboxes = sorted(of_inboxes, key=lambda key: (-of_inboxes[key], key))
    labels = sorted(by_label, key=lambda label: (-by_label[label], label))
    shown = {f"label_{number}": label for number, label in enumerate(labels[:_MAX_LABELS])}
    rows: list[Row] = [
        {
            "key": key,
            "name": INBOXES.name(page, key),
            "account": INBOXES.account(page, key),
            "conversations": of_inboxes[key],
            **{column: counts.get((key, label), 0) for column, label in shown.items()},
        }
        for key in inboxes[:_MAX_INBOXES]
    ]
    columns = [
        *name_columns(page, INBOXES, 132),
        Column("conversations", "count", 68),
        *(Column(column, "count", 85, title=label) for column, label in shown.items()),
    ]

    def find(row: Row, column: str) -> dict[str, str] | None:
        if column == "account" or not row[column]:
            return None
        conditions = of_label(ALL_CONVERSATIONS, shown[column]) if column in shown else ALL_CONVERSATIONS
        return page.list_parameters(conditions, filters={"inboxes": (row["key"],)})

    with st.container(border=True):
        st.subheader(page.translate("label_matrix"), anchor=False)
        st.caption(page.translate("label_matrix_caption"))
        for cut, number, limit in (("inboxes", len(inboxes), _MAX_INBOXES), ("labels", len(labels), _MAX_LABELS)):
            if number > limit:
                numbers = {"count": page.format_number(limit), "total": page.format_number(number)}
                st.caption(page.translate(f"label_matrix_cut_{cut}", **numbers))
        show_table(page, rows, columns, "label_matrix", find)
