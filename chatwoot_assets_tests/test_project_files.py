"""The files around the code say what the project does: workflows, hooks, templates, lock file, changelog."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_ROOT = Path(__file__).parent.parent
_GITHUB = _ROOT / ".github"
_WORKFLOWS = sorted((_GITHUB / "workflows").glob("*.yml"))
_FORMS = [path for path in sorted((_GITHUB / "ISSUE_TEMPLATE").glob("*.yml")) if path.name != "config.yml"]
_PROJECT = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _load(path: Path) -> Any:  # noqa: ANN401 - a YAML document
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _names(path: Path) -> str:
    return path.name


def _steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", _WORKFLOWS, ids=_names)
def test_a_workflow_may_only_read_and_names_a_release_of_each_action(path: Path) -> None:
    workflow = _load(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert all(job["timeout-minutes"] <= 45 for job in workflow["jobs"].values())
    actions = [step["uses"] for step in _steps(workflow) if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", action) for action in actions), actions


@pytest.mark.parametrize("path", _WORKFLOWS, ids=_names)
def test_a_workflow_calls_targets_and_scripts_that_exist(path: Path) -> None:
    commands = [line for step in _steps(_load(path)) for line in step.get("run", "").splitlines()]
    targets = re.findall(r"^make ([a-z-]+)", "\n".join(commands), re.MULTILINE)
    assert targets
    assert set(targets) <= _phony_targets()
    scripts = re.findall(r"^bash (\S+)", "\n".join(commands), re.MULTILINE)
    assert all((_ROOT / script).is_file() for script in scripts)


def test_pull_requests_are_tested_on_the_oldest_and_the_newest_python() -> None:
    workflow = _load(_GITHUB / "workflows" / "tests.yml")
    # YAML 1.1 reads the key `on` as true.
    assert workflow[True]["push"] == {"branches": ["main"]}
    assert "pull_request" in workflow[True]
    versions = workflow["jobs"]["locked"]["strategy"]["matrix"]["python"]
    assert [f">={versions[0]}", len(versions)] == [_PROJECT["requires-python"], 2]
    assert versions[1] in workflow["jobs"]["newest"]["container"]["image"]


@pytest.mark.parametrize("path", _FORMS, ids=_names)
def test_an_issue_form_is_complete_and_asks_for_no_personal_data(path: Path) -> None:
    form = _load(path)
    assert form["name"]
    assert form["description"]
    inputs = [field for field in form["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in inputs}) == len(inputs)
    assert all(field["attributes"]["label"] for field in inputs)
    (privacy,) = [field for field in inputs if field["id"] == "privacy"]
    assert [option["required"] for option in privacy["attributes"]["options"]] == [True]


def test_dependabot_watches_the_packages_and_the_actions() -> None:
    updates = _load(_GITHUB / "dependabot.yml")["updates"]
    assert [update["package-ecosystem"] for update in updates] == ["pip", "github-actions"]


def test_hooks_run_programs_of_the_environment_and_download_nothing() -> None:
    repositories = _load(_ROOT / ".pre-commit-config.yaml")["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    for hook in repositories[0]["hooks"]:
        directory, program = hook["entry"].split()[0].rsplit("/", 1)
        assert (hook["language"], directory) == ("system", ".venv/bin")
        assert (Path(sys.executable).parent / program).exists()
    subprocess.run([Path(sys.executable).parent / "pre-commit", "validate-config"], cwd=_ROOT, check=True)


def test_the_lock_file_has_hashes_and_no_address() -> None:
    text = (_ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if entry.strip()]
    assert [entry.split()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_lock_file_has_every_dependency_at_a_version_it_allows() -> None:
    text = (_ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)", text, re.MULTILINE):
        locked.setdefault(name, []).append(version)
    extras = _PROJECT["optional-dependencies"].values()
    for requirement in map(Requirement, [*_PROJECT["dependencies"], *(line for lines in extras for line in lines)]):
        assert locked[requirement.name]
        assert all(version in requirement.specifier for version in locked[requirement.name]), requirement


def test_the_changelog_begins_with_the_version_of_the_project() -> None:
    text = (_ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", text, re.MULTILINE)[0] == _PROJECT["version"]


def _phony_targets() -> set[str]:
    (targets,) = re.findall(r"^\.PHONY: (.*)", (_ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    return set(targets.split())


def test_make_help_shows_every_target() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    assert {line.split()[0] for line in done.stdout.splitlines()} == _phony_targets()
