"""The resources of the definitions take their URLs from the settings, when a session opens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import dagster as dg
import pytest

from chatwoot_assets.defs.resources import build_resources
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.settings import Settings

URL = "postgresql://reader:open-sesame@db/chatwoot"


@pytest.mark.parametrize(
    ("key", "variable"), [("chatwoot", "CHATWOOT_DATABASE_URL"), ("warehouse", "ANALYTICS_DATABASE_URL")]
)
def test_a_resource_reads_its_url_when_a_session_opens(
    key: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = build_resources(Settings.from_values({variable: "postgresql://reader@elsewhere/db"}))[key]
    assert "elsewhere" not in repr(resource)
    database: Any = resource.create_resource(dg.build_init_resource_context())
    monkeypatch.setenv(variable, URL)
    assert database.resolved_url() == URL
    # The embedded server must not take the place of a database that is configured.
    monkeypatch.delenv(variable)
    with pytest.raises(SettingsError, match=f"{variable} was set when this process started"):
        database.resolved_url()


def test_a_password_is_nowhere_in_the_resources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATWOOT_DATABASE_URL", URL)
    settings = Settings.load()
    assert "sesame" not in repr(build_resources(replace(settings, analytics_url_is_set=True)))
