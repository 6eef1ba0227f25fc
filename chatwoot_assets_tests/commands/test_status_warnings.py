"""What `status` and the freshness checks say about the source: clocks that differ, and views that are gone."""

from __future__ import annotations

import datetime

import pytest

from chatwoot_assets.change_detection.scan import scan_for_changes
from chatwoot_assets.commands.status import status
from chatwoot_assets.defs.jobs import CHECK_FRESHNESS
from chatwoot_assets.source import clock
from chatwoot_assets.source.clock import skew_warning
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.defs.checks.running import outcome, run_checks
from chatwoot_assets_tests.project import Project


@pytest.mark.parametrize(
    ("skew", "expected"),
    [
        (datetime.timedelta(seconds=60), None),
        (datetime.timedelta(seconds=-60), None),
        (datetime.timedelta(seconds=61), "61 seconds behind"),
        (datetime.timedelta(seconds=-90), "90 seconds ahead of"),
        (datetime.timedelta(hours=-3), "3.0 hours ahead of"),
    ],
)
def test_difference_of_the_clocks_is_said_from_a_minute_on(skew: datetime.timedelta, expected: str | None) -> None:
    warning = skew_warning(skew)
    assert warning == expected or (warning is not None and f"this machine's clock is {expected}" in warning)


@pytest.fixture
def configured(recent: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A loaded project, which the environment names."""
    for name, value in {
        "CHATWOOT_DATABASE_URL": recent.source_url,
        "ANALYTICS_DATABASE_URL": recent.target_url,
        "EXTRACTS_URL": recent.settings.extracts_url,
        "REPORTING_TIMEZONE": recent.settings.reporting_timezone.key,
        "PARTITIONS_START_DATE": str(recent.settings.partitions_start_date),
    }.items():
        monkeypatch.setenv(name, value)
    return recent


def test_status_names_clocks_that_differ_and_views_that_are_gone(
    configured: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    status(3)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(clock, "LARGEST_SKEW", datetime.timedelta(-1))
    with configured.source() as connection:
        connection.execute("DROP VIEW chatwoot_analytics.vw_conversations_analytics")
    status(3)
    error = capsys.readouterr().err
    assert "warning: views are missing in 'chatwoot_analytics': vw_conversations_analytics; run" in error
    assert "warning: this machine's clock is " in error


@pytest.mark.usefixtures("configured")
def test_status_names_clocks_that_differ_while_no_day_is_loaded(
    postgres: Postgres, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANALYTICS_DATABASE_URL", postgres.new_database())
    monkeypatch.setenv("CHATWOOT_VIEWS_SCHEMA", "not_created_yet")
    monkeypatch.setattr(clock, "LARGEST_SKEW", datetime.timedelta(-1))
    status(3)
    shown = capsys.readouterr()
    assert "no day is loaded yet" in shown.out
    assert "warning: this machine's clock is " in shown.err
    assert "warning: views are missing in 'not_created_yet': all views; run: chatwoot-assets views create" in shown.err
    assert shown.err.count("warning: ") == 2


def test_freshness_check_warns_of_clocks_that_differ(recent: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    scan_for_changes(recent.settings, recent.resources["chatwoot"], recent.resources["warehouse"], recent=3)
    monkeypatch.setattr(clock, "LARGEST_SKEW", datetime.timedelta(-1))
    check = run_checks(recent, CHECK_FRESHNESS)["lag_is_within_limits"]
    assert outcome(check) == "WARN"
    assert "this machine's clock is " in str(check.description)
