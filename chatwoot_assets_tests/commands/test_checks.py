"""`checks` passes on this checkout, fails on a wrong view, and touches nothing of the user's."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.settings import Settings
from chatwoot_assets_tests.command_line import Outcome, assert_tells_no_secret
from chatwoot_assets_tests.servers import enterable_directory, free_port
from chatwoot_assets_tests.waiting import HANG_SECONDS

_CHECKOUT = Path(__file__).parent.parent.parent
_PROGRAM = "from chatwoot_assets.cli import main; main()"


@dataclass(frozen=True)
class Place:
    """A directory to run the command in, with a temporary directory inside that shows what is left behind."""

    directory: Path

    @property
    def junit(self) -> Path:
        return self.directory / "checks.xml"

    def environment(self, **changes: str) -> dict[str, str]:
        """Return the environment of a user whose databases must not be touched, and cannot be reached."""
        temporary = self.directory / "tmp"
        temporary.mkdir(exist_ok=True)
        nowhere = f"postgresql://reader:correct-horse@127.0.0.1:{free_port()}/nothing"
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.directory),
            "TMPDIR": str(temporary),
            "PYTHONPATH": str(_CHECKOUT),
            "CHATWOOT_DATABASE_URL": nowhere,
            "ANALYTICS_DATABASE_URL": nowhere,
            "DAGSTER_POSTGRES_URL": nowhere,
            "DAGSTER_HOME": str(self.directory / "dagster"),
            "CHATWOOT_ASSETS_HOME": str(self.directory / "home"),
            "EXTRACTS_URL": str(self.directory / "extracts"),
            "PARTITIONS_START_DATE": "2020-01-01",
            **changes,
        }

    def run(self, *arguments: str, **changes: str) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, "checks", *arguments],
            cwd=self.directory,
            env=self.environment(**changes),
            capture_output=True,
            text=True,
            timeout=HANG_SECONDS,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def left(self) -> list[str]:
        """Return the files that are left besides those from before and the requested one."""
        return [
            str(path.relative_to(self.directory))
            for path in self.directory.rglob("*")
            if path.name not in ("tmp", "checks.xml") and "changed" not in path.parts
        ]

    def cases(self) -> dict[str, ElementTree.Element]:
        """Return the JUnit file's test cases by asset and check."""
        suite = ElementTree.parse(self.junit).getroot().find("testsuite")  # noqa: S314 - our own file
        assert suite is not None
        cases = {f"{case.get('classname')}.{case.get('name')}": case for case in suite}
        assert suite.get("tests") == str(len(cases))
        return cases

    def changed_checkout(self, view: str, old: str, new: str) -> str:
        """Copy the package and its SQL, change a view in the copy, and return the path of the copy."""
        copy = self.directory / "changed"
        for name in ("chatwoot_assets", "sql"):
            shutil.copytree(_CHECKOUT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "workspace.yaml", "dagster.yaml"):
            shutil.copy(_CHECKOUT / name, copy)
        path = copy / "sql" / "chatwoot" / f"{view}.sql"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return str(copy)


@pytest.fixture
def place() -> Iterator[Place]:
    with enterable_directory() as directory:
        yield Place(directory)


def _all_checks() -> set[str]:
    defs = build_defs(Settings.from_values({"CHATWOOT_ASSETS_HOME": "/nowhere"}))
    return {f"{key.asset_key.to_user_string()}.{key.name}" for key in defs.resolve_asset_graph().asset_check_keys}


def test_every_check_passes_on_this_checkout_in_any_environment(place: Place) -> None:
    outcome = place.run("--junit", "checks.xml", REPORTING_TIMEZONE="Asia/Kolkata", CHATWOOT_VIEWS_SCHEMA='the "views"')
    assert outcome.code == 0, outcome
    assert_tells_no_secret(outcome)
    cases = place.cases()
    assert cases.keys() == _all_checks()
    assert [name for name, case in cases.items() if list(case)] == []
    assert all(float(case.get("time") or 0) > 0 for case in cases.values())
    assert all(case.get("name", "?") in outcome.out for case in cases.values())
    assert place.left() == []


