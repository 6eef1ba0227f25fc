"""`chatwoot-assets report`: a period's numbers and charts as a file, for cron."""

from __future__ import annotations

import datetime
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from chatwoot_assets.alerts.sending import check_addresses, send
from chatwoot_assets.assistant.numbers import Numbers
from chatwoot_assets.commands.console import err, warehouse_database
from chatwoot_assets.commands.selection import choose_format, selected_filters
from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.dashboard.filters import PREVIOUS
from chatwoot_assets.dashboard.formats import Language
from chatwoot_assets.errors import SettingsError, UserError
from chatwoot_assets.private_files import replacing_private_file
from chatwoot_assets.reports.content import Report, build_report, named_period
from chatwoot_assets.reports.digest import to_message
from chatwoot_assets.reports.excel import to_xlsx
from chatwoot_assets.reports.html import to_html
from chatwoot_assets.settings import Settings


def report(
    period: str,
    file_format: str | None,
    output: str | None,
    language: str,
    lists: Mapping[str, str | Sequence[str] | None],
    *,
    comparison: str = PREVIOUS,
    is_sent: bool = False,
) -> None:
    """Write the report of a period, or send its numbers.

    Args:
        period: One of PERIODS.
        file_format: html, pdf or xlsx; None for what the file's name says, or html.
        output: The file, or None for standard output.
        language: Its language.
        lists: The filters; see `selected_filters`.
        comparison: What changes compare with, one of COMPARISONS.
        is_sent: Whether to send the numbers to ALERT_URLS instead of writing a file.

    Raises:
        UserError: An option is refused, the warehouse cannot be read, or the file cannot be written.
    """
    file_format = choose_format(file_format, output, ("html", "pdf", "xlsx"))
    if file_format == "pdf" and importlib.util.find_spec("fpdf") is None:
        raise SettingsError(
            'a PDF needs the extra named report: pip install "chatwoot_assets[report]",'
            ' or in a checkout: pip install --editable ".[report]"'
        )
    if is_sent and (output is not None or file_format != "html"):
        raise SettingsError("--send sends a text; leave out --output and --format, or write a file without --send")
    if output is None and file_format != "html" and sys.stdout.isatty():
        raise SettingsError("this format is not for a terminal; give --output FILE, or redirect the output")
    settings = Settings.load()
    if is_sent:
        check_addresses(settings.alert_urls)
    now = datetime.datetime.now(settings.reporting_timezone)
    days = named_period(period, now.date())
    filters, _ = selected_filters(settings, days.first.isoformat(), days.last.isoformat(), lists)
    pool = ReadOnlyPool(warehouse_database().resolved_url)
    try:
        numbers = Numbers(pool, cast("Language", language))
        content = build_report(numbers, replace(filters, comparison=comparison), settings.reporting_timezone, now)
    finally:
        pool.close()
    if is_sent:
        send(to_message(content, settings.login.dashboard_url if settings.login else None), settings.alert_urls)
        count = len(settings.alert_urls)
        err.print(f"{content.subtitle}: sent to {count} {'address' if count == 1 else 'addresses'}")
        return
    _write(_to_bytes(content, file_format), output)
    err.print(f"{content.subtitle}: {len(content.cards)} numbers, {len(content.charts)} charts"
              f"{f' in {output}' if output else ''}")  # fmt: skip


def _to_bytes(content: Report, file_format: str) -> bytes:
    if file_format == "pdf":
        from chatwoot_assets.reports.pdf import to_pdf

        return to_pdf(content)
    return to_html(content) if file_format == "html" else to_xlsx(content)


def _write(data: bytes, output: str | None) -> None:
    try:
        if output is None:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            return
        with replacing_private_file(Path(output)) as file:
            file.write(data)
    except OSError as error:
        raise UserError(f"cannot write {output or 'to standard output'}: {error.strerror or error}") from None
