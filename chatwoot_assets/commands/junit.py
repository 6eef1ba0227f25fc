"""The results of the asset checks, as data and as the JUnit XML that continuous integration shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from xml.etree import ElementTree

from chatwoot_assets.errors import UserError

# XML cannot represent these characters.
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Outcome(Enum):
    """How a check ended; the value is the word in the table."""

    PASSED = "ok"
    WARNED = "warning"
    FAILED = "ERROR"
    SILENT = "did not report"


@dataclass(frozen=True)
class CheckResult:
    """The result of one check.

    Attributes:
        asset: The key of the checked asset.
        name: The name of the check.
        outcome: How the check ended.
        seconds: How long it took.
        description: What the check is about if it passed, otherwise what is wrong.
    """

    asset: str
    name: str
    outcome: Outcome
    seconds: float
    description: str

    def __str__(self) -> str:
        """Return the check's name for messages."""
        return f"{self.asset}.{self.name}"


def write_junit(path: Path, results: Sequence[CheckResult], seconds: float) -> None:
    """Write the results as one test suite with one test case per check.

    A failed check becomes a failure, and one that did not report an error. One that only warns passes, with the
    warning as its output.

    Args:
        path: The file to write.
        results: The results of the checks.
        seconds: How long the whole command took.

    Raises:
        UserError: The file cannot be written.
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