def test_a_wrong_status_in_a_view_fails_a_check_which_is_named(place: Place) -> None:
    changed = place.changed_checkout("vw_conversations_own", "WHEN 1 THEN 'resolved'", "WHEN 1 THEN 'open'")
    outcome = place.run("--junit", "checks.xml", PYTHONPATH=changed)
    assert outcome.code == 1
    assert_tells_no_secret(outcome)
    assert len(outcome.error_lines) == 1
    assert "conversas_analytics.values_are_in_range" in outcome.error_lines[0]
    row = next(line for line in outcome.out.splitlines() if "values_are_in_range" in line)
    assert "ERROR" in row
    assert "failing_days" in row
    cases = place.cases()
    assert cases.keys() == _all_checks()
    failed = {name for name, case in cases.items() if case.find("failure") is not None}
    assert "conversas_analytics.values_are_in_range" in failed
    assert all(name in outcome.error_lines[0] for name in failed)
    assert place.left() == []


def test_a_view_with_a_wrong_word_for_a_code_fails(place: Place) -> None:
    changed = place.changed_checkout("vw_conversations_own", "WHEN 1 THEN 'medium'", "WHEN 1 THEN 'middling'")
    assert place.run("--junit", "checks.xml", PYTHONPATH=changed).code == 1
    assert place.cases()["conversas_analytics.values_are_in_range"].find("failure") is not None


def test_a_view_with_unknown_ratings_causes_a_warning_and_passes(place: Place) -> None:
    changed = place.changed_checkout("vw_csat_responses", "    r.rating,", "    r.rating + 10 AS rating,")
    outcome = place.run("--junit", "checks.xml", PYTHONPATH=changed)
    assert outcome.code == 0, outcome
    output = place.cases()["conversas_analytics.codes_are_known"].find("system-out")
    assert output is not None
    assert str(output.text).startswith("warning: failing_days ")
    assert "warning" in next(line for line in outcome.out.splitlines() if "codes_are_known" in line)


@pytest.mark.parametrize(
    ("view", "old", "new", "message"),
    [
        ("vw_csat_base", "SELECT", "SELEKT", "syntax error"),
        ("vw_conversations_own", "c.display_id,", "", "display_id"),
    ],
)
def test_a_view_that_cannot_be_created_or_read_fails_in_one_line(
    place: Place, view: str, old: str, new: str, message: str
) -> None:
    outcome = place.run("--junit", "checks.xml", PYTHONPATH=place.changed_checkout(view, old, new))
    assert outcome.code == 1
    assert_tells_no_secret(outcome)
    assert len(outcome.error_lines) == 1, outcome.err
    assert message in outcome.error_lines[0]
    cases = place.cases()
    assert cases.keys() == _all_checks()
    for case in cases.values():
        error = case.find("error")
        assert error is not None
        assert message in str(error.get("message"))
    assert place.left() == []


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing_behind(place: Place, end: signal.Signals) -> None:
    running = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, "checks"],
        cwd=place.directory,
        env=place.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert running.stdout is not None
        # After the sample, most of the work is still to come.
        assert any("sample Chatwoot" in line for line in running.stdout)
        time.sleep(0.5)
        running.send_signal(end)
        output = running.communicate(timeout=HANG_SECONDS)[0]
    finally:
        running.kill()
        running.wait()
    assert running.returncode == 130, output
    # Python prints a traceback of an interrupt that it ignores during the call of a weak reference's callback.
    assert output.count("Traceback") == output.count("Exception ignored")
    assert place.left() == []


@pytest.mark.parametrize("junit", ["nowhere/checks.xml", "."])
def test_a_file_that_cannot_be_written_is_refused_before_the_work(place: Place, junit: str) -> None:
    outcome = place.run("--junit", junit)
    assert outcome.code == 2
    assert outcome.err.splitlines() == [f"error: --junit {junit}: not a file in an existing directory; give another"]
    assert outcome.out == ""


def test_the_workflow_calls_an_existing_target_and_may_only_read() -> None:
    text = (_CHECKOUT / ".github" / "workflows" / "checks.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    # YAML 1.1 reads the key `on` as true.
    for paths in (event["paths"] for event in workflow[True].values()):
        assert paths == ["sql/**", "chatwoot_assets/**"]
    assert workflow[True].keys() == {"push", "pull_request"}
    (job,) = workflow["jobs"].values()
    (command,) = [step["run"] for step in job["steps"] if "run" in step]
    make, target, junit = command.split()
    assert make == "make"
    done = subprocess.run([make, "--dry-run", target, junit], cwd=_CHECKOUT, capture_output=True, text=True, check=True)
    uploaded = next(step["with"]["path"] for step in job["steps"] if "upload-artifact" in step.get("uses", ""))
    assert f'chatwoot-assets checks --junit "{uploaded}"' in done.stdout
    actions = [step["uses"] for step in job["steps"] if "uses" in step]
    assert all(action.rpartition("@v")[2].isdigit() for action in actions)
