"""The setting TARGETS: what it accepts, and how a wrong value is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatwoot_assets.errors import SettingsError
from chatwoot_assets.settings import Settings
from chatwoot_assets.settings_files import exported_settings
from chatwoot_assets.target_rules import TargetRule, TargetRules, parse_targets

TOML = """
[targets]
first_response = "30m"
resolution = "16h"

[[targets.rules]]
inbox = 12
priority = "urgent"
clock = "calendar"
first_response = "1h30m"

[[targets.rules]]
team = 3
resolution = "none"
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings file of a working directory that has nothing else."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHATWOOT_ASSETS_HOME", str(tmp_path))
    return tmp_path / "chatwoot_assets.toml"


def test_targets_of_a_file_mean_the_same_in_the_environment(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.load().targets == TargetRules()
    file.write_text(TOML)
    expected = TargetRules(
        (
            TargetRule(12, None, "urgent", "calendar", {"first_response": 5_400}),
            TargetRule(None, 3, None, "business", {"resolution": 0}),
            TargetRule(seconds={"first_response": 1_800, "resolution": 57_600}),
        )
    )
    assert Settings.load().targets == expected
    text = exported_settings()["TARGETS"]
    file.unlink()
    monkeypatch.setenv("TARGETS", text)
    assert Settings.load().targets == expected


def test_definition_changes_with_every_setting_and_is_empty_for_none() -> None:
    texts = [
        '{"first_response": "30m"}',
        '{"first_response": "31m"}',
        '{"next_reply": "30m"}',
        '{"first_response": "30m", "clock": "calendar"}',
        '{"rules": [{"inbox": 3, "first_response": "30m"}]}',
        '{"rules": [{"team": 3, "first_response": "30m"}]}',
        '{"rules": [{"priority": "low", "first_response": "30m"}]}',
        '{"rules": [{"priority": "low", "first_response": "none"}]}',
    ]
    assert len({parse_targets(text).definition for text in texts}) == len(texts)
    assert parse_targets('{"clock": "calendar"}').definition == TargetRules().definition == ""


@pytest.mark.parametrize(
    ("toml", "refusal"),
    [
        ("first_response = 30", 'first_response = 30; accepted is a time in hours and minutes, such as "30m"'),
        ('next_reply = "0m"', 'next_reply = "0m"; accepted is a time'),
        ('resolution = "2 days"', 'resolution = "2 days"; accepted is a time'),
        ('resolution = ""', 'resolution = ""; accepted is a time'),
        ('clock = "office"', 'clock = "office"; accepted are business and calendar'),
        ('first_reply = "1h"', "the unknown key first_reply; accepted are clock, first_response, next_reply"),
        ("rules = 1", "rules = 1; accepted are tables [[targets.rules]]"),
        ("rules = [1]", "rules.1 = 1; accepted is a table [[targets.rules]]"),
        ('rules = [{first_response = "1h"}]', "rules.1 for every conversation; accepted is a rule with inbox, team or"),
        ('rules = [{team = "sales"}]', 'rules.1.team = "sales"; accepted is the id of a team, such as 12'),
        ("rules = [{team = true}]", "rules.1.team = true; accepted is the id of a team"),
        ('rules = [{priority = "vip"}]', 'rules.1.priority = "vip"; accepted are urgent, high, medium, low, none'),
        ("rules = [{priority = 1}]", "rules.1.priority = 1; accepted are urgent"),
        ("rules = [{inbox = 1, inboxes = 2}]", "the unknown key rules.1.inboxes; accepted are inbox, team, priority"),
        ("rules = [{inbox = 1}, {inbox = 1}]", "rules.2 for the conversations of another rule; accepted is one rule"),
    ],
)
def test_wrong_value_is_refused_with_its_file_and_key(file: Path, toml: str, refusal: str) -> None:
    file.write_text(f"[targets]\n{toml}\n")
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    assert str(refused.value).startswith(f"TARGETS in {file} has {refusal}")
    assert "\n" not in str(refused.value)


def test_value_that_is_no_table_is_refused() -> None:
    with pytest.raises(
        SettingsError, match=r"^TARGETS is '30m'; accepted are a table in chatwoot_assets.toml and JSON"
    ):
        Settings.from_values({"TARGETS": "30m"})
