"""A complete project for one test: settings, a source with the views, and a target.

Tests load days through the definitions that users get.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import dagster as dg
import psycopg
from psycopg.rows import dict_row

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS, refresh_config
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day, day
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.refresh.campaigns import refresh_campaigns
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.create import create_views
from chatwoot_assets.sql_files import sql_path
from chatwoot_assets_tests.source_writer import SourceWriter


def range_tags(first: str, last: str) -> dict[str, str]:
    """Return the tags with which Dagster makes one run of assets for all days from `first` to `last`."""
    return {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}


QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def create_chatwoot(url: str) -> None:
    """Create Chatwoot's tables and indexes, without rows."""
    with psycopg.connect(url) as connection:
        for name in ("tables.sql", "indexes.sql"):
            connection.execute(sql_path("sample", name).read_bytes())


def written_days(result: dg.ExecuteInProcessResult, asset: str) -> list[str]:
    """Return the days of an asset that a run wrote, in order, by what it reported."""
    events = result.filter_events(lambda event: event.is_step_materialization)
    materializations = [event.step_materialization_data.materialization for event in events]
    return sorted(
        str(materialization.partition)
        for materialization in materializations
        if materialization.asset_key == dg.AssetKey(asset) and "unchanged" not in materialization.metadata
    )


@dataclass(frozen=True)
class Project:
    """A source, a target, and the definitions between them."""

    source_url: str
    target_url: str
    settings: Settings

    @classmethod
    def create(
        cls,
        source_url: str,
        target_url: str,
        directory: Path,
        *,
        timezone: str = "America/Sao_Paulo",
        start: datetime.date = datetime.date(2018, 1, 1),
        empty: bool = True,
    ) -> Project:
        """Create a project with its views; if `empty`, create Chatwoot's tables first."""
        settings = Settings(
            chatwoot_url_is_set=False,
            analytics_url_is_set=False,
            views_schema="chatwoot_analytics",
            reporting_timezone=zoneinfo.ZoneInfo(timezone),
            partitions_start_date=start,
            extracts_url=str(directory / "extracts"),
            home=directory,
        )
        if empty:
            create_chatwoot(source_url)
        project = cls(source_url, target_url, settings)
        project.create_views()
        return project

    @property
    def store(self) -> ExtractStore:
        return ExtractStore(self.settings.extracts_url)

    def day(self, date: datetime.date | str) -> Day:
        """Return the partition of a date, also given as `YYYY-MM-DD`."""
        return day(datetime.date.fromisoformat(str(date)), self.settings.reporting_timezone)

    @property
    def resources(self) -> dict[str, Any]:
        return {
            "chatwoot": ChatwootDatabase(
                url=self.source_url,
                views_schema=self.settings.views_schema,
                custom_attributes=self.settings.custom_attributes,
                mask=self.settings.mask,
                inline_timezone=self.settings.inline_timezone,
            ),
            "warehouse": Warehouse(url=self.target_url),
        }

    def create_views(self) -> None:
        with self.source() as connection:
            create_views(connection, self.settings.view_options, change_timezone=True)

    def with_timezone(self, timezone: str) -> Project:
        """Return the same project in another reporting time zone, and replace its views."""
        changed = replace(self, settings=replace(self.settings, reporting_timezone=zoneinfo.ZoneInfo(timezone)))
        changed.create_views()
        return changed

    @contextmanager
    def source(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.source_url, options="-c timezone=UTC") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[SourceWriter]:
        """Write rows into the source, which has account 1, inbox 10 and contact 1."""
        with self.source() as connection:
            writer = SourceWriter(connection)
            if connection.execute("SELECT 1 FROM accounts").fetchone() is None:
                writer.account(1, "Loja")
                writer.inbox(10, "Suporte")
                writer.contact(1, "Ana")
            yield writer

    @contextmanager
    def target(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.target_url, options="-c timezone=UTC") as connection:
            yield connection

    def load(
        self,
        first: datetime.date,
        last: datetime.date | None = None,
        *,
        instance: dg.DagsterInstance | None = None,
        raise_on_error: bool = True,
        force: bool = False,
    ) -> dg.ExecuteInProcessResult:
        """Refresh the days from `first` to `last` in one run, as users do."""
        days = [self.day(first + datetime.timedelta(days=n)) for n in range(((last or first) - first).days + 1)]
        job = build_defs(self.settings).resolve_job_def(REFRESH_DAYS)
        return job.execute_in_process(
            resources=self.resources,
            run_config={**QUIET, **refresh_config(days, force=force)},
            instance=instance,
            raise_on_error=raise_on_error,
        )

    def load_campaigns(self) -> None:
        """Load campaigns and their deliveries."""
        refresh_campaigns(self.resources["chatwoot"], self.resources["warehouse"], lambda _: None, compare_all=True)

    def conversations(self) -> dict[int, dict[str, Any]]:
        """Return all rows of conversas_analytics by id, each with its `message_compiled`."""
        query = (
            "SELECT c.*, v.message_compiled FROM conversas_analytics AS c"
            " JOIN vw_messages_compiled AS v ON v.conversation_id = c.id"
        )
        with self.target() as connection, connection.cursor(row_factory=dict_row) as cursor:
            return {row["id"]: row for row in cursor.execute(query)}

    def daily_summary(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        return self._by_key("daily_summary", ("conversation_date", "account_id", "inbox_id", "status"))

    def mvw_daily_summary(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        return self._by_key("mvw_daily_summary", ("conversation_date", "inbox_name", "status"))

    def _by_key(self, table: str, key: tuple[str, ...]) -> dict[tuple[Any, ...], dict[str, Any]]:
        query = psycopg.sql.SQL("SELECT * FROM {}").format(psycopg.sql.Identifier(table))
        with self.target() as connection, connection.cursor(row_factory=dict_row) as cursor:
            return {tuple(row[name] for name in key): row for row in cursor.execute(query)}
