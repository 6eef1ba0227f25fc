"""The cards of a page: a value, its change since the compared period, and its trend as a small line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import streamlit as st

from chatwoot_assets.dashboard.change_notes import describe_changes
from chatwoot_assets.dashboard.formats import Language, format_change, format_points
from chatwoot_assets.dashboard.page_context import PageContext

# The link covers its card, below the help. Its text is for screen readers, and for the address that a browser shows.
_STYLE = """<style>
[class*="st-key-card-"] { position: relative; padding: .75rem 1rem; }
[class*="st-key-cards-"] { display: grid; align-items: stretch; /* as high as one whose label takes two lines */
  grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); }
[class*="st-key-cards-"] > div { width: auto !important; min-width: 0; }
[class*="st-key-card-"]:has(a):hover, [class*="st-key-card-"]:has(a:focus-visible) { border-color: #0072B2; }
[class*="st-key-card-"] :has(> [data-testid="stPageLink"]), [class*="st-key-card-"] :has(> a) { position: static; }
[class*="st-key-card-"] [data-testid="stPageLink"] a { position: absolute; inset: 0; opacity: 0;
  margin: 0; }
[class*="st-key-card-"] [data-testid="stTooltipIcon"] { position: relative; z-index: 2; }
/* Two labels of which only the beginning fits could not be told apart. */
[class*="st-key-card-"] [data-testid="stMetricLabel"] * { white-space: normal; overflow: visible; }
/* No card is alone on its line, and lines of four end where the page does. */
@media (min-width: 1100px) {
  [class*="st-key-cards-"] { grid-template-columns: repeat(4, minmax(0, 1fr)); }
  [class*="st-key-cards-"]:has(> :is(:nth-child(3), :nth-child(6)):last-child) {
    grid-template-columns: repeat(3, minmax(0, 1fr)); }
  [class*="st-key-cards-"]:has(> :nth-child(5):last-child) { grid-template-columns: repeat(5, minmax(0, 1fr)); }
}
@media (min-width: 1426px) {
  [class*="st-key-cards-"]:has(> :nth-child(7):last-child) { grid-template-columns: repeat(7, minmax(0, 1fr)); }
}
@media (max-width: 640px) {
  [class*="st-key-cards-"] { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  [class*="st-key-cards-"] > :nth-child(odd):last-child { grid-column: span 2; }
  [class*="st-key-card-"] { padding: .5rem .6rem; }
  [class*="st-key-card-"] [data-testid="stMetricValue"] * { white-space: normal; overflow: visible; }
}
</style>"""
_COLOURS: dict[str, Literal["normal", "inverse", "off"]] = {"more": "normal", "less": "inverse", "neither": "off"}
# A smaller change is noise, and grey: of a count or duration, in relation to the compared one; and of a share.
_MIN_CHANGE, _MIN_POINTS = 0.05, 0.01
_SHOWN_DECIMALS = 3  # of a fraction that is shown in percent with one decimal


@dataclass(frozen=True)
class Change:
    """A change since the compared period.

    Attributes:
        text: The formatted change.
        is_small: Whether it is too small to be good or bad.
    """

    text: str
    is_small: bool


def relative_change(current: float | None, previous: float | None, language: Language) -> Change | None:
    """Return the change of a quantity in percent, or None if it cannot be computed."""
    text = format_change(current, previous, language)
    if text is None or current is None or not previous:
        return None
    return Change(text, _is_small(current / previous - 1, _MIN_CHANGE))


def point_change(current: float | None, previous: float | None, language: Language) -> Change | None:
    """Return the change of a share in percentage points, or None if it cannot be computed."""
    text = format_points(current, previous, language)
    if text is None or current is None or previous is None:
        return None
    return Change(text, _is_small(current - previous, _MIN_POINTS))


def _is_small(change: float, limit: float) -> bool:
    return round(abs(change), _SHOWN_DECIMALS) < limit


@dataclass(frozen=True)
class Card:
    """A card.

    Attributes:
        label: The key of its label; the text `help_<label>` says what exactly is counted.
        value: The formatted value.
        change: The change since the compared period, or None if there is none to show.
        better: Whether more or less is better.
        trend: The value per day, week or month.
        conversations: The URL parameters of the list of what is counted, or None if there is no such list.
        link: The key of the text that says what is listed.
    """

    label: str
    value: str
    change: Change | None = None
    better: Literal["more", "less", "neither"] = "neither"
    trend: Sequence[float | None] = field(default=())
    conversations: dict[str, str] | None = None
    link: str = "show_conversations"


def show_cards(page: PageContext, cards: list[Card]) -> None:
    """Draw cards side by side, in as many lines as the window needs.

    Args:
        page: The context of the page.
        cards: The cards, in order.
    """
    st.html(_STYLE)
    with st.container(horizontal=True, gap="small", key=f"cards-{cards[0].label}"):
        for card in cards:
            with st.container(border=True, gap=None, key=f"card-{card.label}"):
                _show_card(page, card)


def _show_card(page: PageContext, card: Card) -> None:
    points = [math.nan if value is None else value for value in card.trend]  # a gap, not a zero
    st.metric(
        page.translate(card.label),
        card.value,
        card.change.text if card.change else None,
        delta_color=_COLOURS["neither" if card.change and card.change.is_small else card.better],
        help=page.translate(f"help_{card.label}"),
        chart_data=points if sum(map(math.isfinite, points)) > 1 else None,
        chart_type="area",
    )
    if card.conversations is not None and page.list_page is not None:
        label = page.translate(card.link, label=page.translate(card.label))
        st.page_link(page.list_page, label=label, query_params=card.conversations)


def show_change_caption(page: PageContext) -> None:
    """Say which period the changes compare with, or why there are none."""
    sentences = describe_changes(
        page.filters.comparison,
        page.compared_period,
        page.compared_until,
        page.language,
        is_comparable=page.is_comparable,
    )
    st.caption(" ".join(sentences))
