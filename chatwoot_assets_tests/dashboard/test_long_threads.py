"""Conversations of an unusual size: their messages are cut, and Data health names them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

import pytest

from chatwoot_assets.dashboard.pages import data_health
from chatwoot_assets_tests.dashboard.conftest import clear_caches
from chatwoot_assets_tests.dashboard.opening import Dashboard, assert_no_errors, everything, metrics, texts
from chatwoot_assets_tests.project import Project

DAY = datetime.date(2025, 3, 20)
URL = {"from": str(DAY), "to": str(DAY)}
# Two programs exchange so many messages, the last ones with the size of a long mail.
MESSAGES, MAILS, MAIL_CHARACTERS = 1_200, 200, 109_000


@pytest.fixture
def long_thread(project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dashboard]:
    """The dashboard on a day with a runaway thread, number 1, and a conversation that was answered after an hour."""
    with project.writing() as writer:
        writer.contact(2, "Rui")
        writer.conversation(f"{DAY} 12:00", id=1, contact_id=1)
        writer.conversation(f"{DAY} 12:00", id=2, contact_id=2)
        writer.message(2, f"{DAY} 12:00", sender_id=2)
        writer.message(2, f"{DAY} 13:00", message_type=1, sender_type="User", sender_id=7)
    with project.source() as connection:
        connection.execute(
            "INSERT INTO messages (id, account_id, inbox_id, conversation_id, created_at, updated_at, message_type,"
            " sender_type, sender_id, content)"
            " SELECT 10000 + n, 1, 10, 1, at, at, n %% 2, CASE n %% 2 WHEN 0 THEN 'Contact' ELSE 'User' END,"
            " CASE n %% 2 WHEN 0 THEN 1 ELSE 7 END, CASE WHEN n > %(mails)s THEN repeat('é', %(size)s) ELSE 'x' END"
            " FROM generate_series(1, %(count)s) AS n,"
            " LATERAL (SELECT %(day)s::timestamp + n * interval '5 s') AS times (at)",
            {"mails": MESSAGES - MAILS, "size": MAIL_CHARACTERS, "count": MESSAGES, "day": f"{DAY} 12:00"},
        )
    project.load(DAY)
    yield Dashboard(monkeypatch, project.target_url, DAY)
    clear_caches()


def test_page_of_200_mails_sends_the_beginning_of_each(long_thread: Dashboard) -> None:
    app = long_thread.open("conversations", conversation="1")
    assert_no_errors(app)
    bytes_of_mails = MAILS * 2 * 2_000  # é has two bytes
    assert bytes_of_mails < len(everything(app)) < 1.25 * bytes_of_mails
    assert f"The last {MAILS} of 1,200" in texts(app)
    app.toggle(key="whole_messages").set_value(True).run()
    assert_no_errors(app)
    assert len(everything(app)) > MAILS * 2 * MAIL_CHARACTERS


def test_runaway_thread_is_named_and_can_be_left_out(
    long_thread: Dashboard, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Runaway threads" not in texts(long_thread.open("data_health", **URL))
    monkeypatch.setattr(data_health, "_RUNAWAY_MESSAGES", 1_000)
    app = long_thread.open("data_health", **URL)
    assert_no_errors(app)
    assert "more than 1,000 messages each. Their waits count" in texts(app)
    (named,) = [frame.value for frame in app.dataframe if "inbox" in frame.value]
    assert named[["display_id", "messages"]].to_numpy().tolist() == [["1", MESSAGES]]
    assert "Conversas fora" in texts(long_thread.open("data_health", "pt", **URL))
    assert metrics(long_thread.open(**URL))["Response time (median)"][0] == "5 s"

    replace(project, settings=replace(project.settings, runaway_messages=1_000)).load(DAY)
    clear_caches()
    long_thread.set(RUNAWAY_MESSAGES="1000")
    assert "and count in no response time" in texts(long_thread.open("data_health", **URL))
    app = long_thread.open(**URL)
    assert metrics(app)["Response time (median)"][0] == "1 h"
    assert metrics(app)["New"][0] == "2"
