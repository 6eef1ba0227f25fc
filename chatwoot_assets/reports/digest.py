"""A report as a short message: its numbers, without the tables, which name agents."""

from __future__ import annotations

from chatwoot_assets.alerts.notices import Message
from chatwoot_assets.reports.content import Report


def to_message(report: Report, dashboard_url: str | None) -> Message:
    """Return the numbers of a report with their changes, and a link to the dashboard if its address is known."""
    lines = [f"{card.label}: {card.text}{f' ({card.change})' if card.change else ''}" for card in report.cards]
    link = [f"{dashboard_url}/?lang={report.language}"] if dashboard_url else []
    return Message(
        report.title, "\n".join([report.subtitle, *report.nameless_notes, "", *lines, *link]), is_recovery=True
    )
