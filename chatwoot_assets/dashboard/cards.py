"""The cards on a page: a value, its change against the period before, and a small line."""

from __future__ import annotations

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
        label: the key of its label; `help_<label>` says what exactly is counted.
        value: the value, as the language writes it.
        change: the change against the period before, signed; None where there is none to tell.
        better: whether more or less is better.
        line: the value by day, week or month.
    """

    label: str
    value: str
    change: str | None = None
    better: Literal["more", "less", "neither"] = "neither"
    line: Sequence[float | None] = field(default=())


def cards(view: PageContext, row: list[Card], width: int = 162) -> None:
    """Show cards beside each other, on as many lines as the window needs."""
    with st.container(horizontal=True, gap="small"):
        for card in row:
            line = [value for value in card.line if value is not None]
            st.metric(
                view.translate(card.label),
                card.value,
                card.change,
                delta_color=_COLOURS[card.better],
                help=view.translate(f"help_{card.label}"),
                border=True,
                width=width,
                chart_data=line if len(line) > 1 else None,
                chart_type="area",
            )


def change_caption(view: PageContext) -> None:
    """Say what the changes are measured against, or why there are none."""
    before = view.period.previous
    if view.is_comparable:
        st.caption(view.translate("change_against", first=view.date(before.first), last=view.date(before.last)))
    else:
        st.caption(view.translate("change_unknown", first=view.date(before.first), last=view.date(before.last)))
