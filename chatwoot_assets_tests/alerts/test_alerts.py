"""Alerts from end to end: a real HTTP server takes what the sensor and the command send."""

from __future__ import annotations

import datetime
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import dagster as dg
import pytest

from chatwoot_assets.alert_rules import AlertRules
from chatwoot_assets.change_detection.full_comparison import compare_all
from chatwoot_assets.definitions import build_defs
from chatwoot_assets_tests.project import Project

NAME = "Marcador da Silva"


@contextmanager
def _receiver() -> Iterator[tuple[str, list[str]]]:
    """Run a server; yield its address for Apprise and the messages that it has taken."""
    taken: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            taken.append(f"{body['type']}|{body['title']}|{body['message']}")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"json://127.0.0.1:{server.server_port}", taken
        finally:
            server.shutdown()
            thread.join()


def _tick(project: Project, instance: dg.DagsterInstance) -> str:
    definitions = build_defs(project.settings)
    with dg.build_sensor_context(instance=instance, resources=project.resources) as context:
        result = definitions.resolve_sensor_def("alerts_sensor")(context)
    assert isinstance(result, dg.SkipReason)
    return str(result.skip_message)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as instance:
        yield instance


def test_sensor_sends_what_is_wrong_once_and_then_that_it_is_gone(
    recent: Project, instance: dg.DagsterInstance
) -> None:
    list(compare_all(recent.settings, recent.resources["chatwoot"], recent.resources["warehouse"]))
    with recent.source() as connection:
        connection.execute("UPDATE contacts SET name = %s", [NAME])
    with _receiver() as (address, taken):
        rules = AlertRules(waiting=datetime.timedelta(hours=1), backlog=5)
        watched = replace(
            recent,
            settings=replace(
                recent.settings, alert_urls=(address,), alert_rules=rules, chatwoot_url="https://chat.example.com"
            ),
        )
        assert "sent chatwoot_assets: 2 problems" in _tick(watched, instance)
        assert "nothing to send" in _tick(watched, instance)
        (sent,) = taken
        assert sent.startswith("warning|chatwoot_assets: 2 problems|")
        assert "contacts have waited for a reply for more than 1 hour" in sent
        assert "https://chat.example.com/app/accounts/1/conversations/" in sent
        assert "open conversations, more than 5" in sent
        assert NAME not in sent
        calm = replace(watched, settings=replace(watched.settings, alert_rules=AlertRules()))
        assert "sent chatwoot_assets: 2 problems resolved" in _tick(calm, instance)
        assert taken[1].startswith("success|chatwoot_assets: 2 problems resolved|Resolved: ")


def test_failed_run_stale_data_and_a_warehouse_that_is_down_are_sent(
    recent: Project, instance: dg.DagsterInstance
) -> None:
    list(compare_all(recent.settings, recent.resources["chatwoot"], recent.resources["warehouse"]))
    with recent.target() as connection:
        connection.execute("UPDATE source_comparison SET compared_at = compared_at - interval '30 hours'")
    gone = replace(recent, source_url="postgresql://127.0.0.1:1/chatwoot")
    assert not gone.load(recent.settings.partitions_start_date, instance=instance, raise_on_error=False).success
    with _receiver() as (address, taken):
        watched = replace(recent, settings=replace(recent.settings, alert_urls=(address,)))
        _tick(watched, instance)
        assert re.search(r"The data are 30[0-9.]* hours behind Chatwoot", taken[0])
        assert "The last run of refresh_days failed: " in taken[0]
        down = replace(watched, target_url="postgresql://127.0.0.1:1/analytics")
        _tick(down, instance)
        assert "The warehouse cannot be used: ANALYTICS_DATABASE_URL" in taken[1]


def test_message_that_nobody_took_is_sent_again(recent: Project, instance: dg.DagsterInstance) -> None:
    list(compare_all(recent.settings, recent.resources["chatwoot"], recent.resources["warehouse"]))
    settings = replace(recent.settings, alert_rules=AlertRules(backlog=5))
    nobody = replace(recent, settings=replace(settings, alert_urls=("json://127.0.0.1:1",)))
    assert "could not be sent" in _tick(nobody, instance)
    with _receiver() as (address, taken):
        assert "sent" in _tick(replace(recent, settings=replace(settings, alert_urls=(address,))), instance)
        assert len(taken) == 1


def test_sensor_says_nothing_without_addresses(recent: Project, instance: dg.DagsterInstance) -> None:
    assert _tick(recent, instance) == "ALERT_URLS is not set"
    sensor = build_defs(recent.settings).resolve_sensor_def("alerts_sensor")
    assert sensor.default_status is dg.DefaultSensorStatus.STOPPED
