"""How many examples Hypothesis tries: few while you work, all of them in `make test`.

Profile `dev` is the default. `make test` chooses `ci` (`--hypothesis-profile=ci`), and so does the variable `CI`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from hypothesis import HealthCheck, settings


def register_profiles() -> None:
    """Register both profiles and load the one that fits the environment."""
    # In continuous integration Hypothesis has loaded its own profile by now: a fixed seed, and no database of examples.
    own = settings.default
    settings.register_profile("ci", own, deadline=None)
    settings.register_profile("dev", own, deadline=None, max_examples=20)
    settings.load_profile("ci" if os.environ.get("CI") == "true" else "dev")


def examples(count: int, *, suppress_health_check: Sequence[HealthCheck] = ()) -> settings:
    """Return settings for a property that needs `count` examples; profile `dev` tries no more than its own number.

    A property without them gets the 100 of profile `ci`, or those of `dev`.
    """
    own = settings.default
    assert own is not None
    if settings.get_current_profile_name().startswith("dev"):
        count = min(count, own.max_examples)
    suppressed = [*own.suppress_health_check, *suppress_health_check]
    return settings(max_examples=count, suppress_health_check=suppressed)
