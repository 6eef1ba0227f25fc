"""`make soak`: random histories until there were so many steps.

    python -m chatwoot_assets_tests.soak [--steps 10000] [--seed 1]

Histories come in rounds, each of a seed of its own. A difference ends it: with the shortest history that
shows it, and with the seed that finds it again.
"""

from __future__ import annotations

import argparse
import math
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets_tests.servers import UNSAFE
from chatwoot_assets_tests.soak.bench import Bench, bench
from chatwoot_assets_tests.soak.machine import History, Tally

STEPS_PER_HISTORY = 40
HISTORIES_PER_ROUND = 25
_SECONDS_BETWEEN_LINES = 5
_NAME = "chatwoot_assets_tests.soak"


def run_histories(on: Bench, tally: Tally, seeded: int, histories: int, steps: int = STEPS_PER_HISTORY) -> None:
    """Run histories of a seed; raises what hypothesis does where one goes wrong, its shortest form as a note."""

    class Seeded(History):
        bench = on

    Seeded.tally = tally
    chosen = settings(
        max_examples=histories,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(seed(seeded)(Seeded), settings=chosen)


def main() -> int:
    """Run; return the exit code."""
    parser = argparse.ArgumentParser(prog=f"python -m {_NAME}", description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000, help="end when there were so many")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that its servers stop with it
    signal.signal(signal.SIGINT, signal.default_int_handler)
    directory = Path(tempfile.mkdtemp(prefix="chatwoot-assets-soak-"))
    directory.chmod(0o755)
    try:
        return _soak(directory, arguments.seed, arguments.steps)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _soak(directory: Path, first_seed: int, steps: int) -> int:
    server = embedded.start(directory / "source", UNSAFE)
    try:
        with bench(server.url("source"), directory) as on:
            return _rounds(on, first_seed, steps)
    finally:
        embedded.release(server)
        shutil.rmtree(server.directory, ignore_errors=True)


def _rounds(on: Bench, first_seed: int, steps: int) -> int:
    tally, over = Tally(), threading.Event()
    _say(f"seed {first_seed}, {steps} steps")
    reporter = threading.Thread(target=_report, args=(tally, over), daemon=True)
    reporter.start()
    seeded = first_seed
    try:
        while tally.steps < steps:
            left = math.ceil((steps - tally.steps) / STEPS_PER_HISTORY)
            run_histories(on, tally, seeded, min(left, HISTORIES_PER_ROUND))
            seeded += 1
    except Exception:
        _say(f"\nagain: python -m {_NAME} --seed {seeded} --steps {STEPS_PER_HISTORY * HISTORIES_PER_ROUND}")
        raise
    finally:
        over.set()
        reporter.join()
        _say(_line(tally))
    return 0


def _report(tally: Tally, over: threading.Event) -> None:
    while not over.wait(_SECONDS_BETWEEN_LINES):
        _say(_line(tally))


def _line(tally: Tally) -> str:
    seconds = time.monotonic() - tally.began
    done = ", ".join(f"{count} {name}" for name, count in sorted(tally.done.items()))
    return f"{seconds:.0f} s: {tally.steps} steps ({tally.steps / seconds:.1f}/s), {tally.histories} histories: {done}"


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
