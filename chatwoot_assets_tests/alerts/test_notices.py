"""Each problem is said once when it appears, again while it lasts, and once when it is gone."""

from __future__ import annotations

import datetime

import pytest

from chatwoot_assets.alert_rules import AlertRules, parse_alert_rules
from chatwoot_assets.alerts.notices import Notices, decide, notices_from_json, notices_to_json
from chatwoot_assets.alerts.problem import Problem
from chatwoot_assets.alerts.sending import check_addresses
from chatwoot_assets.alerts.warehouse_rules import unusual
from chatwoot_assets.errors import SettingsError

NOW = datetime.datetime(2025, 3, 10, 12, tzinfo=datetime.timezone.utc)
DAY, MINUTE = datetime.timedelta(days=1), datetime.timedelta(minutes=1)
STALE, BACKLOG = Problem("stale", "The data are old"), Problem("backlog 1", "Account 1: 300 open conversations")


def _said(problems: list[Problem], notices: Notices, now: datetime.datetime) -> tuple[str | None, Notices]:
    message, after = decide(problems, notices, now, DAY)
    return (f"{message.title}|{message.body}" if message else None), notices_from_json(notices_to_json(after))


def test_problem_is_said_once_again_after_a_day_and_when_it_is_gone() -> None:
    said, notices = _said([STALE], {}, NOW)
    assert said == "chatwoot_assets: 1 problem|The data are old"
    said, notices = _said([STALE], notices, NOW + MINUTE)
    assert said is None
    # The text of a problem may change with its figures: it is the same problem.
    said, notices = _said([Problem("stale", "The data are older"), BACKLOG], notices, NOW + 2 * MINUTE)
    assert said == "chatwoot_assets: 1 problem|Account 1: 300 open conversations"
    said, notices = _said([STALE, BACKLOG], notices, NOW + DAY)
    assert said == "chatwoot_assets: 1 problem|The data are old (since 2025-03-10 12:00 UTC)"
    said, notices = _said([STALE], notices, NOW + DAY + MINUTE)
    assert said == "chatwoot_assets: 1 problem resolved|Resolved: Account 1: 300 open conversations"
    said, notices = _said([], notices, NOW + DAY + 2 * MINUTE)
    assert said == "chatwoot_assets: 1 problem resolved|Resolved: The data are old"
    assert _said([], notices, NOW + DAY + 3 * MINUTE) == (None, {})


def test_many_problems_are_one_message_of_bounded_length() -> None:
    message, _ = decide([Problem(str(number), f"problem {number}") for number in range(500)], {}, NOW, DAY)
    assert message is not None
    assert message.title == "chatwoot_assets: 500 problems"
    assert message.body.splitlines()[-1] == "and 480 more"


@pytest.mark.parametrize(
    ("count", "earlier", "is_unusual"),
    [
        (100, [100, 90, 110, 95, 105, 100, 98, 102], False),
        (400, [100, 90, 110, 95, 105, 100, 98, 102], True),
        (0, [100, 90, 110, 95, 105, 100, 98, 102], True),
        (15, [0] * 8, False),
        (200, [0] * 8, True),
        # One holiday among the weeks changes neither the median nor its deviation much.
        (100, [100, 90, 0, 95, 105, 100, 98, 102], False),
        (130, [100] * 8, False),
    ],
)
def test_hour_is_unusual_by_median_and_deviation(count: int, earlier: list[int], is_unusual: bool) -> None:
    assert (unusual(count, earlier) is not None) == is_unusual


def test_rules_are_read_and_refused_in_one_line() -> None:
    rules = parse_alert_rules('{"waiting_hours": 0.5, "backlog": 200, "volume": true, "repeat_hours": 12}')
    assert rules == AlertRules(datetime.timedelta(minutes=30), 200, True, datetime.timedelta(hours=12))
    for text, reason in {
        "4": "accepted are a table",
        '{"waiting": 4}': "unknown key waiting",
        '{"waiting_hours": "4"}': "has waiting_hours = ",
        '{"waiting_hours": 0}': "above 0",
        '{"backlog": 0.5}': "a whole number of conversations",
        '{"volume": "on"}': "true and false",
    }.items():
        with pytest.raises(ValueError, match=reason):
            parse_alert_rules(text)


def test_unknown_address_is_refused_without_showing_it() -> None:
    check_addresses(["json://localhost"])
    with pytest.raises(SettingsError, match="address 2 is not one that Apprise knows") as raised:
        check_addresses(["json://localhost", "nonsense://token-abc"])
    assert "token-abc" not in str(raised.value)
