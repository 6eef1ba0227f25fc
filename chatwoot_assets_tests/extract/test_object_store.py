"""Extracts in an object store, against a real S3 server: few requests, no lost or mixed day, errors in one line."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import obstore
import psycopg
import pytest

from chatwoot_assets.change_detection.scan import scan_for_changes
from chatwoot_assets.erasure.files import find_in_files
from chatwoot_assets.erasure.subject import Subject
from chatwoot_assets.errors import ExtractError, UserError
from chatwoot_assets.extract import object_store
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.object_store import list_objects, read_object, write_object
from chatwoot_assets.extract.refresh import RefreshedExtracts
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.refresh.old_contents import drop_contents
from chatwoot_assets.warehouse.extract_manifest import WarehouseManifest, open_store
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.object_stores import SECRET, S3Server, s3_server
from chatwoot_assets_tests.oracle import differences, expected_conversations
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.refreshing import refresh_extracts

FIRST, LAST = datetime.date(2025, 3, 10), datetime.date(2025, 3, 12)
DAYS = 3


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def server(shared_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Server]:
    """The server, which is the only one that the environment names."""
    for name, value in shared_server.environment.items():
        monkeypatch.setenv(name, value)
    object_store.get_client.cache_clear()
    yield shared_server
    object_store.get_client.cache_clear()


@pytest.fixture
def url(server: S3Server, tmp_path: Path) -> str:
    """A place on the server that no other test uses."""
    assert server
    return f"s3://extracts/{tmp_path.name}"


@pytest.fixture
def filled(url: str, postgres: Postgres, tmp_path: Path) -> Project:
    """A project whose extracts go to the server, with three conversations on each of three days."""
    project = Project.create(postgres.new_database(), postgres.new_database(), tmp_path, start=FIRST)
    with project.writing() as writer:
        for n in range(3 * DAYS):
            at = f"{FIRST + datetime.timedelta(days=n % DAYS)} 15:00:00"
            writer.message(writer.conversation(at, id=n + 1), at)
    return replace(project, settings=replace(project.settings, extracts_url=url))


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the store, without what its client repeats over a new connection."""
    asked: list[str] = []
    for name in ("get", "put", "list"):
        operation = getattr(obstore, name)

        def ask(*arguments: Any, name: str = name, operation: Any = operation, **options: Any) -> Any:  # noqa: ANN401
            asked.append(name)
            return operation(*arguments, **options)

        monkeypatch.setattr(obstore, name, ask)
    return asked


def _is_right(project: Project) -> bool:
    with project.source() as connection:
        expected = [
            expected_conversations(connection, "America/Sao_Paulo", FIRST + datetime.timedelta(days=n))
            for n in range(DAYS)
        ]
    return differences({id: row for day in expected for id, row in day.items()}, project.conversations()) == []


def _change(project: Project, text: str = "oi") -> None:
    with project.writing() as writer:
        writer.message(1, "2025-03-14 10:00:00", text, id=90_000 + len(text))


def _store(project: Project) -> ExtractStore:
    return open_store(project.settings.extracts_url, project.resources["warehouse"])


def _refresh_extracts(project: Project, store: ExtractStore | None = None) -> list[RefreshedExtracts]:
    zone = project.settings.reporting_timezone
    chosen = [project.day(FIRST + datetime.timedelta(days=n)) for n in range(DAYS)]
    chatwoot = project.resources["chatwoot"]
    return list(refresh_extracts(chatwoot, zone, chosen, store or _store(project), lambda _: None))


def test_a_loaded_day_costs_eight_requests_and_an_equal_one_none(filled: Project, requests: list[str]) -> None:
    filled.load(FIRST, LAST)
    assert _is_right(filled)
    # One lists the days that the manifest does not know.
    assert Counter(requests) == {"put": 4 * DAYS, "get": 4 * DAYS, "list": 1}
    requests.clear()
    filled.load(FIRST, LAST)
    assert requests == []


