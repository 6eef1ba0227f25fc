"""The period and the filters that the options of a command select, checked as the dashboard checks a URL."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

from chatwoot_assets.dashboard.filter_urls import FIRST, LAST, parse_url
from chatwoot_assets.dashboard.filters import LIST_PARAMETERS, Filters
from chatwoot_assets.dashboard.url_values import parse_attributes, quote_commas, split_attribute
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.settings import Settings
from chatwoot_assets.settings_values import parse_date

_ATTRIBUTE = LIST_PARAMETERS["attributes"]
_SOURCES = ("conversation.", "contact.")
_ACCEPTED = {
    "label": "labels separated by commas",
    "status": "one or more of open, pending, snoozed and resolved, separated by commas",
}


def choose_format(file_format: str | None, output: str | None, formats: Sequence[str]) -> str:
    """Return the format of a file to write: that of the option, of the file's name, or the first one.

    Args:
        file_format: The value of --format, or None if it is not given.
        output: The file's name, or None for standard output.
        formats: The formats, which are also the endings of names; the first one is that of a file without an ending.

    Raises:
        SettingsError: The file's name ends in something else.
    """
    ending = Path(output or "").suffix.removeprefix(".")
    if file_format or not ending:
        return file_format or formats[0]
    if ending.lower() not in formats:
        *others, last = [f".{name}" for name in formats]
        accepted = f"{', '.join(others)} and {last}"
        raise SettingsError(f"--output {output} ends in .{ending}; accepted are {accepted}, or give --format")
    return ending.lower()


def selected_filters(
    settings: Settings, first: str, last: str | None, lists: Mapping[str, str | Sequence[str] | None]
) -> tuple[Filters, datetime.date]:
    """Return the filters, with the days as their custom period, and today's date.

    Args:
        settings: The configuration.
        first: The first day, as YYYY-MM-DD.
        last: The last day, or None for today.
        lists: The values of the options that `LIST_PARAMETERS` names; None for those that are not given. That of
            attribute has any number of texts.

    Raises:
        SettingsError: An option is not accepted.
    """
    today = datetime.datetime.now(settings.reporting_timezone).date()
    first_day = parse_date("--from", first)
    last_day = parse_date("--to", last) if last else today
    if last_day < first_day:
        raise SettingsError(f"--to {last_day} must not be before --from {first_day}")
    url = {FIRST: first_day.isoformat(), LAST: last_day.isoformat()}
    texts = [name for name in LIST_PARAMETERS.values() if name != _ATTRIBUTE]
    url |= {name: str(value) for name in texts if (value := lists.get(name)) is not None}
    if attributes := lists.get(_ATTRIBUTE):
        url[_ATTRIBUTE] = _parse_attributes(attributes, settings)
    for name, value in url.items():
        if not value:
            raise SettingsError(f"--{name} must not be empty")
    filters, ignored = parse_url(url)
    for name in ignored:
        if name in (FIRST, LAST):
            raise SettingsError(
                f"--{name} {url[name]} must be a day since 1970, at most a hundred years from the other"
            )
        accepted = _ACCEPTED.get(name, "ids, whole numbers separated by commas")
        raise SettingsError(f"--{name} {url[name]!r} must be {accepted}")
    return filters, today


def _parse_attributes(attributes: Sequence[str], settings: Settings) -> str:
    """Return the attributes as a URL has them."""
    if not settings.dashboard_conversations:
        raise SettingsError("--attribute is refused with DASHBOARD_CONVERSATIONS=off: attributes may be personal")
    named = [text if text.startswith(_SOURCES) else f"conversation.{text}" for text in attributes]
    for text, given in zip(named, attributes, strict=True):
        if split_attribute(text) is None or parse_attributes(quote_commas(text)) is None:
            raise SettingsError(f"--attribute {given!r} must be KEY=VALUE, such as motivo=troca or contact.plano=ouro")
    return ",".join(map(quote_commas, named))
