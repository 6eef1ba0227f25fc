"""Compute a metric for a period, by a dimension and filters, with the dashboard's queries."""

from __future__ import annotations

import calendar
import datetime
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

import psycopg
from psycopg.rows import dict_row

from chatwoot_assets.assistant.metrics import ATTRIBUTE, GRAINS, METRICS, NOT_SPLIT, Metric, Row
from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.dashboard.filter_options import FilterOptions, build_filter_options
from chatwoot_assets.dashboard.filters import LIST_PARAMETERS, ONE_DAY, Filters, Period, query_parameters
from chatwoot_assets.dashboard.formats import Language
from chatwoot_assets.dashboard.i18n import translate
from chatwoot_assets.dashboard.status import WarehouseStatus, read_status
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.sql_files import compose, sql_path

MAX_GROUPS = 200
_FILTER_OF = {"inbox": "inboxes", "agent": "agents", "team": "teams", "label": "labels"}


@dataclass(frozen=True)
class Group:
    """A value of a dimension, with the metric's value.

    Attributes:
        id: The id, label, status, rating, or first day.
        name: Its name for people.
        value: The metric's value; None if there is nothing to compute it from.
    """

    id: int | str
    name: str
    value: float | None


class Numbers:
    """The metrics of one warehouse.

    Args:
        pool: Connections to it.
        language: The language of names that the product gives, such as those of deleted inboxes.
    """

    def __init__(self, pool: ReadOnlyPool, language: Language = "en") -> None:
        self.pool = pool
        self.language: Language = language

    def options(self) -> dict[str, dict[Any, str]]:
        """Return the names of accounts, inboxes, agents, teams and labels by their ids."""
        return dict(self.filter_options().names)

    def filter_options(self) -> FilterOptions:
        """Return the options of the filter bar, without custom attributes."""
        return build_filter_options(self._rows(Filters(), {}, "filter_options"), self._translate)

    def attributes(self) -> dict[tuple[str, str], list[str]]:
        """Return the values of each custom attribute by its source and key. Attributes may be personal."""
        rows = self._rows(Filters(), {}, "attribute_options")
        return build_filter_options([], self._translate, rows).attributes

    def _translate(self, key: str, **values: object) -> str:
        return translate(key, self.language, **values)

    def status(self) -> WarehouseStatus:
        """Return which days are loaded, and up to when."""
        return self.pool.read(read_status)

    def value(
        self,
        metric: str,
        filters: Filters,
        until: datetime.datetime | None = None,
    ) -> float | None:
        """Return a metric for everything that the filters select in their custom period.

        Args:
            metric: One of METRICS.
            filters: The filters.
            until: The instant up to which what happened counts, for all that the filters select; None for the end of
                the period.
        """
        declared = _checked(metric, filters)
        parameters = {"dimension": "all", **({"until": until.isoformat()} if until else {})}
        rows = self._rows(filters, parameters, declared.query)
        return _value(declared, _total(declared, rows))

    def groups(
        self,
        metric: str,
        dimension: str,
        filters: Filters,
        attribute: tuple[str, str] | None = None,
        limit: int | None = MAX_GROUPS,
    ) -> list[Group]:
        """Return a metric by a dimension: time in order, everything else by value, the largest first.

        Args:
            metric: One of METRICS.
            dimension: One of its dimensions.
            filters: The filters.
            attribute: The source and the key of the custom attribute, for the dimension `attribute`.
            limit: How many groups to return at most, except of time; None for all.

        Raises:
            SettingsError: The metric cannot be split by the dimension or the filters.
        """
        declared = _checked(metric, filters)
        if dimension not in declared.dimensions:
            raise SettingsError(f"{metric} can be split by: {', '.join(declared.dimensions)}")
        if dimension in declared.native:
            values = self._native(declared, dimension, filters, attribute)
        else:
            values = self._one_by_one(declared, dimension, filters)
        names = self.options().get(_FILTER_OF.get(dimension, ""), {})
        groups = [Group(key, _name(dimension, key, names), value) for key, value in values.items()]
        if dimension in (*GRAINS, "weekday", "hour"):
            return sorted(groups, key=lambda group: (isinstance(group.id, str), group.id))
        return sorted(groups, key=lambda group: (group.value is None, -(group.value or 0), group.name))[:limit]

    def _native(
        self,
        declared: Metric,
        dimension: str,
        filters: Filters,
        attribute: tuple[str, str] | None,
    ) -> dict[Any, float | None]:
        """Return the values of a dimension that the query has."""
        if dimension in GRAINS:
            rows = self._rows(filters, {"dimension": "time", "grain": dimension}, declared.query)
            key = "backlog_date" if declared.query == "backlog" else "starts_on"
            first = filters.custom.first if filters.custom else datetime.date.min
            return {
                row[key].isoformat(): _value(declared, row) for row in rows if key == "starts_on" or row[key] >= first
            }
        if dimension in ("weekday", "hour"):
            return self._cycle(declared, dimension, filters)
        keys = dict(zip(("attribute_source", "attribute_key"), attribute or (), strict=False))
        rows = self._rows(filters, {"dimension": dimension, **keys}, declared.query)
        key = "group_name" if dimension in ("status", "label", ATTRIBUTE) else "group_id"
        return {row[key]: _value(declared, row) for row in rows}

    def _cycle(self, declared: Metric, dimension: str, filters: Filters) -> dict[Any, float | None]:
        """Return sums per weekday (0 for Sunday) or per hour of the day."""
        sums: dict[Any, float] = defaultdict(float)
        for row in self._rows(filters, {"dimension": "hour"}, declared.query):
            if "group_id" in row:
                weekday, hour = divmod(row["group_id"], 24)
            else:
                weekday, hour = row["day_of_week"], row["hour"]
            sums[weekday if dimension == "weekday" else hour] += _value(declared, row) or 0
        return dict(sums)

    def _one_by_one(self, declared: Metric, dimension: str, filters: Filters) -> dict[Any, float | None]:
        """Return the values of a dimension that the query does not have, by one query for each."""
        values: dict[Any, float | None] = {}
        for key, selection in self._selections(dimension, filters):
            value = _value(declared, _total(declared, self._rows(selection, {"dimension": "all"}, declared.query)))
            if value or (value is not None and declared.unit != "count"):
                values[key] = value
        return values

    def _selections(self, dimension: str, filters: Filters) -> list[tuple[Any, Filters]]:
        period = filters.custom
        assert period is not None
        if dimension in GRAINS:
            parts: dict[datetime.date, Period] = {}
            for date in period.dates():
                start = _start_of(date, dimension)
                parts[start] = Period(parts[start].first if start in parts else date, date)
            if len(parts) > MAX_GROUPS:
                raise SettingsError(f"{len(parts)} parts are too many; choose a longer unit or a shorter period")
            return [(start.isoformat(), replace(filters, custom=part)) for start, part in parts.items()]
        list_name = _FILTER_OF[dimension]
        selected = getattr(filters, list_name)
        keys = [key for key in self.options()[list_name] if not selected or key in selected]
        if len(keys) > MAX_GROUPS:
            raise SettingsError(f"{len(keys)} groups are too many; select some with a filter")
        only: list[tuple[Any, dict[str, Any]]] = [(key, {list_name: (key,)}) for key in keys]
        return [(key, replace(filters, **change)) for key, change in only]

    def _rows(self, filters: Filters, parameters: dict[str, Any], query: str) -> list[Row]:
        period = filters.custom or Period(datetime.date.min, datetime.date.min)
        values = {**query_parameters(filters, period), "needs_reply": False, **parameters}
        statement = compose(sql_path("dashboard", f"{query}.sql"), **values)

        def work(connection: psycopg.Connection) -> list[Row]:
            with connection.cursor(row_factory=dict_row) as cursor:
                return cursor.execute(statement).fetchall()

        return self.pool.read(work)