def test_old_contents_are_dropped_from_objects(filled: Project, requests: list[str]) -> None:
    filled.load(FIRST, LAST)
    zone, warehouse = filled.settings.reporting_timezone, filled.resources["warehouse"]
    # Nobody has loaded the first day: only its objects are left.
    with filled.target() as connection:
        connection.execute("DELETE FROM partition_state WHERE conversation_date = %s", [FIRST])
    dropped = drop_contents(warehouse, _store(filled), zone, MetricRules(zone.key), 30, "run", lambda _: None)
    assert len(dropped.days) == DAYS
    for number in range(DAYS):
        day = filled.day(FIRST + datetime.timedelta(number))
        file = _store(filled).open_day(day)[Dataset.MESSAGES]
        assert file.rows.collect()["content"].to_list() == [None] * 3
    assert drop_contents(warehouse, _store(filled), zone, MetricRules(zone.key), 30, "run", lambda _: None).days == []
    # The manifest knows the objects as they are now.
    requests.clear()
    refreshed = refresh_extracts(
        filled.resources["chatwoot"], zone, [filled.day(FIRST), filled.day(LAST)], _store(filled), lambda _: None
    )
    assert [each.written for each in refreshed] == [{}, {}]
    assert requests == []


def test_a_new_message_reads_four_objects_and_writes_two(filled: Project, requests: list[str]) -> None:
    filled.load(FIRST, LAST)
    _change(filled)
    requests.clear()
    filled.load(FIRST, LAST)
    assert _is_right(filled)
    assert Counter(requests) == {"get": 4, "put": 2}


def test_a_day_whose_majority_changed_costs_nine_requests(filled: Project, requests: list[str]) -> None:
    filled.load(FIRST, LAST)
    with filled.writing() as writer:
        for n in range(2):  # of the first day's three conversations
            writer.message(1 + DAYS * n, "2025-03-14 10:00:00", "oi", id=90_000 + n)
    requests.clear()
    filled.load(FIRST, LAST)
    assert _is_right(filled)
    # Its conversations show what changed; then four objects are written, and read to be loaded.
    assert Counter(requests) == {"get": 5, "put": 4}


def test_a_new_warehouse_takes_the_days_from_the_object_store(filled: Project, postgres: Postgres) -> None:
    filled.load(FIRST, LAST)
    other = replace(filled, target_url=postgres.new_database())
    assert [each.written for each in _refresh_extracts(other)] == [{}] * DAYS
    other.load(FIRST, LAST)
    assert _is_right(other)


