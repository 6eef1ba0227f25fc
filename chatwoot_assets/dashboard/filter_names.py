"""The names of the filters' values, on chips and in reports. Uses neither Streamlit nor a database."""

from __future__ import annotations

from chatwoot_assets.dashboard.filter_options import FilterOptions
from chatwoot_assets.dashboard.filter_urls import BUSINESS_HOURS
from chatwoot_assets.dashboard.filters import LIST_PARAMETERS, Filters, unknown_value
from chatwoot_assets.dashboard.formats import Language, format_number
from chatwoot_assets.dashboard.i18n import translate, translate_term

_MAX_NAMES_PER_LIST = 8


def name_filters(filters: Filters, options: FilterOptions, language: Language) -> list[tuple[str, object, str]]:
    """Return each selected value of the filter bar, in its order.

    Args:
        filters: The filters.
        options: The names of ids.
        language: The language of the texts.

    Returns:
        The name of the list in Filters, the value and its text, such as "Teams: Sales". Of a long list, the last value
        is None, and its text says how many more there are.
    """
    named: list[tuple[str, object, str]] = []
    for name in LIST_PARAMETERS:
        values = getattr(filters, name)
        heading = translate(f"filter_{name}", language)
        for value in values[:_MAX_NAMES_PER_LIST]:
            text = _value_name(options, name, value, language)
            # An attribute's value has the name of its attribute already.
            named.append((name, value, text if name == "attributes" and value else f"{heading}: {text}"))
        if len(values) > _MAX_NAMES_PER_LIST:
            count = format_number(len(values) - _MAX_NAMES_PER_LIST, language)
            named.append((name, None, translate("more_values", language, heading=heading, count=count)))
    if filters.business_hours:
        named.append((BUSINESS_HOURS, None, translate("filter_business_hours", language)))
    return named


def _value_name(options: FilterOptions, name: str, value: object, language: Language) -> str:
    if value == unknown_value(name):
        return translate("unknown_value", language)
    if name == "statuses":
        return translate_term("status", str(value), language)
    return options.name(name, value)
