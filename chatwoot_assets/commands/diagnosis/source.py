"""Chatwoot's database: server, views, privileges, standby, connections and clock."""

from __future__ import annotations

from collections.abc import Iterator

from chatwoot_assets.commands.console import chatwoot_database
from chatwoot_assets.commands.diagnosis.finding import Finding, State, judge, judge_connections
from chatwoot_assets.errors import SourceError
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.clock import skew_warning
from chatwoot_assets.source.deployment import check_views, describe_missing_views, find_missing_views
from chatwoot_assets.source.out_of_range import count_out_of_range
from chatwoot_assets.source.snapshot import Snapshot, snapshot
from chatwoot_assets.sql_files import compose, sql_path

_LARGEST_LAG_SECONDS = 300


def look_at_source(settings: Settings) -> Iterator[Finding]:
    """Yield the findings.

    Raises:
        SourceError: It cannot be reached.
    """
    schema = settings.views_schema
    with snapshot(chatwoot_database(settings)) as source:
        state = source.read(compose(sql_path("source", "server_state.sql"), views_schema=schema)).row(0, named=True)
        yield Finding("Chatwoot's server", State.OK, f"PostgreSQL {state['server_version']}, {state['encoding']}")
        yield judge_connections("Chatwoot's connections", state["connections"], state["max_connections"])
        warning = skew_warning(source.clock_skew)
        yield Finding("clocks", State.WARNING if warning else State.OK, warning or "differ by less than a minute")
        if state["is_standby"]:
            yield from _look_at_standby(state["replay_lag_seconds"], state["hot_standby_feedback"])
        yield judge(
            "row-level security",
            not state["tables_with_policies"],
            f"{state['tables_with_policies']} tables have policies",
            "if they are Chatwoot's, the views' owner needs BYPASSRLS, or reading fails",
        )
        yield judge(
            "privileges on the views",
            not state["unreadable_views"],
            f"not readable: {state['unreadable_views']}" if state["unreadable_views"] else "all are readable",
            "run sql/chatwoot/grants.sql as their owner",
            otherwise=State.ERROR,
        )
        views = _look_at_views(source, settings)
        yield views
        if views.state is State.OK:
            outside = count_out_of_range(source, schema, settings).warning
            yield Finding("partitions", State.WARNING if outside else State.OK, outside or "have every conversation")


def _look_at_standby(lag: float, feedback: str) -> Iterator[Finding]:
    yield judge(
        "replica's lag", lag <= _LARGEST_LAG_SECONDS, f"{lag:,.0f} s since the last replayed transaction",
        "if Chatwoot is busy, replication is behind: see pg_stat_replication on the primary",
    )  # fmt: skip
    yield judge(
        "hot_standby_feedback", feedback == "on", f"is {feedback}",
        "set it to on, or statements may be ended by conflicts with recovery",
    )  # fmt: skip


def _look_at_views(source: Snapshot, settings: Settings) -> Finding:
    schema = settings.views_schema
    if missing := find_missing_views(source, schema):
        return Finding("views", State.ERROR, describe_missing_views(missing, schema))
    try:
        check_views(source, settings.view_options)
    except SourceError as error:
        return Finding("views", State.ERROR, str(error))
    return Finding("views", State.OK, f"are complete in {schema!r}, for {settings.reporting_timezone.key}")
