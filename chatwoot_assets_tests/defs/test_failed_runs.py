"""Runs that fail: what they retry, what they say, and that no event has personal data."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import dagster as dg
import pytest

from chatwoot_assets_tests.project import Project

DAY = datetime.date(2025, 3, 10)

NOON = "2025-03-10 12:00:00"

# None of these is part of an ordinary message.
SECRETS = {
    "contact": "Zebedeu Quaresma",
    "email": "zebedeu@quaresma.example",
    "phone": "+5511987654321",
    "agent": "Filomena Abrantes",
    "content": "minha senha é abacaxi",
    "feedback": "atendimento catastrófico",
}


def _event_types(result: dg.ExecuteInProcessResult) -> Counter[str]:
    return Counter(event.event_type_value for event in result.all_events)


def test_a_run_retries_a_source_that_refuses_at_first(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = project.source_url.partition("host=")[2].partition("&")[0]
    sockets = tmp_path / "sockets"
    away = replace(project, source_url=project.source_url.replace(real, quote(str(sockets), safe="")))
    server = Path(real.replace("%2F", "/"))
    retry_requested = dg.RetryRequested

    def bring_the_source_back(retries: int, _: float) -> dg.RetryRequested:
        sockets.symlink_to(server)
        return retry_requested(retries, seconds_to_wait=0)

    monkeypatch.setattr(dg, "RetryRequested", bring_the_source_back)
    result = away.load(DAY)
    assert result.success
    assert (_event_types(result)["STEP_UP_FOR_RETRY"], _event_types(result)["STEP_RESTARTED"]) == (1, 1)


def _failures(result: dg.ExecuteInProcessResult) -> list[str]:
    """Return the messages of the failed steps as the UI shows them."""
    failures = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    return [data.user_failure_data.description or "" for data in failures if data.user_failure_data]


def test_a_missing_source_fails_at_once_in_one_line(project: Project) -> None:
    wrong = replace(project, source_url=project.source_url.replace("?host", "_not_there?host"))
    result = wrong.load(DAY, raise_on_error=False)
    assert not result.success
    assert _event_types(result)["STEP_UP_FOR_RETRY"] == 0
    (message,) = {text for text in _failures(result) if "CHATWOOT_DATABASE_URL" in text}
    assert "\n" not in message
    assert "does not exist" in message


def test_a_missing_target_fails_at_once_in_one_line(project: Project) -> None:
    wrong = replace(project, target_url=project.target_url.replace("?host", "_not_there?host"))
    result = wrong.load(DAY, raise_on_error=False)
    assert _event_types(result)["STEP_UP_FOR_RETRY"] == 0
    assert any("ANALYTICS_DATABASE_URL" in text and "\n" not in text for text in _failures(result))


def test_a_failure_upstream_changes_nothing_downstream(project: Project) -> None:
    with project.writing() as writer:
        writer.conversation(NOON)
    project.load(DAY)
    before = project.conversations(), project.daily_summary()
    wrong = replace(project, source_url=project.source_url.replace("?host", "_not_there?host"))
    assert not wrong.load(DAY, raise_on_error=False).success
    assert (project.conversations(), project.daily_summary()) == before


def _events(instance: dg.DagsterInstance, result: dg.ExecuteInProcessResult) -> str:
    """Return everything that is stored of a run's events, as one text."""
    entries = instance.all_logs(result.run_id)
    assert len(entries) > 5
    return "\n".join(
        f"{entry.to_json()} {entry.user_message} {entry.error_info}"  # type: ignore[no-untyped-call]  # Dagster's
        for entry in entries
    )


@pytest.fixture
def personal(project: Project) -> Project:
    with project.writing() as writer:
        writer.contact(7, SECRETS["contact"], email=SECRETS["email"], phone_number=SECRETS["phone"])
        writer.user(8, SECRETS["agent"])
        writer.conversation(NOON, id=1, contact_id=7, assignee_id=8, status=7, priority=70_000)
        writer.message(1, NOON, SECRETS["content"], content_attributes=r'"{\"deleted\": tru"')
        writer.rating(1, NOON, 9, feedback_message=SECRETS["feedback"])
    return project


def _assert_no_secret_in(text: str) -> None:
    escaped = {name: secret.encode("unicode_escape").decode() for name, secret in SECRETS.items()}
    assert [name for name, secret in SECRETS.items() if secret in text or escaped[name] in text] == []


def test_no_event_of_a_run_has_personal_data(personal: Project) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        result = personal.load(DAY, instance=instance)
        assert result.success
        _assert_no_secret_in(_events(instance, result))
    assert personal.conversations()[1]["contact_name"] == SECRETS["contact"]


REFUSED = {
    "by a constraint": "ADD CHECK (contact_name IS NULL)",
    "by its type": "ALTER contact_name TYPE varchar(3), ALTER feedback_message TYPE varchar(3)",
    "by another type": "ALTER contact_name TYPE integer USING 0",
    "by its length in a key": "ADD UNIQUE (contact_name), ADD CHECK (t_messages = 0)",
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED.keys())
def test_no_event_of_a_run_with_refused_rows_has_personal_data(personal: Project, change: str) -> None:
    personal.load(datetime.date(2025, 3, 1))
    with personal.target() as connection:
        # A column that a view reads cannot change its type.
        connection.execute("DROP VIEW vw_conversations_analytics, vw_messages_compiled")
        connection.execute(f"ALTER TABLE conversas_analytics {change}".encode())
    with dg.DagsterInstance.ephemeral() as instance:
        result = personal.load(DAY, instance=instance, raise_on_error=False)
        assert not result.success
        _assert_no_secret_in(_events(instance, result))
    (message,) = {text for text in _failures(result) if "ANALYTICS_DATABASE_URL" in text}
    assert "\n" not in message
