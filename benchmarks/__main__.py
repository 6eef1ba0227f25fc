"""`python -m benchmarks NAME [--conversations N]`: run one, print its results, and keep them as JSON."""

from __future__ import annotations

import argparse
import importlib
import json

from benchmarks.data import HOME, bench

_NAMES = ("backfill", "passes", "resume")


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=_NAMES)
    parser.add_argument("--conversations", type=int, default=200_000)
    arguments = parser.parse_args()
    with bench(arguments.conversations) as opened:
        result = {**opened.describe(), **importlib.import_module(f"benchmarks.{arguments.name}").run(opened)}
    text = json.dumps(result, indent=2)
    (HOME / f"{arguments.name}_{arguments.conversations}.json").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
