"""Chatwoot's satisfaction report beside ours, and why they differ. A section of the satisfaction page."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard.chatwoot_report import show_comparison
from chatwoot_assets.dashboard.list_filters import RATINGS, ListFilters
from chatwoot_assets.dashboard.page_context import PageContext, ratio
from chatwoot_assets.dashboard.queries import Row

_RATINGS = tuple(reversed(RATINGS))
_COUNTS = ("responses", "surveys")
# The numbers whose difference has a sentence of its own.
_EXPLAINED = (*_COUNTS, "response_rate")
NOT_IN_CHATWOOT = ("statuses", "labels", "attributes")


def show_csat(page: PageContext) -> None:
    """Draw the comparison, with the filters that Chatwoot's report has."""
    if page.filters.statuses or page.filters.labels or page.filters.attributes:
        st.caption(page.translate("csat_not_filtered"))
    if not page.sees_all_teams:
        st.caption(page.translate("surveys_not_of_teams"))
    show_comparison(page, compare_csat(page.without_filters(*NOT_IN_CHATWOOT)), "csat")


def chatwoot_csat(page: PageContext) -> Row:
    """Return the numbers of Chatwoot's report: counts, and the shares that follow from them."""
    (row,) = page.without_filters(*NOT_IN_CHATWOOT).rows("chatwoot_csat", dimension="all")
    responses = row["responses"]
    surveys = row["surveys"] if page.sees_all_teams else None  # Chatwoot's are those of the whole account
    return {
        "responses": responses,
        "surveys": surveys,
        "score": ratio(row["satisfied"], responses),
        "response_rate": ratio(responses, surveys),
        **{f"rated_{rating}": ratio(row[f"rated_{rating}"], responses) for rating in _RATINGS},
    }


def compare_csat(page: PageContext) -> list[Row]:
    """Return Chatwoot's value and ours of each number, formatted, and a sentence on why they differ."""
    theirs, ours = chatwoot_csat(page), _our_csat(page)
    names = ("responses", "surveys", "response_rate", "score", *(f"rated_{rating}" for rating in _RATINGS))
    return [
        {
            "metric": _label(page, name),
            "chatwoot": _format(page, name, theirs[name]),
            "dashboard": _format(page, name, ours[name]),
            "difference": page.translate(f"difference_csat_{name}" if name in _EXPLAINED else "difference_csat_same"),
            "url": page.list_url(_list_of(name)) if ours[name] else None,
        }
        for name in names
    ]


def _list_of(name: str) -> ListFilters:
    """Return the list of what our number counts, or of what it is a share of."""
    if name in ("surveys", "response_rate"):
        return ListFilters(subject="surveys")
    rating = name.removeprefix("rated_")
    ratings = (4, 5) if name == "score" else RATINGS if rating == name else (int(rating),)
    return ListFilters(subject="surveys", ratings=ratings)


def _label(page: PageContext, name: str) -> str:
    rating = name.removeprefix("rated_")
    return page.translate("csat_rated", rating=rating) if rating != name else page.translate(f"csat_{name}")


def _our_csat(page: PageContext) -> Row:
    total = page.total("satisfaction")
    by_rating = page.rows_by("rating", "satisfaction")
    rated = total.get("rated", 0)
    return {
        "responses": rated,
        "surveys": total.get("offered", 0),
        "score": ratio(total.get("satisfied"), rated),
        "response_rate": ratio(rated, total.get("offered")),
        **{
            f"rated_{rating}": ratio(by_rating[rating]["rated"] if rating in by_rating else 0, rated)
            for rating in _RATINGS
        },
    }


def _format(page: PageContext, name: str, value: float | None) -> str:
    return page.format_number(value) if name in _COUNTS else page.format_percent(value)
