"""How first responses and resolutions are spread over their durations, in all and by channel."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from chatwoot_assets.dashboard import charts, formats
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.dashboard.page_context import PageContext, format_list_url
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import CellList, Column, show_table

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
# The seconds at which the buckets of each subject begin, but the first.
EDGES = {
    "first_responses": (_MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 4 * _HOUR, _DAY),
    "resolved_episodes": (15 * _MINUTE, _HOUR, 4 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY),
}

# The number of each bucket, by channel; "" stands for inboxes of an unknown channel.
Amounts = dict[str, Counter[int]]


def show(page: PageContext) -> None:
    """Draw the page."""
    amounts = {subject: _count(page, subject) for subject in EDGES}
    if not any(amounts.values()):
        st.info(page.translate("empty_period"), icon=":material/info:")
        return
    if page.filters.business_hours:
        st.caption(page.translate("distribution_business_hours"))
    for subject, of_subject in amounts.items():
        with st.container(border=True):
            heading, help_text = (
                page.translate(f"distribution_{subject}"),
                page.translate(f"help_distribution_{subject}"),
            )
            st.subheader(heading, anchor=False, help=help_text)
            if of_subject:
                _show_bars(page, subject, of_subject)
                _show_channels(page, subject, of_subject)
            else:
                st.caption(page.translate("empty_measure"))


def _count(page: PageContext, subject: str) -> Amounts:
    amounts: Amounts = {}
    for row in page.rows("distribution", subject=subject, edges=list(EDGES[subject])):
        channel = page.options.channels.get(row["inbox_id"], "")
        amounts.setdefault(channel, Counter())[row["bucket"]] += row["amount"]
    return amounts


def _show_bars(page: PageContext, subject: str, amounts: Amounts) -> None:
    total = sum(amounts.values(), Counter())
    whole = total.total()
    bars = [
        charts.Bar(
            _bucket_name(page, subject, bucket),
            total[bucket],
            f"{page.format_number(total[bucket])} ({page.format_percent(total[bucket] / whole)})",
            format_list_url(_list_of_bucket(page, subject, bucket)) if total[bucket] else None,
        )
        for bucket in range(len(EDGES[subject]) + 1)
    ]
    st.altair_chart(charts.bars(page, bars, page.translate("axis_count")))


def _show_channels(page: PageContext, subject: str, amounts: Amounts) -> None:
    """Draw a table with a row per channel and a column per bucket."""
    buckets = range(len(EDGES[subject]) + 1)
    columns = [
        Column("channel", "text", 150),
        *(Column(f"bucket_{bucket}", "count", 105, title=_bucket_name(page, subject, bucket)) for bucket in buckets),
    ]
    rows: list[Row] = [
        {
            "channel": channel or page.translate("unknown_channel"),
            "inboxes": _inboxes_of(page, channel),
            **{f"bucket_{bucket}": counts[bucket] for bucket in buckets},
        }
        for channel, counts in sorted(amounts.items(), key=lambda item: (-item[1].total(), item[0]))
    ]
    show_table(page, rows, columns, f"distribution_{subject}", _list_of_cell(page, subject))


def _inboxes_of(page: PageContext, channel: str) -> tuple[int, ...]:
    """Return the selected inboxes of a channel."""
    selected = page.filters.inboxes
    return tuple(
        id_ for id_, name in page.options.channels.items() if name == channel and (not selected or id_ in selected)
    )


def _list_of_cell(page: PageContext, subject: str) -> CellList:
    """Return the function that gives the list of a cell of the table."""

    def find(row: Row, column: str) -> dict[str, str] | None:
        if not column.startswith("bucket_") or not row[column]:
            return None
        return _list_of_bucket(page, subject, int(column.removeprefix("bucket_")), row["inboxes"])

    return find


def _list_of_bucket(
    page: PageContext, subject: str, bucket: int, inboxes: tuple[int, ...] = ()
) -> dict[str, str] | None:
    edges = EDGES[subject]
    conditions = ListFilters(
        subject=subject,
        at_least=edges[bucket - 1] if bucket else 0,
        below=edges[bucket] if bucket < len(edges) else None,
        sort="longest",
    )
    return page.list_parameters(conditions, filters={"inboxes": inboxes} if inboxes else None)


def _bucket_name(page: PageContext, subject: str, bucket: int) -> str:
    edges = EDGES[subject]
    if bucket == 0:
        return page.translate("bucket_below", end=formats.format_duration(edges[0]))
    if bucket == len(edges):
        return page.translate("bucket_over", start=formats.format_duration(edges[-1]))
    start, end = (formats.format_duration(edge) for edge in edges[bucket - 1 : bucket + 1])
    return page.translate("bucket_between", start=start, end=end)
