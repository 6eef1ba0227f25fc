"""What the asset checks said: as data, and as the JUnit XML that continuous integration shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from xml.etree import ElementTree

from chatwoot_assets.errors import UserError

# XML has no way to write these.
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Outcome(Enum):
    """How a check ended, as the table says it."""

    PASSED = "ok"
    WARNED = "warning"
    FAILED = "ERROR"
    SILENT = "did not report"


@dataclass(frozen=True)
class CheckResult:
    """One check's outcome.

    Attributes:
        asset: the asset that it is about.
        name: its name.
        outcome: how it ended.
        seconds: how long it took.
        description: what it says: where it passed, what it is about; else what is wrong.
    """

    asset: str
    name: str
    outcome: Outcome
    seconds: float
    description: str

    def __str__(self) -> str:
        """Return what messages call it."""
        return f"{self.asset}.{self.name}"


def write_junit(path: Path, results: Sequence[CheckResult], seconds: float) -> None:
    """Write the results as one test suite, a test case a check.

    A failed check is a failure, one that only warns passes with its warning as output, and one that did not
    report is an error.

    Raises:
        UserError: the file cannot be written.
    """
    suite = ElementTree.Element(
        "testsuite",
        name="chatwoot_assets.defs.checks",
        tests=str(len(results)),
        failures=str(_count(results, Outcome.FAILED)),
        errors=str(_count(results, Outcome.SILENT)),
        skipped="0",
        time=f"{seconds:.3f}",
    )
    for result in results:
        case = ElementTree.SubElement(
            suite, "testcase", classname=result.asset, name=result.name, time=f"{result.seconds:.3f}"
        )
        text = _CONTROL_CHARACTERS.sub("\ufffd", result.description)
        if result.outcome is Outcome.WARNED:
            ElementTree.SubElement(case, "system-out").text = f"warning: {text}"
        elif result.outcome is not Outcome.PASSED:
            tag = "failure" if result.outcome is Outcome.FAILED else "error"
            ElementTree.SubElement(case, tag, message=text)
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    try:
        ElementTree.ElementTree(suites).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}; give another --junit FILE") from None


def _count(results: Sequence[CheckResult], outcome: Outcome) -> int:
    return sum(result.outcome is outcome for result in results)
