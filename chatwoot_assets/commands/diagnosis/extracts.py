"""The place of the extracts: an object is written, read and removed again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from chatwoot_assets.commands.diagnosis.finding import Finding, State
from chatwoot_assets.errors import ExtractError
from chatwoot_assets.extract.object_store import delete_object, read_object, write_object
from chatwoot_assets.settings import Settings


def look_at_extracts(settings: Settings) -> Iterator[Finding]:
    """Yield the findings.

    Raises:
        ExtractError: The object store cannot be used.
    """
    if "://" not in settings.extracts_url:
        yield Finding("extracts", State.OK, f"in the directory {settings.extracts_url}")
        return
    url = f"{settings.extracts_url}/doctor-{uuid.uuid4().hex}"
    content = uuid.uuid4().bytes
    write_object(url, content)
    try:
        if read_object(url) != content:
            raise ExtractError(f"{settings.extracts_url} returns another object than was written")
    finally:
        delete_object(url)
    yield Finding("extracts", State.OK, f"an object was written to {settings.extracts_url}, read and removed")
