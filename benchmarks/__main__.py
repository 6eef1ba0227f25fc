"""Run a benchmark, print its results, and save them as JSON."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys

from benchmarks.data import HOME, open_bench
from benchmarks.report import save, show

# Each benchmark's default source server. Debian's PostgreSQL has statistics of statements. The samples of five years
# are large, so they are made on one server only.
SOURCES = {
    "backfill": "embedded",
    "dashboard": "debian",
    "distant": "embedded",
    "dlt": "embedded",
    "endless": "embedded",
    "indexes": "debian",
    "memory": "debian",
    "refresh": "debian",
    "resume": "embedded",
    "migration": "embedded",
    "pages": "embedded",
    "scans": "debian",
    "scattered": "embedded",
    "small_change": "debian",
    "source_cost": "debian",
    "steady": "embedded",
}
_NEED_STATISTICS = {"indexes", "small_change", "source_cost"}


def main() -> None:
    """Run the benchmark that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=SOURCES)
    parser.add_argument(
        "--conversations", type=int, default=200_000, help="conversations per year (default: %(default)s)"
    )
    parser.add_argument("--source", choices=("embedded", "debian"), help="the source server; see README.md")
    arguments = parser.parse_args()
    source = arguments.source or SOURCES[arguments.name]
    if arguments.name in _NEED_STATISTICS and source != "debian":
        parser.error(f"{arguments.name} needs a source server with statistics: use --source debian")
    # Stop the servers before ending.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    with open_bench(arguments.conversations, has_statistics=source == "debian") as bench:
        figures = importlib.import_module(f"benchmarks.{arguments.name}").run(bench)
        result = {**bench.describe(), **figures}
    save(result, HOME / f"{arguments.name}_{arguments.conversations}.json")
    show(result)


if __name__ == "__main__":
    main()
