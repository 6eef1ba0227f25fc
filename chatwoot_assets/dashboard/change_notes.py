"""Say what the changes beside numbers compare with, on pages and in reports. Uses neither Streamlit nor a database."""

from __future__ import annotations

import datetime

from chatwoot_assets.dashboard.filters import PREVIOUS, Period
from chatwoot_assets.dashboard.formats import Language, format_date
from chatwoot_assets.dashboard.i18n import translate


def describe_changes(
    comparison: str,
    compared: Period,
    until: datetime.datetime | None,
    language: Language,
    *,
    is_comparable: bool,
) -> list[str]:
    """Return the sentences: with which days the changes compare, or why there are none.

    Args:
        comparison: What to compare with, as `Filters.comparison` has it.
        compared: The days that changes compare with.
        until: The instant up to which they count, or None if they count as a whole.
        language: The language of the sentences.
        is_comparable: Whether both periods are fully loaded.
    """
    outcome = "against" if is_comparable else "unknown" if comparison == PREVIOUS else "unknown_year"
    key = f"change_{outcome}_one_day" if compared.days == 1 else f"change_{outcome}"
    first, last = (format_date(date, language) for date in (compared.first, compared.last))
    sentences = [translate(key, language, first=first, last=last)]
    if is_comparable and until:
        sentences.append(translate("change_until", language, time=f"{until:%H:%M}"))
    return sentences
