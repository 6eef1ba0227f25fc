"""The place of the extracts: a small object is written and read.

It stays, and the next time replaces it: extracting never deletes an object either, and needs no permission for that.
"""

from __future__ import annotations

from collections.abc import Iterator

from chatwoot_assets.commands.diagnosis.finding import Finding, State
from chatwoot_assets.errors import ExtractError
from chatwoot_assets.extract.object_store import read_object, write_object
from chatwoot_assets.settings import Settings

# Always the same, so that two that look at once do not disturb each other.
_CONTENT = b"written by chatwoot-assets doctor"


def look_at_extracts(settings: Settings) -> Iterator[Finding]:
    """Yield the findings.

    Raises:
        ExtractError: The object store cannot be used.
    """
    if "://" not in settings.extracts_url:
        yield Finding("extracts", State.OK, f"in the directory {settings.extracts_url}")
        return
    url = f"{settings.extracts_url}/doctor"
    write_object(url, _CONTENT)
    if read_object(url) != _CONTENT:
        raise ExtractError(f"{settings.extracts_url} returns another object than was written")
    yield Finding("extracts", State.OK, f"an object was written to {settings.extracts_url} and read")
