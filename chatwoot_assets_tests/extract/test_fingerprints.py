"""Fingerprints: what makes a day differ, what does not, and what is then read again."""

from __future__ import annotations

import datetime
import zoneinfo
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import groups_of
from chatwoot_assets.extract.fingerprints import definition, group_fingerprint, read_fingerprints
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.partitions import Day, days
from chatwoot_assets.refresh.batches import read_batches
from chatwoot_assets.refresh.load import read_files
from chatwoot_assets.refresh.replace import replace_days
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.frames import read_rows
from chatwoot_assets_tests.project import Project, written_days
from chatwoot_assets_tests.source_writer import SourceWriter

FIRST, LAST = datetime.date(2025, 3, 10), datetime.date(2025, 3, 12)
KEYS = ["2025-03-10", "2025-03-11", "2025-03-12"]


@pytest.fixture
def loaded(project: Project) -> Project:
    """Three loaded days with one conversation each: 1, 2 and 3."""
    with project.source() as connection:
        writer = SourceWriter(connection)
        writer.account(1, "Loja")
        writer.user(1, "Ana")
        writer.inbox(1, "WhatsApp", working_hours_enabled=True)
        writer.opens(1, 1, 9 * 60, 18 * 60)
        writer.team(1, "vendas")
        writer.tag(1, "vip")
        writer.contact(1, "Bia")
        for number, key in enumerate(KEYS, start=1):
            writer.conversation(f"{key} 12:00", id=number, inbox_id=1, contact_id=1, assignee_id=1, team_id=1)
            writer.label(number, 1)
            writer.label(number, 1)
            writer.message(number, f"{key} 12:01", "oi", id=number)
            writer.rating(number, f"{key} 13:00", 5, id=number, message_id=number)
            writer.rating(number, f"{key} 12:30", 2, id=10 + number, message_id=10 + number)
    project.load(FIRST, LAST)
    return project


def _source_fingerprints(project: Project) -> dict[FingerprintGroup, dict[Day, str]]:
    zone = project.settings.reporting_timezone
    with snapshot(project.resources["chatwoot"]) as source:
        defined, requested = definition(zone.key), days(KEYS, zone)
        return read_fingerprints(source, "chatwoot_analytics", defined, FingerprintGroup, requested)


def _days_read(result: dg.ExecuteInProcessResult) -> int:
    return len(written_days(result, Dataset.CONVERSATIONS.value))


def _days_loaded(result: dg.ExecuteInProcessResult) -> int:
    return len(written_days(result, "conversas_analytics"))


def _change(project: Project, statement: str) -> None:
    with project.source() as connection:
        connection.execute(statement.encode())


def test_stored_fingerprints_are_the_sources(loaded: Project) -> None:
    fingerprints = _source_fingerprints(loaded)
    for key in KEYS:
        day = loaded.day(key)
        stored = loaded.store.fingerprints(day)
        for group in FingerprintGroup:
            assert group_fingerprint(stored[group.dataset], group) == fingerprints[group][day]


def test_group_read_alone_has_the_fingerprint_it_has_among_others(loaded: Project) -> None:
    zone = loaded.settings.reporting_timezone
    together = _source_fingerprints(loaded)
    with snapshot(loaded.resources["chatwoot"]) as source:
        for group in FingerprintGroup:
            alone = read_fingerprints(source, "chatwoot_analytics", definition(zone.key), [group], days(KEYS, zone))
            assert alone == {group: together[group]}


def test_fingerprint_with_fewer_groups_has_none_of_them() -> None:
    whole = ":".join(["defined", *map(str, range(len(groups_of(Dataset.CONVERSATIONS))))])
    assert group_fingerprint(whole, FingerprintGroup.NAMES) == "defined:1"
    assert group_fingerprint(whole.rpartition(":")[0], FingerprintGroup.NAMES) is None
    assert group_fingerprint(None, FingerprintGroup.NAMES) is None


def test_repeated_run_reads_and_loads_nothing(loaded: Project) -> None:
    before = loaded.conversations()
    result = loaded.load(FIRST, LAST)
    assert (_days_read(result), _days_loaded(result)) == (0, 0)
    assert loaded.conversations() == before


def test_force_reads_and_loads_every_day(loaded: Project) -> None:
    result = loaded.load(FIRST, LAST, force=True)
    assert (_days_read(result), _days_loaded(result)) == (3, 3)


