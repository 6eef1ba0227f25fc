"""Loaded conversations for the tests of the metrics."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from chatwoot_assets_tests.project import Project

DATE = datetime.date(2025, 3, 11)


@pytest.fixture
def filled(project: Project) -> Project:
    """A project with conversations around a day, with waits, events, notes and ratings."""
    with project.writing() as writer:
        writer.user(7, "Bia")
        writer.tag(1, "vip")
        for number in range(1, 12):
            day, hour = 10 + number % 3, number + 3
            writer.conversation(f"2025-03-{day} {hour:02}:00", id=number, assignee_id=7 if number % 2 else None)
            writer.message(number, f"2025-03-{day} {hour:02}:01")
            if number % 4:
                columns: dict[str, Any] = {"message_type": 1, "sender_type": "User", "sender_id": 7}
                writer.message(number, f"2025-03-{day} {hour:02}:0{1 + number % 4}", "pois não", **columns)
                writer.message(number, f"2025-03-{day + 1} {hour:02}:00", private=True, **columns)
            if number % 3 < 2:
                writer.event(number, f"2025-03-{day + 1} 12:00", "conversation_resolved", 5.0, user_id=7)
            if number % 3 == 0:
                writer.label(number, 1)
                writer.rating(number, f"2025-03-{day} 20:00", 5)
        writer.rating(1, f"{DATE} 20:00", 4)
    return project
