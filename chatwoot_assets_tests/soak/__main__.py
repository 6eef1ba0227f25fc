"""Run random histories for a number of steps: `make soak`.

    python -m chatwoot_assets_tests.soak [--steps 10000] [--seed 1]

Histories run in rounds, each with its own seed. The first difference ends the program, with the shortest history that
shows it and the seed that reproduces it.
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
from chatwoot_assets_tests.soak.environment import SoakEnvironment, soak_environment
from chatwoot_assets_tests.soak.machine import SoakMachine
from chatwoot_assets_tests.soak.source_machine import Tally

STEPS_PER_HISTORY = 40
HISTORIES_PER_ROUND = 25
_SECONDS_BETWEEN_LINES = 5
_NAME = "chatwoot_assets_tests.soak"


def run_histories(
    soak: SoakEnvironment, tally: Tally, round_seed: int, histories: int, steps: int = STEPS_PER_HISTORY
) -> None:
    """Run the histories of a seed.

    Raises:
        Exception: The error of a failing history, with its shortest form as a note by Hypothesis.
    """

    class Machine(SoakMachine):
        environment = soak

    Machine.tally = tally
    profile = settings(
        max_examples=histories,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(seed(round_seed)(Machine), settings=profile)


def main() -> int:
    """Run the program; return its exit code."""
    parser = argparse.ArgumentParser(prog=f"python -m {_NAME}", description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000, help="end after this many steps (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the servers stop too
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
        with soak_environment(server.url("source"), server.url("dagster"), directory) as environment:
            return _run_rounds(environment, first_seed, steps)
    finally:
        embedded.release(server)
        shutil.rmtree(server.directory, ignore_errors=True)


def _run_rounds(environment: SoakEnvironment, first_seed: int, steps: int) -> int:
    tally, is_over = Tally(), threading.Event()
    _print(f"seed {first_seed}, {steps} steps")
    reporter = threading.Thread(target=_report, args=(tally, is_over), daemon=True)
    reporter.start()
    round_seed = first_seed
    try:
        while tally.steps < steps:
            remaining = math.ceil((steps - tally.steps) / STEPS_PER_HISTORY)
            run_histories(environment, tally, round_seed, min(remaining, HISTORIES_PER_ROUND))
            round_seed += 1
    except Exception:
        _print(
            f"\nTo reproduce: python -m {_NAME} --seed {round_seed} --steps {STEPS_PER_HISTORY * HISTORIES_PER_ROUND}"
        )
        raise
    finally:
        is_over.set()
        reporter.join()
        _print(_format(tally))
    return 0


def _report(tally: Tally, is_over: threading.Event) -> None:
    while not is_over.wait(_SECONDS_BETWEEN_LINES):
        _print(_format(tally))


def _format(tally: Tally) -> str:
    seconds = time.monotonic() - tally.started
    counts = ", ".join(f"{count} {name}" for name, count in sorted(tally.counts.items()))
    return (
        f"{seconds:.0f} s: {tally.steps} steps ({tally.steps / seconds:.1f}/s), {tally.histories} histories: {counts}"
    )


def _print(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