CHANGES = {
    "a status, without updated_at": (
        "UPDATE conversations SET status = 1 WHERE id = 2",
        FingerprintGroup.CONVERSATIONS,
        1,
    ),
    "the agent's removal": (
        "UPDATE conversations SET assignee_id = NULL WHERE id = 2",
        FingerprintGroup.CONVERSATIONS,
        1,
    ),
    "a contact's name": ("UPDATE contacts SET name = 'Clara' WHERE id = 1", FingerprintGroup.NAMES, 3),
    "an inbox's name": ("UPDATE inboxes SET name = 'Zap' WHERE id = 1", FingerprintGroup.NAMES, 3),
    "an agent's name": ("UPDATE users SET name = 'Eva' WHERE id = 1", FingerprintGroup.NAMES, 3),
    "a contact's e-mail": ("UPDATE contacts SET email = 'b@example.com' WHERE id = 1", FingerprintGroup.NAMES, 3),
    "a contact's phone": ("UPDATE contacts SET phone_number = '+5511' WHERE id = 1", FingerprintGroup.NAMES, 3),
    "an inbox's type": ("UPDATE inboxes SET channel_type = 'Channel::Api' WHERE id = 1", FingerprintGroup.NAMES, 3),
    "a first reply": (
        "UPDATE conversations SET first_reply_created_at = created_at + interval '9 s' WHERE id = 2",
        FingerprintGroup.CONVERSATIONS,
        1,
    ),
    "a wait": (
        "UPDATE conversations SET waiting_since = '2025-03-11 12:05' WHERE id = 2",
        FingerprintGroup.CONVERSATIONS,
        1,
    ),
    "a team's name": ("UPDATE teams SET name = 'Trocas' WHERE id = 1", FingerprintGroup.NAMES, 3),
    "an account's name": ("UPDATE accounts SET name = 'Casa' WHERE id = 1", FingerprintGroup.NAMES, 3),
    "an inbox's hours": ("UPDATE working_hours SET close_hour = 17 WHERE inbox_id = 1", FingerprintGroup.NAMES, 3),
    "a label": ("DELETE FROM taggings WHERE taggable_id = 2", FingerprintGroup.LABELS, 1),
    "a label's name": ("UPDATE tags SET name = 'ouro' WHERE id = 1", FingerprintGroup.LABELS, 3),
    "an older of two ratings": (
        "UPDATE csat_survey_responses SET created_at = '2025-03-12' WHERE id = 12; ",
        FingerprintGroup.CSAT,
        1,
    ),
    "a message's text": ("UPDATE messages SET content = 'olá' WHERE id = 2", FingerprintGroup.MESSAGES, 1),
    "a soft deletion": (
        """UPDATE messages SET content_attributes = to_json('{"deleted":true}'::text) WHERE id = 2""",
        FingerprintGroup.MESSAGES,
        1,
    ),
    "a late message": (
        "INSERT INTO messages (id, account_id, inbox_id, conversation_id, message_type, created_at, updated_at)"
        " VALUES (99, 1, 1, 2, 0, '2025-01-01', '2025-01-01')",
        FingerprintGroup.MESSAGES,
        1,
    ),
    "a rating": ("UPDATE csat_survey_responses SET rating = 1 WHERE id = 2", FingerprintGroup.CSAT, 1),
    "a rating's deletion": ("DELETE FROM csat_survey_responses WHERE id = 2", FingerprintGroup.CSAT, 1),
    "a conversation's deletion": ("DELETE FROM conversations WHERE id = 2", FingerprintGroup.CONVERSATIONS, 1),
}


@pytest.mark.parametrize(("statement", "group", "number"), CHANGES.values(), ids=CHANGES.keys())
def test_change_is_found_and_only_its_days_are_read_again(
    loaded: Project, statement: str, group: FingerprintGroup, number: int
) -> None:
    before = _source_fingerprints(loaded)
    _change(loaded, statement)
    after = _source_fingerprints(loaded)
    differing = {day for day in before[group] if before[group][day] != after[group][day]}
    assert len(differing) == number
    result = loaded.load(FIRST, LAST)
    assert (_days_read(result), _days_loaded(result)) == (number, number)
    result = loaded.load(FIRST, LAST)
    assert (_days_read(result), _days_loaded(result)) == (0, 0)


UNCHANGED = {
    "an agent's sign-in": "UPDATE users SET last_sign_in_at = now(), sign_in_count = 7, updated_at = now()",
    "a contact's activity": "UPDATE contacts SET last_activity_at = now(), updated_at = now()",
    "a read receipt": "UPDATE messages SET status = 2, updated_at = now()",
    "somebody having looked": "UPDATE conversations SET agent_last_seen_at = now(), contact_last_seen_at = now()",
    "a rewrite of the tables": "UPDATE conversations SET status = status; UPDATE messages SET content = content",
}


@pytest.mark.parametrize("statement", UNCHANGED.values(), ids=UNCHANGED.keys())
def test_change_that_no_extracted_row_shows_makes_no_day_differ(loaded: Project, statement: str) -> None:
    before = _source_fingerprints(loaded)
    _change(loaded, statement)
    assert _source_fingerprints(loaded) == before


