"""Saved views: pages of the dashboard with their filters, for everybody or for one viewer."""

from __future__ import annotations

import json

import pytest

from chatwoot_assets.saved_views import SavedView, SavedViews, parse_saved_views


def test_views_are_of_everybody_or_of_one_viewer() -> None:
    views = parse_saved_views(
        json.dumps(
            {
                "Vendas": "overview?period=last_week&inbox=3",
                "Ao vivo": "https://numbers.example.com/live",
                "Ana@example.com": {"Minhas": "/agents?team=1%2C2"},
            }
        )
    )
    shared = (SavedView("Vendas", "overview", {"period": "last_week", "inbox": "3"}), SavedView("Ao vivo", "live"))
    assert views.of(None) == views.of("bia@example.com") == shared
    assert views.of("ana@EXAMPLE.com") == (SavedView("Minhas", "agents", {"team": "1,2"}), *shared)


def test_no_views_are_the_default() -> None:
    assert parse_saved_views("{}") == SavedViews()


@pytest.mark.parametrize(
    ("views", "refusal"),
    [
        ({"x": 1}, "has x = 1; accepted is an address of the dashboard"),
        ({"x": ""}, 'has x = ""; accepted is an address'),
        ({"x": "overview.html"}, "accepted is an address"),
        ({"ana": {"x": "overview"}}, "has the table ana; accepted is an e-mail address"),
        ({"a@b.c": {"x": ["overview"]}}, "has a@b.c.x ="),
    ],
)
def test_wrong_view_is_refused_by_its_name(views: object, refusal: str) -> None:
    with pytest.raises(ValueError, match=refusal.replace("?", ".")):
        parse_saved_views(json.dumps(views))


def test_settings_with_saved_views_can_be_a_key() -> None:
    views = parse_saved_views('{"Yesterday": "overview?period=yesterday", "ana@example.com": {"Mine": "live"}}')
    assert len({views, parse_saved_views('{"Yesterday": "overview?period=yesterday"}')}) == 2
