"""The colour of a card's change: grey below a threshold, so that noise does not look like an alarm."""

from __future__ import annotations

import pytest
from streamlit.proto.Metric_pb2 import Metric
from streamlit.testing.v1 import AppTest

from chatwoot_assets.dashboard.cards import Change, point_change, relative_change
from chatwoot_assets_tests.dashboard.opening import PERIOD, Dashboard, assert_no_errors, metrics


def _draw(current: float, previous: float, better: str, is_share: bool) -> None:
    """Draw one card: Streamlit runs the source of this function alone."""
    from types import SimpleNamespace

    from chatwoot_assets.dashboard.cards import Card, point_change, relative_change, show_cards

    change = (point_change if is_share else relative_change)(current, previous, "en")
    page = SimpleNamespace(translate=lambda key, **_: key, list_page=None)
    show_cards(page, [Card("card_response", "1 h", change, better)])  # type: ignore[arg-type]


def _colour(current: float, previous: float, better: str, *, is_share: bool = False) -> str:
    app = AppTest.from_function(_draw, args=(current, previous, better, is_share)).run()
    assert_no_errors(app)
    (metric,) = app.metric
    assert metric.proto.direction == (Metric.MetricDirection.UP if current > previous else Metric.MetricDirection.DOWN)
    return str(Metric.MetricColor.Name(metric.proto.color))


@pytest.mark.parametrize(
    ("current", "better", "colour"),
    [
        (1049, "less", "GRAY"),
        (1050, "less", "RED"),
        (951, "more", "GRAY"),
        (950, "more", "RED"),
        (950, "less", "GREEN"),
        (2000, "neither", "GRAY"),
    ],
    ids=str,
)
def test_change_below_five_percent_is_grey(current: int, better: str, colour: str) -> None:
    assert _colour(current, 1000, better) == colour


@pytest.mark.parametrize(
    ("current", "better", "colour"),
    [(0.509, "more", "GRAY"), (0.51, "more", "GREEN"), (0.491, "more", "GRAY"), (0.49, "more", "RED")],
    ids=str,
)
def test_change_of_a_share_below_one_point_is_grey(current: float, better: str, colour: str) -> None:
    assert _colour(current, 0.5, better, is_share=True) == colour


def test_colour_follows_the_number_that_is_shown() -> None:
    for percent in range(1, 100):
        assert point_change((percent + 1) / 100, percent / 100, "en") == Change("+1.0 pp", is_small=False)
        assert relative_change(105 * percent / 100, percent, "en") == Change("+5.0%", is_small=False)


def test_change_that_is_not_known_has_no_colour() -> None:
    assert relative_change(1, 0, "en") is None
    assert point_change(0.5, None, "en") is None


def test_cards_of_a_page_with_a_large_change_keep_their_colour(dashboard: Dashboard) -> None:
    app = dashboard.open("overview", **PERIOD)
    colours = {metric.label: Metric.MetricColor.Name(metric.proto.color) for metric in app.metric}
    changes = metrics(app)
    assert {"RED", "GREEN"} & set(colours.values())
    for label in ("First response (median)", "Response time (median)", "Reopened"):
        percent = float(changes[label][1].replace(",", "").rstrip("%"))
        expected = "GRAY" if abs(percent) < 5 else "RED" if percent > 0 else "GREEN"
        assert colours[label] == expected, (label, percent)