@pytest.mark.parametrize(
    ("first", "instants"),
    [
        (datetime.date(2025, 3, 8), ["03-09 04:59:59", "03-09 05:00", "03-10 03:59:59", "03-10 04:00"]),
        (datetime.date(2025, 11, 1), ["11-02 03:59:59", "11-02 04:00", "11-03 04:59:59", "11-03 05:00"]),
    ],
    ids=["a day of 23 hours", "a day of 25 hours"],
)
def test_days_around_a_clock_change_have_fingerprints_of_their_own_rows(
    postgres: Postgres, tmp_path: Path, first: datetime.date, instants: list[str]
) -> None:
    zone = "America/New_York"
    project = Project.create(postgres.new_database(), postgres.new_database(), tmp_path, timezone=zone, start=first)
    with project.writing() as writer:
        for at in instants:
            writer.conversation(f"2025-{at}")
    keys = [(first + datetime.timedelta(days=n)).isoformat() for n in range(3)]
    last = datetime.date.fromisoformat(keys[-1])
    project.load(first, last)
    requested = days(keys, project.settings.reporting_timezone)
    with snapshot(project.resources["chatwoot"]) as source:
        read = read_fingerprints(
            source, "chatwoot_analytics", definition(zone), [FingerprintGroup.CONVERSATIONS], requested
        )
    assert [project.store.row_count(Dataset.CONVERSATIONS, day) for day in requested] == [1, 2, 1]
    fingerprints = [project.store.fingerprints(day)[Dataset.CONVERSATIONS] for day in requested]
    stored = [group_fingerprint(fingerprint, FingerprintGroup.CONVERSATIONS) for fingerprint in fingerprints]
    assert list(read[FingerprintGroup.CONVERSATIONS].values()) == stored
    assert len(set(stored)) == 3
    assert _days_loaded(project.load(first, last)) == 0


def test_day_that_lost_all_its_rows_is_found_and_emptied(loaded: Project) -> None:
    _change(loaded, "DELETE FROM conversations WHERE id = 2; DELETE FROM messages; DELETE FROM csat_survey_responses")
    loaded.load(FIRST, LAST)
    assert sorted(loaded.conversations()) == [1, 3]
    assert loaded.store.row_count(Dataset.CONVERSATIONS, loaded.day(KEYS[1])) == 0


def test_another_time_zone_counts_as_different(loaded: Project) -> None:
    moved = loaded.with_timezone("UTC")
    result = moved.load(FIRST, LAST)
    assert (_days_read(result), _days_loaded(result)) == (3, 3)


def test_deleted_file_is_read_again(loaded: Project) -> None:
    Path(loaded.store.path(Dataset.MESSAGES, loaded.day(KEYS[1]))).unlink()
    result = loaded.load(FIRST, LAST)
    assert (_days_read(result), _days_loaded(result)) == (1, 0)


def test_next_run_repairs_a_kill_between_two_files_of_a_day(loaded: Project) -> None:
    conversations, stamp = read_rows(loaded.store, Dataset.CONVERSATIONS, loaded.day(KEYS[1]))
    later = stamp.snapshot_at + datetime.timedelta(seconds=1)
    loaded.store.write(Dataset.CONVERSATIONS, loaded.day(KEYS[1]), conversations, later, stamp.fingerprint)
    result = loaded.load(FIRST, LAST)
    assert _days_read(result) == 1
    stamps = loaded.store.stamps(loaded.day(KEYS[1])).values()
    assert len({stamp.snapshot_at for stamp in stamps if stamp}) == 1


def test_rows_of_an_older_snapshot_never_replace_those_of_a_later_one(loaded: Project) -> None:
    zone = loaded.settings.reporting_timezone
    (day,) = days([KEYS[1]], zone)
    rules = MetricRules(zone.key)
    (old,) = read_batches([read_files(day, loaded.store)], loaded.store, rules)
    _change(loaded, "UPDATE conversations SET status = 1 WHERE id = 2")
    loaded.load(FIRST, LAST)
    with loaded.resources["warehouse"].connect() as connection:
        (left,) = replace_days(connection, old, rules.definition, "a slow run")
    assert not left.was_written
    assert loaded.conversations()[2]["status"] == "resolved"


def test_views_of_another_zone_are_refused_if_the_zone_is_utc_too(loaded: Project) -> None:
    utc = replace(loaded, settings=replace(loaded.settings, reporting_timezone=zoneinfo.ZoneInfo("UTC")))
    result = utc.load(FIRST, LAST, raise_on_error=False)
    assert not result.success
    assert loaded.with_timezone("UTC").load(FIRST, LAST).success
