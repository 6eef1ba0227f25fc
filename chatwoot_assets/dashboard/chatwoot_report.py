"""Chatwoot's nine report metrics beside ours, and why they differ: a part of the page that compares."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard import formats
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.tables import Column, show_download_button

_COLUMNS = [
    Column("metric", "text"),
    Column("chatwoot", "text"),
    Column("dashboard", "text"),
    Column("difference", "text"),
]
# The metrics in the order of Chatwoot's report, and those of them that are durations.
METRICS = (
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
DURATIONS = ("avg_first_response_time", "avg_resolution_time", "reply_time")
# What our number counts, or what its times are of.
LISTS = {
    "conversations_count": ListFilters(),
    "incoming_messages_count": ListFilters(subject="incoming"),
    "outgoing_messages_count": ListFilters(subject="outgoing"),
    "avg_first_response_time": ListFilters(subject="first_responses", sort="longest"),
    "avg_resolution_time": ListFilters(subject="resolutions", sort="longest"),
    "resolutions_count": ListFilters(subject="resolutions"),
    "reply_time": ListFilters(subject="replies", sort="longest"),
    "bot_resolutions_count": ListFilters(bot="resolved"),
    "bot_handoffs_count": ListFilters(bot="handed_off"),
    "csat_responses": ListFilters(subject="ratings"),
    "csat_score": ListFilters(subject="ratings", ratings=(4, 5)),
}
# The same of Chatwoot's. Where there is none, such as for notes among the messages, no list counts as Chatwoot does.
CHATWOOT_LISTS = {
    "conversations_count": ListFilters(),
    "avg_first_response_time": ListFilters(subject="recorded_first_responses", sort="longest"),
    "avg_resolution_time": ListFilters(subject="recorded_resolutions", sort="longest"),
    "resolutions_count": ListFilters(subject="recorded_resolutions"),
    "reply_time": ListFilters(subject="recorded_replies", sort="longest"),
    "bot_resolutions_count": ListFilters(subject="recorded_bot_resolutions"),
    "bot_handoffs_count": ListFilters(subject="recorded_bot_handoffs"),
}
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


def explain_filters(page: PageContext) -> None:
    """Say which of the filters do not apply to the comparison, and what they leave unknown."""
    if page.filters.statuses or page.filters.attributes:
        st.caption(page.translate("report_not_filtered"))
    if page.filters.labels and not page.filters.has_only("accounts", "statuses", "labels", "attributes"):
        st.caption(page.translate("report_messages_not_split"))
    elif len(page.filters.labels) > 1:
        st.caption(page.translate("report_messages_of_labels"))


def show_comparison(page: PageContext, rows: list[Row], name: str) -> None:
    """Draw Chatwoot's values beside ours, with a sentence on each difference, and a button that downloads them.

    Args:
        page: The context of the page.
        rows: The texts of the columns metric, chatwoot, dashboard and difference; and as chatwoot_url and url the
            addresses of the lists behind the values, or None.
        name: The beginning of the downloaded file's name.
    """
    st.html(_STYLE.format(chatwoot=page.translate("column_chatwoot"), dashboard=page.translate("column_dashboard")))
    # Markdown, because the cells of a dataframe would cut the explanations off. Values stay on one line.
    head = [column.heading(page) for column in _COLUMNS]
    cells = [
        [
            row["metric"],
            _link(row["chatwoot"].replace(" ", _NO_BREAK_SPACE), row.get("chatwoot_url")),
            _link(row["dashboard"].replace(" ", _NO_BREAK_SPACE), row.get("url")),
            row["difference"],
        ]
        for row in rows
    ]
    lines = [head, ["---", "---:", "---:", "---"], *cells]
    with st.container(key=f"comparison-{name}"):
        st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
    show_download_button(page, rows, _COLUMNS, name)


def _link(text: str, url: str | None) -> str:
    return text if url is None else f"[{text}]({url})"


def compare_metrics(page: PageContext) -> list[Row]:
    """Return Chatwoot's value and ours of each metric, formatted, and a sentence on why they differ."""
    (theirs,) = page.rows("chatwoot_report", dimension="all")
    ours = page.total("comparison") or {name: None if name in DURATIONS else 0 for name in METRICS}
    return [
        {
            "metric": page.translate(f"report_{name}"),
            "chatwoot": format_metric(page, name, theirs[name]),
            "dashboard": format_metric(page, name, ours[name]),
            "difference": page.translate(f"difference_{name}"),
            "chatwoot_url": _list_url(page, CHATWOOT_LISTS.get(name)) if theirs[name] else None,
            "url": _list_url(page, LISTS.get(name)) if ours[name] else None,
        }
        for name in METRICS
    ]


def listed_for_agents(page: PageContext, conditions: ListFilters | None) -> ListFilters | None:
    """Return a number's list, or None if the selected agents leave it none.

    A contact's message is no agent's here, and the list would have those to an agent.
    """
    return None if conditions and conditions.subject == "incoming" and page.filters.agents else conditions


def _list_url(page: PageContext, conditions: ListFilters | None) -> str | None:
    selected = listed_for_agents(page, conditions)
    return None if selected is None else page.list_url(selected)


def format_metric(page: PageContext, name: str, value: float | None) -> str:
    """Return a value as text."""
    return formats.format_duration(value) if name in DURATIONS else page.format_number(value)
