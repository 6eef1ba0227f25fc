"""Dagster's database in random histories: what it says of the days, and pruning."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import dagster as dg
import psycopg

from chatwoot_assets.database_urls import DAGSTER_POSTGRES_URL
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.asset_keys import asset_key
from chatwoot_assets.defs.instance import InstanceStorage
from chatwoot_assets.defs.materializations import PARTITION_ROW_COUNT
from chatwoot_assets.defs.own_definitions import OwnDefinitions
from chatwoot_assets.defs.partitions import DAILY_ASSETS, daily_partitions_definition
from chatwoot_assets.defs.prune import Pruned, prune
from chatwoot_assets.settings import Settings
from chatwoot_assets_tests.defs.instance_statements import read_statements


@dataclass(frozen=True)
class DagsterDatabase:
    """A Dagster instance on PostgreSQL, as in production.

    Attributes:
        instance: The instance.
        url: The URL of its database.
    """

    instance: dg.DagsterInstance
    url: str

    @property
    def directory(self) -> Path:
        """The instance's directory; other processes open the instance from it."""
        return Path(self.instance.root_directory)

    def let_hour_pass(self) -> None:
        """Make everything that happened an hour older."""
        with psycopg.connect(self.url) as connection:
            connection.execute(
                "UPDATE runs SET create_timestamp = create_timestamp - interval '1 hour',"
                " update_timestamp = update_timestamp - interval '1 hour'"
            )

    def prune(self, settings: Settings, days: int) -> tuple[Pruned, list[str]]:
        """Prune the instance some days later; return what was removed and which statements changed."""
        definitions = build_defs(settings)
        daily = daily_partitions_definition(settings).get_partition_keys()
        checks = sorted(definitions.resolve_asset_graph().asset_check_keys)
        assets = [asset_key((), name) for name in DAILY_ASSETS]
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)

        def read() -> dict[str, Any]:
            return read_statements(self.instance, self.url, assets, checks, daily)

        before = read()
        pruned = prune(self.instance, OwnDefinitions.of(definitions), settings.keep_runs_days, now=later)
        after = read()
        return pruned, [f"pruning changed: {kind}" for kind, said in before.items() if after[kind] != said]

    def find_unreported_days(self, target: psycopg.Connection) -> list[str]:
        """Return the loaded days whose latest event has another number of rows than the warehouse."""
        rows = target.execute("SELECT conversation_date, conversations FROM partition_state").fetchall()
        latest = self._latest_row_counts()
        return [
            f"{date} has {count} conversations, reported are {latest.get(str(date))}"
            for date, count in rows
            if latest.get(str(date)) != count
        ]

    def _latest_row_counts(self) -> dict[str, int]:
        records = self.instance.fetch_materializations(asset_key((), "conversas_analytics"), limit=10_000).records
        counts: dict[str, int] = {}
        for record in reversed(records):
            materialization = record.asset_materialization
            assert materialization is not None
            counts[str(materialization.partition)] = int(str(materialization.metadata[PARTITION_ROW_COUNT].value))
        return counts


@contextmanager
def open_dagster_database(url: str, directory: Path) -> Iterator[DagsterDatabase]:
    """Open a Dagster instance on an empty database, with this product's storage."""
    directory.mkdir()
    storage = InstanceStorage
    (directory / "dagster.yaml").write_text(
        "telemetry:\n  enabled: false\n"
        f"storage:\n  custom:\n    module: {storage.__module__}\n    class: {storage.__name__}\n    config: {{}}\n"
    )
    with (
        mock.patch.dict(os.environ, {DAGSTER_POSTGRES_URL: url}),
        dg.DagsterInstance.from_config(str(directory)) as instance,
    ):
        yield DagsterDatabase(instance, url)
