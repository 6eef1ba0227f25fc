"""The cards of a page: a value, its change since the previous period, and its trend as a small line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import streamlit as st

from chatwoot_assets.dashboard.page_context import PageContext

_COLOURS: dict[str, Literal["normal", "inverse", "off"]] = {"more": "normal", "less": "inverse", "neither": "off"}


@dataclass(frozen=True)
class Card:
    """A card.

    Attributes:
        label: The key of its label; the text `help_<label>` says what exactly is counted.
        value: The formatted value.
        change: The formatted change since the previous period, or None if there is none to show.
        better: Whether more or less is better.
        trend: The value per day, week or month.
    """

    label: str
    value: str
    change: str | None = None
    better: Literal["more", "less", "neither"] = "neither"
    trend: Sequence[float | None] = field(default=())


def show_cards(page: PageContext, cards: list[Card], width: int = 162) -> None:
    """Draw cards side by side, in as many lines as the window needs.

    Args:
        page: The context of the page.
        cards: The cards, in order.
        width: The width of a card in pixels.
    """
    with st.container(horizontal=True, gap="small"):
        for card in cards:
            points = [math.nan if value is None else value for value in card.trend]  # a gap, not a zero
            st.metric(
                page.translate(card.label),
                card.value,
                card.change,
                delta_color=_COLOURS[card.better],
                help=page.translate(f"help_{card.label}"),
                border=True,
                width=width,
                chart_data=points if sum(map(math.isfinite, points)) > 1 else None,
                chart_type="area",
            )


def show_change_caption(page: PageContext) -> None:
    """Say which period the changes compare with, or why there are none."""
    previous = page.period.previous
    outcome = "against" if page.is_comparable else "unknown"
    key = f"change_{outcome}_one_day" if previous.days == 1 else f"change_{outcome}"
    sentences = [page.translate(key, first=page.format_date(previous.first), last=page.format_date(previous.last))]
    if page.is_comparable and page.compared_until:
        sentences.append(page.translate("change_until", time=f"{page.compared_until:%H:%M}"))
    st.caption(" ".join(sentences))
