"""What memory there is: a container's limit counts, not only the machine's."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatwoot_assets.commands.diagnosis import machine
from chatwoot_assets.commands.diagnosis.finding import State
from chatwoot_assets.settings import Settings


@pytest.mark.parametrize(("limit", "state"), [("1073741824\n", State.WARNING), ("max\n", State.OK), (None, State.OK)])
def test_memory_of_a_small_container_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str | None, state: State
) -> None:
    file = tmp_path / "memory.max"
    if limit is not None:
        file.write_text(limit, encoding="ascii")
    monkeypatch.setattr(machine, "_CONTAINER_LIMIT", file)
    monkeypatch.setattr("os.sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 1_000_000}.__getitem__)
    findings = {finding.name: finding for finding in machine.look_at_machine(Settings.from_values({}))}
    assert findings["memory"].state == state
    assert machine.has_little_memory() == (state is State.WARNING)