def _checked(metric: str, filters: Filters) -> Metric:
    declared = METRICS.get(metric)
    if declared is None:
        raise SettingsError(f"there is no metric {metric!r}; list_metrics names them")
    refused = [LIST_PARAMETERS[name] for name in NOT_SPLIT if getattr(filters, name)]
    if refused and not declared.is_split:
        raise SettingsError(f"{metric} cannot be filtered by {' or '.join(refused)}")
    return declared


def _total(declared: Metric, rows: list[Row]) -> Row:
    if declared.query == "hourly_messages":
        return {key: sum(row[key] for row in rows) for key in ("incoming", "outgoing")}
    if declared.query == "backlog":  # the end of the last day that is loaded; the first row is the day before
        return next((row for row in reversed(rows[1:]) if row["open"] is not None), {"open": None})
    return rows[-1] if rows else {}


def _value(declared: Metric, row: Row) -> float | None:
    value = declared.value(row)
    if value is None:
        return 0 if declared.unit == "count" and not row else None  # nothing counted, or not known
    return int(value) if declared.unit == "count" else float(value)


def _start_of(date: datetime.date, grain: str) -> datetime.date:
    if grain == "week":
        return date - date.weekday() * ONE_DAY
    return date.replace(day=1) if grain == "month" else date


def _name(dimension: str, key: Any, names: dict[Any, str]) -> str:  # noqa: ANN401  # any dimension's key
    if dimension == "weekday":
        return str(calendar.day_name[(key - 1) % 7])
    if dimension == "hour":
        return f"{key:02}:00"
    return names.get(key) or str(key or "none")
