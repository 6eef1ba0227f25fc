"""Chatwoot's nine report metrics beside ours, and why they differ. A section of the data health page."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard import formats, groups
from chatwoot_assets.dashboard.page_context import PageContext, ratio
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import Column, show_download_button

_COLUMNS = [
    Column("metric", "text"),
    Column("chatwoot", "text"),
    Column("dashboard", "text"),
    Column("difference", "text"),
]
# The metrics in the order of Chatwoot's report, and those of them that are durations.
_METRICS = (
    "conversations_count",
    "incoming_messages_count",
    "outgoing_messages_count",
    "avg_first_response_time",
    "avg_resolution_time",
    "resolutions_count",
    "reply_time",
    "bot_resolutions_count",
    "bot_handoffs_count",
)
_DURATIONS = ("avg_first_response_time", "avg_resolution_time", "reply_time")
# On a phone each row is a block: a table would need a scroll bar.
_STYLE = """<style>
@media (max-width: 640px) {{
  [class*="st-key-comparison-"] :is(table, tbody, tr, td) {{ display: block; width: 100%; border: 0;
    text-align: left !important; }}
  [class*="st-key-comparison-"] thead {{ display: none; }}
  [class*="st-key-comparison-"] tr {{ padding: .5rem 0; border-bottom: 1px solid #8884; }}
  [class*="st-key-comparison-"] td {{ padding: .1rem 0; }}
  [class*="st-key-comparison-"] td:first-child {{ font-weight: 600; }}
  [class*="st-key-comparison-"] td:nth-child(2)::before {{ content: "{chatwoot}: "; }}
  [class*="st-key-comparison-"] td:nth-child(3)::before {{ content: "{dashboard}: "; }}
  [class*="st-key-comparison-"] td:nth-child(4) {{ opacity: .8; font-size: .9em; }}
}}
</style>"""
_NO_BREAK_SPACE = "\u00a0"


def show_report(page: PageContext) -> None:
    """Draw the comparison, with the filters that Chatwoot's report has."""
    if page.filters.statuses or page.filters.attributes:
        st.caption(page.translate("report_not_filtered"))
    if page.filters.labels and not page.filters.has_only("accounts", "statuses", "labels", "attributes"):
        st.caption(page.translate("report_messages_not_split"))
    elif len(page.filters.labels) > 1:
        st.caption(page.translate("report_messages_of_labels"))
    show_comparison(page, compare_metrics(page.without_filters("statuses", "attributes")), "report")


def show_comparison(page: PageContext, rows: list[Row], name: str) -> None:
    """Draw Chatwoot's values beside ours, with a sentence on each difference, and a button that downloads them.

    Args:
        page: The context of the page.
        rows: The texts of the columns metric, chatwoot, dashboard and difference.
        name: The beginning of the downloaded file's name.
    """
    st.html(_STYLE.format(chatwoot=page.translate("column_chatwoot"), dashboard=page.translate("column_dashboard")))
    # Markdown, because the cells of a dataframe would cut the explanations off. Values stay on one line.
    head = [column.heading(page) for column in _COLUMNS]
    cells = [
        [
            row["metric"],
            *(row[key].replace(" ", _NO_BREAK_SPACE) for key in ("chatwoot", "dashboard")),
            row["difference"],
        ]
        for row in rows
    ]
    lines = [head, ["---", "---:", "---:", "---"], *cells]
    with st.container(key=f"comparison-{name}"):
        st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
    show_download_button(page, rows, _COLUMNS, name)


def compare_metrics(page: PageContext) -> list[Row]:
    """Return Chatwoot's value and ours of each metric, formatted, and a sentence on why they differ."""
    (theirs,) = page.rows("chatwoot_report", dimension="all")
    ours = _our_metrics(page)
    return [
        {
            "metric": page.translate(f"report_{name}"),
            "chatwoot": _format_metric(page, name, theirs[name]),
            "dashboard": _format_metric(page, name, ours[name]),
            "difference": page.translate(f"difference_{name}"),
        }
        for name in _METRICS
    ]


def _our_metrics(page: PageContext) -> Row:
    new, response_times, resolutions = _our_totals(page.in_calendar_time())
    messages = groups.total_daily_sums(page) or {}
    return {
        "conversations_count": new.get("conversations", 0),
        "incoming_messages_count": messages.get("incoming"),
        "outgoing_messages_count": messages.get("outgoing"),
        "avg_first_response_time": response_times.get("first_response_average"),
        "avg_resolution_time": resolutions.get("average"),
        "resolutions_count": resolutions.get("resolved", 0),
        "reply_time": response_times.get("average"),
        "bot_resolutions_count": new.get("bot_resolved", 0),
        "bot_handoffs_count": new.get("bot_handed_off", 0),
    }


def _our_totals(page: PageContext) -> tuple[Row, Row, Row]:
    """Return what the filters select; for selected agents, what they did, as in Chatwoot's report and on their page."""
    agents = page.filters.agents
    if not agents:
        new, response_times, resolutions = (page.total(query) for query in groups.QUERIES)
        return new, response_times, resolutions
    page = page.without_filters("agents")
    conversations, replies, resolved = (
        [row for agent, row in page.rows_by("agent", query).items() if agent in agents] for query in groups.QUERIES
    )
    return (
        {key: sum(row[key] for row in conversations) for key in ("conversations", "bot_resolved", "bot_handed_off")},
        {
            "average": _average(replies, "average", "timed_replies"),
            "first_response_average": _average(replies, "first_response_average", "first_responses"),
        },
        {
            "average": _average(resolved, "average", "resolved"),
            "resolved": sum(row["resolved"] for row in resolved),
        },
    )


def _average(rows: list[Row], average: str, count: str) -> float | None:
    """Return the average over all that the averages of some groups are over."""
    counted = [row for row in rows if row[average] is not None]
    return ratio(sum(row[average] * row[count] for row in counted), sum(row[count] for row in counted))


def _format_metric(page: PageContext, name: str, value: float | None) -> str:
    return formats.format_duration(value) if name in _DURATIONS else page.format_number(value)
