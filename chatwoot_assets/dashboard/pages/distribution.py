"""How first responses and resolutions are distributed by duration, by channel, and which of them missed a target."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from chatwoot_assets.dashboard import charts, formats
from chatwoot_assets.dashboard.axes import show_chart
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.dashboard.page_context import PageContext, format_list_url
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import CellList, Column, show_table
from chatwoot_assets.dashboard.target_shares import show_targets

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
# The seconds at which the buckets of each subject begin, but the first.
EDGES = {
    "first_responses": (_MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 4 * _HOUR, _DAY),
    "resolved_episodes": (15 * _MINUTE, _HOUR, 4 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY),
}

# The subject of Chatwoot's first responses, and the seconds at which the buckets of its report begin.
_RECORDED = "recorded_first_responses"
_CHATWOOT_LIMITS = (0, _HOUR, 4 * _HOUR, 8 * _HOUR, _DAY)
_SOURCES = ("chatwoot", "dashboard")

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
    show_targets(page)
    with st.container(border=True):
        st.subheader(page.translate("chatwoot_first_responses"), anchor=False)
        _show_chatwoot_buckets(page.in_calendar_time())


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
            _bucket_name(page, EDGES[subject], bucket),
            total[bucket],
            f"{page.format_number(total[bucket])} ({page.format_percent(total[bucket] / whole)})",
            format_list_url(_list_of_bucket(page, subject, EDGES[subject], bucket)) if total[bucket] else None,
        )
        for bucket in range(len(EDGES[subject]) + 1)
    ]
    show_chart(charts.bars(page, bars, page.translate("axis_count")))


def _show_channels(page: PageContext, subject: str, amounts: Amounts) -> None:
    """Draw a table with a row per channel and a column per bucket."""
    buckets = range(len(EDGES[subject]) + 1)
    columns = [
        Column("channel", "text", 150),
        *(
            Column(f"bucket_{bucket}", "count", 105, title=_bucket_name(page, EDGES[subject], bucket))
            for bucket in buckets
        ),
    ]
    rows: list[Row] = [
        {
            "channel": page.channel_name(channel),
            "inboxes": _inboxes_of(page, channel),
            **{f"bucket_{bucket}": counts[bucket] for bucket in buckets},
        }
        for channel, counts in sorted(amounts.items(), key=lambda item: (-item[1].total(), item[0]))
    ]
    show_table(page, rows, columns, f"distribution_{subject}", _list_of_cell(page, subject))


def _show_chatwoot_buckets(page: PageContext) -> None:
    """Draw Chatwoot's buckets of first responses beside the same of ours: two rows per channel."""
    amounts: dict[tuple[str, str], Counter[int]] = {}
    for row in page.rows("chatwoot_first_responses"):
        channel, bucket = page.options.channels.get(row["group_id"], ""), _CHATWOOT_LIMITS.index(row["bucket"])
        for source in _SOURCES:
            amounts.setdefault((channel, source), Counter())[bucket] += row[source]
    if not amounts:
        st.caption(page.translate("empty_measure"))
        return
    st.caption(page.translate("difference_first_responses"))
    if not page.filters.has_only("accounts", "inboxes", "teams"):
        st.caption(page.translate("chatwoot_not_filtered"))
    buckets = range(len(_CHATWOOT_LIMITS))
    sizes: Counter[str] = Counter()
    for (channel, _), counts in amounts.items():
        sizes[channel] += counts.total()
    columns = [
        Column("channel", "text", 150),
        Column("counted_by", "text", 110),
        *(
            Column(f"bucket_{bucket}", "count", 120, title=_bucket_name(page, _CHATWOOT_LIMITS[1:], bucket))
            for bucket in buckets
        ),
    ]
    rows: list[Row] = [
        {
            "channel": page.channel_name(channel),
            "counted_by": page.translate(f"column_{source}"),
            "source": source,
            "inboxes": _inboxes_of(page, channel),
            **{f"bucket_{bucket}": counts[bucket] for bucket in buckets},
        }
        for (channel, source), counts in sorted(amounts.items(), key=lambda item: (-sizes[item[0][0]], *item[0]))
    ]

    def find(row: Row, column: str) -> dict[str, str] | None:
        if not column.startswith("bucket_") or not row[column] or not row["inboxes"]:
            return None
        bucket = int(column.removeprefix("bucket_"))
        if row["source"] == "chatwoot":
            report = page.without_filters("agents", "statuses", "labels", "attributes")
            subject = _RECORDED
        else:
            report, subject = page, "first_responses"
        return _list_of_bucket(report, subject, _CHATWOOT_LIMITS[1:], bucket, row["inboxes"])

    show_table(page, rows, columns, "chatwoot_first_responses", find)


def _inboxes_of(page: PageContext, channel: str) -> tuple[int, ...]:
    """Return the selected inboxes of a channel."""
    selected = page.filters.inboxes
    return tuple(
        id_ for id_, name in page.options.channels.items() if name == channel and (not selected or id_ in selected)
    )


def _list_of_cell(page: PageContext, subject: str) -> CellList:
    """Return the function that gives the list of a cell of the table."""

    def find(row: Row, column: str) -> dict[str, str] | None:
        if not column.startswith("bucket_") or not row[column] or not row["inboxes"]:
            return None
        return _list_of_bucket(page, subject, EDGES[subject], int(column.removeprefix("bucket_")), row["inboxes"])

    return find


def _list_of_bucket(
    page: PageContext, subject: str, edges: tuple[int, ...], bucket: int, inboxes: tuple[int, ...] = ()
) -> dict[str, str] | None:
    # Ours count no time below zero; Chatwoot records some, where clocks differ.
    first = None if subject == _RECORDED else 0
    conditions = ListFilters(
        subject=subject,
        at_least=edges[bucket - 1] if bucket else first,
        below=edges[bucket] if bucket < len(edges) else None,
        sort="longest",
    )
    return page.list_parameters(conditions, filters={"inboxes": inboxes} if inboxes else None)


def _bucket_name(page: PageContext, edges: tuple[int, ...], bucket: int) -> str:
    if bucket == 0:
        return page.translate("bucket_below", end=formats.format_duration(edges[0]))
    if bucket == len(edges):
        return page.translate("bucket_over", start=formats.format_duration(edges[-1]))
    start, end = (formats.format_duration(edge) for edge in edges[bucket - 1 : bucket + 1])
    return page.translate("bucket_between", start=start, end=end)
