"""Texts in tables fit their columns, and stay apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatwoot_assets.dashboard.tables import shorten_apart

_NAMES = st.sets(st.text(st.characters(categories=["L"]), min_size=1, max_size=30), max_size=8)


@given(_NAMES, st.integers(6, 20))
def test_shortened_text_is_no_longer_than_its_column(names: set[str], length: int) -> None:
    shown = shorten_apart(names, length)
    assert shown.keys() == names
    assert all(len(text) <= length for text in shown.values())
    assert all(shown[name] == name for name in names if len(name) <= length)


def test_texts_with_the_same_beginning_are_cut_in_the_middle() -> None:
    shown = shorten_apart({"WhatsApp da Loja Norte", "WhatsApp da Loja Sul", "Instagram da Loja Aurora"}, 15)
    assert shown == {
        "WhatsApp da Loja Norte": "WhatsAp…a Norte",
        "WhatsApp da Loja Sul": "WhatsAp…oja Sul",
        "Instagram da Loja Aurora": "Instagram da L…",
    }


def test_texts_that_differ_only_in_their_middle_are_numbered() -> None:
    names = [f"WhatsApp da Loja {number} de São Paulo" for number in (1, 2, 3)]
    shown = shorten_apart(names, 16)
    assert [*shown.values()] == [f"WhatsApp da… ({number})" for number in (1, 2, 3)]
