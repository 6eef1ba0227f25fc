"""A report as a short message: its numbers, without the tables, which name agents."""

from __future__ import annotations

from urllib.parse import urlencode

from chatwoot_assets.alerts.notices import Message
from chatwoot_assets.dashboard.filter_urls import LANGUAGE, format_url
from chatwoot_assets.reports.content import Report


def to_message(report: Report, dashboard_url: str | None) -> Message:
    """Return the numbers of a report with their changes, and a link to them in the dashboard if it has an address."""
    lines = [f"{card.label}: {card.text}{f' ({card.change})' if card.change else ''}" for card in report.cards]
    url = urlencode({**format_url(report.filters), LANGUAGE: report.language})
    link = [f"{dashboard_url}/?{url}"] if dashboard_url else []
    body = "\n".join([report.subtitle, *report.nameless_notes, "", *lines, *link])
    return Message(report.title, body, is_recovery=True)
