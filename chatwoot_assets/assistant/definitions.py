"""The definitions of `docs/metrics.md`, by their headings."""

from __future__ import annotations

import re
from pathlib import Path


def _page() -> str:
    package = Path(__file__).parent.parent
    installed = package / "docs" / "metrics.md"
    return (installed if installed.exists() else package.parent / "docs" / "metrics.md").read_text(encoding="utf-8")


def sections() -> dict[str, str]:
    """Return each section of the page by its heading."""
    parts = re.split(r"^##+ (.+)$", _page(), flags=re.MULTILINE)
    return {heading: text.strip() for heading, text in zip(parts[1::2], parts[2::2], strict=True)}


def find(term: str) -> dict[str, str]:
    """Return the definitions of a term, by section.

    These are the sections with the term in their heading, and from other sections the table rows that begin with it. If
    there are none, these are the paragraphs and rows that mention it.
    """
    wanted = term.casefold()
    found = sections()
    named: dict[str, str] = {}
    mentioned: dict[str, str] = {}
    for heading, text in found.items():
        parts = re.split(r"\n\n|\n(?=\|)", text)
        rows = [part for part in parts if part.startswith("|") and wanted in part.split("|")[1].casefold()]
        if wanted in heading.casefold():
            named[heading] = text
        elif rows:
            named[heading] = "\n".join(rows)
        elif matches := [part for part in parts if wanted in part.casefold()]:
            mentioned[heading] = "\n".join(matches)
    return named or mentioned
