"""This machine: versions, memory, disk, and which databases the settings name."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from chatwoot_assets.commands.diagnosis.finding import Finding, State, judge
from chatwoot_assets.database_urls import DATABASE_URLS, database_url, embedded_is_allowed, missing_url_error
from chatwoot_assets.settings import Settings

_PACKAGES = ("chatwoot_assets", "dagster", "polars", "psycopg", "adbc-driver-postgresql")
_GIB = 2**30
# `ui` and the dashboard peak at 1 GB while days are reloaded, and PostgreSQL and the system need their part.
_LEAST_MEMORY, _LEAST_DISK = 1.9 * _GIB, 2 * _GIB
_CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")
MEMORY_ADVICE = (
    "`ui` and the dashboard need 2 GB; with 1 GB run code-server, daemon and dashboard without a web interface,"
    " with less use cron and the command line"
)


def look_at_machine(settings: Settings) -> Iterator[Finding]:
    """Yield the findings."""
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    yield Finding("versions", State.OK, f"Python {platform.python_version()}, {versions}")
    memory = read_memory()
    yield judge("memory", memory >= _LEAST_MEMORY, f"{memory / _GIB:.1f} GB", MEMORY_ADVICE)
    yield from _look_at_disk(settings)
    for variable in DATABASE_URLS:
        yield _look_at_url(variable)


def read_memory() -> int:
    """Return the bytes of memory that this process and its siblings may use: the machine's, or a container's limit."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = _CONTAINER_LIMIT.read_text(encoding="ascii").strip()
    except OSError:  # not in a container, or one of the older kind
        return memory
    return min(memory, int(limit)) if limit.isdigit() else memory


def has_little_memory() -> bool:
    """Return whether there is less memory than `ui` and the dashboard need together."""
    return read_memory() < _LEAST_MEMORY


def _look_at_disk(settings: Settings) -> Iterator[Finding]:
    places = {"home": settings.home}
    if "://" not in settings.extracts_url:
        places["extracts"] = Path(settings.extracts_url)
    for name, place in places.items():
        existing = next(path for path in (place, *place.parents) if path.exists())
        free = shutil.disk_usage(existing).free
        yield judge(
            f"disk of the {name}",
            free >= _LEAST_DISK,
            f"{free / _GIB:,.1f} GB are free at {existing}",
            "free space, or set another directory",
        )
        yield judge(
            f"permissions of the {name}",
            os.access(existing, os.W_OK | os.X_OK),
            f"{existing} is writable" if os.access(existing, os.W_OK) else f"{existing} is not writable",
            "change its owner, or set another directory",
            otherwise=State.ERROR,
        )


def _look_at_url(variable: str) -> Finding:
    if database_url(variable):
        return Finding(variable, State.OK, "is set")
    if embedded_is_allowed():
        return Finding(variable, State.OK, "is not set: the embedded server is used")
    return Finding(variable, State.ERROR, str(missing_url_error(variable)))