@pytest.mark.parametrize("written", range(4))
def test_a_run_that_is_killed_between_two_files_is_made_right(
    filled: Project, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    filled.load(FIRST, LAST)
    _change(filled)
    with filled.writing() as writer:  # so that all four files differ
        writer.rating(1, "2025-03-14 11:00:00", 5, id=90_000)
        writer.event(1, "2025-03-14 11:00:00", "conversation_resolved", id=90_000)
    with monkeypatch.context() as patched:
        allowed = list(range(written))

        def write(url: str, content: bytes | bytearray) -> None:
            if not allowed:
                raise KeyboardInterrupt
            allowed.pop()
            write_object(url, content)

        patched.setattr("chatwoot_assets.extract.parquet_file.write_object", write)
        # One file after the other, so that it is known which are written.
        patched.setattr(ExtractStore, "workers", 1)
        with pytest.raises(KeyboardInterrupt):
            _refresh_extracts(filled)
    # Nobody takes the day for loaded, even if the change is taken back.
    with filled.source() as connection:
        connection.execute("DELETE FROM messages WHERE created_at = '2025-03-14 10:00:00'")
    changes = scan_for_changes(
        filled.settings, filled.resources["chatwoot"], filled.resources["warehouse"], recent=5000
    )
    assert FIRST in [day.date for day in changes.days]
    filled.load(FIRST, LAST)
    assert _is_right(filled)
    days = [filled.day(FIRST)]
    assert _store(filled).complete_days(days).keys() == set(days)
    assert "oi" not in _store(filled).open_day(days[0])[Dataset.MESSAGES].rows.collect()["content"].to_list()


def test_two_writers_never_record_a_mixture(filled: Project) -> None:
    filled.load(FIRST, LAST)
    _change(filled)
    warehouse = filled.resources["warehouse"]
    url = filled.settings.extracts_url
    other = WarehouseManifest(warehouse, url)

    class Overtaken(WarehouseManifest):
        def forget(self, dates: Iterable[datetime.date]) -> None:
            super().forget(dates)
            other.forget([FIRST])

    _refresh_extracts(filled, ExtractStore(url, Overtaken(warehouse, url)))
    assert FIRST not in other.find([FIRST])
    filled.load(FIRST, LAST)
    assert _is_right(filled)


@pytest.mark.parametrize("damage", ["flipped", "cut", "missing", "older"])
def test_a_damaged_object_is_reported_and_written_again(filled: Project, url: str, damage: str) -> None:
    damaged = f"{url}/{Dataset.MESSAGES.value}/{FIRST}.parquet"
    filled.load(FIRST, LAST)
    old = read_object(damaged)
    _change(filled)
    filled.load(FIRST, LAST)
    content = read_object(damaged)
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    if damage == "missing":
        obstore.delete(object_store.get_client("s3://extracts"), damaged.removeprefix("s3://extracts/"))
    else:
        write_object(damaged, {"older": old, "flipped": flipped, "cut": content[:middle]}[damage])
    _change(filled, "tudo bem?")
    filled.load(FIRST, LAST)
    assert _is_right(filled)
    with filled.target() as connection:
        connection.execute("DELETE FROM conversas_analytics WHERE conversation_date = %s", [FIRST])
    filled.load(FIRST, LAST)
    assert _is_right(filled)


def test_an_outage_is_transient_and_leaves_nothing_behind(filled: Project, server: S3Server) -> None:
    filled.load(FIRST, LAST)
    _change(filled)
    server.stop()
    try:
        with pytest.raises(ExtractError, match="tried again later") as raised:
            _refresh_extracts(filled)
    finally:
        server.start()
    assert raised.value.transient
    assert "\n" not in str(raised.value)
    filled.load(FIRST, LAST)
    assert _is_right(filled)


REFUSED = {
    "wrong secret": ({"AWS_SECRET_ACCESS_KEY": "a-wrong-secret"}, "s3://extracts/a", "refuses access"),
    "unknown key": ({"AWS_ACCESS_KEY_ID": "another-key"}, "s3://extracts/a", "refuses access"),
    "no bucket": ({}, "s3://no-such-bucket/a", "bucket does not exist"),
}


@pytest.mark.parametrize(("environment", "place", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_no_retry_mends_is_one_line_of_advice(
    server: S3Server, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], place: str, reason: str
) -> None:
    assert server
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for use in (lambda: write_object(f"{place}/a", b"1"), lambda: list_objects(place)):
        with pytest.raises(UserError, match=reason) as raised:
            use()
        assert not raised.value.transient
        assert "\n" not in str(raised.value)
        assert SECRET not in str(raised.value)


def test_objects_are_listed_and_read(url: str) -> None:
    assert list_objects(url) == []
    for name in ("b", "a/c", "a d"):
        write_object(f"{url}/{name}", name.encode())
    assert list_objects(url) == [f"{url}/a d", f"{url}/a/c", f"{url}/b"]
    assert read_object(f"{url}/a/c") == b"a/c"
    with pytest.raises(FileNotFoundError):
        read_object(f"{url}/nothing")


def test_what_was_erased_is_found_in_objects_until_it_is_gone(filled: Project, url: str) -> None:
    filled.load(FIRST, LAST)
    subject = Subject("conversation", 1)
    found = find_in_files(ExtractStore(url), subject, lambda _: None)
    assert (found.files, found.unreadable, [each.kind for each in found.found]) == (
        4 * DAYS,
        [],
        ["conversations", "messages"],
    )
    with psycopg.connect(filled.source_url) as connection:
        connection.execute("DELETE FROM messages WHERE conversation_id = 1")
        connection.execute("DELETE FROM conversations WHERE id = 1")
    filled.load(FIRST, LAST)
    assert find_in_files(ExtractStore(url), subject, lambda _: None).found == []
