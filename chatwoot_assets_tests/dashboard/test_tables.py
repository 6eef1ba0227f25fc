"""Texts in tables fit their columns, and stay apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatwoot_assets.dashboard.shortening import shorten_apart

_NAMES = st.sets(st.text(st.characters(categories=["L"]), min_size=1, max_size=30), max_size=8)


@given(_NAMES, st.integers(6, 20))
def test_shortened_text_is_no_longer_than_its_column(names: set[str], length: int) -> None:
    shown = shorten_apart(names, length)
    assert shown.keys() == names
    assert all(len(text) <= length for text in shown.values())
    assert all(shown[name] == name for name in names if len(name) <= length)
    assert len({*shown.values()}) == len(names)


def test_texts_with_the_same_beginning_are_cut_in_the_middle() -> None:
    shown = shorten_apart({"WhatsApp da Loja Norte", "WhatsApp da Loja Sul", "Instagram da Loja Aurora"}, 15)
    assert shown == {
        "WhatsApp da Loja Norte": "WhatsAp…a Norte",
        "WhatsApp da Loja Sul": "WhatsAp…oja Sul",
        "Instagram da Loja Aurora": "Instagram da L…",
    }


def test_texts_that_differ_only_in_their_middle_are_cut_around_it() -> None:
    names = [f"WhatsApp da Loja {number} de São Paulo" for number in (1, 2, 13)]
    assert [*shorten_apart(names, 16).values()] == ["WhatsAp…1…Paulo", "WhatsA…13…Paulo", "WhatsAp…2…Paulo"]
    labels = [f"devolucao_de_produto_{product}_fora_do_prazo" for product in ("sapato", "roupa")]
    assert [*shorten_apart(labels, 20).values()] == ["devolu…roupa_…_prazo", "devolu…sapato_…prazo"]


def test_texts_whose_difference_does_not_fit_are_numbered() -> None:
    names = [f"Loja {'x' * 12}{letter}{'y' * 12} {end}" for end in ("Norte", "Sul do Estado") for letter in "ABC"]
    shown = shorten_apart(names, 14)
    assert len({*shown.values()}) == len(names)
    assert shown[names[0]] == "Loja xxxx… (1)"
    assert all(len(text) <= 14 for text in shown.values())
