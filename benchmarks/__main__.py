"""`python -m benchmarks NAME [--conversations N]`: run one, print its results, and keep them as JSON."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys

from benchmarks.data import HOME, bench
from benchmarks.report import keep, show

# Each benchmark, and the source server that it is measured on where none is asked for. Debian's counts what statements
# cost it; the samples of five years are large, and so made on one server only.
SOURCES = {
    "backfill": "embedded",
    "dashboard": "debian",
    "distant": "embedded",
    "dlt": "embedded",
    "indexes": "debian",
    "memory": "debian",
    "refresh": "debian",
    "resume": "embedded",
    "scans": "debian",
    "source_cost": "debian",
}
_COUNTING = {"indexes", "source_cost"}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=SOURCES)
    parser.add_argument("--conversations", type=int, default=200_000, help="in a year, and in each of five years")
    parser.add_argument("--source", choices=("embedded", "debian"), help="the source server; see README.md")
    arguments = parser.parse_args()
    source = arguments.source or SOURCES[arguments.name]
    if arguments.name in _COUNTING and source != "debian":
        parser.error(f"{arguments.name} is what the source server counts, which the embedded one cannot")
    # A benchmark that is told to end stops its servers first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    with bench(arguments.conversations, counts=source == "debian") as opened:
        found = importlib.import_module(f"benchmarks.{arguments.name}").run(opened)
        result = {**opened.describe(), **found}
    keep(result, HOME / f"{arguments.name}_{arguments.conversations}.json")
    show(result)


if __name__ == "__main__":
    main()
