"""The sources of settings: which one has precedence, and secrets in files of their own."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from chatwoot_assets.database_urls import CHATWOOT_DATABASE_URL, DATABASE_URLS, database_url, is_set
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.settings import Settings
from chatwoot_assets.settings_files import exported_settings, find_setting, home_directory, settings_files
from chatwoot_assets.settings_variables import Variables
from chatwoot_assets_tests.settings_reading import enter_working_directory, refusal_of_sources

# In the order of precedence.
SOURCES = ("environment", "near .env", "near toml", "home .env", "home toml")
URL = "postgresql://reader:open-sesame@db/chatwoot"

Put = Callable[[str, str, str], None]


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return enter_working_directory(tmp_path, monkeypatch)


@pytest.fixture
def put(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Set a variable in one of the sources."""

    def put(source: str, name: str, value: str) -> None:
        if source == "environment":
            monkeypatch.setenv(name, value)
            return
        place, kind = source.split()
        path = directory / {"near": "work", "home": "home"}[place] / _FILE_NAMES[kind]
        with path.open("a") as file:
            file.write(f'{name} = "{value}"\n')

    return put


_FILE_NAMES = {".env": ".env", "toml": "chatwoot_assets.toml"}


# Precedence


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_alone_is_read(source: str, put: Put) -> None:
    put(source, "REPORTING_TIMEZONE", "Asia/Tokyo")
    put(source, CHATWOOT_DATABASE_URL, URL)
    settings = Settings.load()
    assert settings.reporting_timezone.key == "Asia/Tokyo"
    assert settings.chatwoot_url_is_set
    assert database_url(CHATWOOT_DATABASE_URL) == URL


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(SOURCES, 2)))
def test_the_earlier_of_two_sources_has_precedence(first: str, second: str, put: Put) -> None:
    put(second, "REPORTING_TIMEZONE", "Asia/Tokyo")
    put(second, CHATWOOT_DATABASE_URL, URL + "_second")
    put(second, "CHATWOOT_VIEWS_SCHEMA", "views_of_second")
    put(first, "REPORTING_TIMEZONE", "America/Sao_Paulo")
    put(first, CHATWOOT_DATABASE_URL, URL + "_first")
    settings = Settings.load()
    assert settings.reporting_timezone.key == "America/Sao_Paulo"
    assert settings.views_schema == "views_of_second"
    assert database_url(CHATWOOT_DATABASE_URL) == URL + "_first"


@pytest.mark.parametrize("source", SOURCES)
def test_an_empty_value_leaves_the_variable_to_later_sources(source: str, put: Put) -> None:
    put(source, "REPORTING_TIMEZONE", "")
    assert Settings.load().reporting_timezone.key == "UTC"
    put("home toml", "REPORTING_TIMEZONE" if source != "home toml" else "reporting_timezone", "Asia/Tokyo")
    if source != "home toml":
        assert Settings.load().reporting_timezone.key == "Asia/Tokyo"


@pytest.mark.parametrize("name", [name for name in Variables.model_fields if name != "CHATWOOT_ASSETS_HOME"])
def test_every_variable_is_read_from_files(name: str, put: Put) -> None:
    for source in SOURCES[1:]:
        put(source, name, "/value")
        setting = find_setting(name)
        assert setting is not None
        assert setting.text == "/value"
        assert setting.file is not None
        setting.file.unlink()


@pytest.mark.parametrize("source", ["near .env", "near toml"])
def test_the_working_directory_may_name_the_home(
    source: str, put: Put, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("home toml", "REPORTING_TIMEZONE", "Asia/Tokyo")
    monkeypatch.delenv("CHATWOOT_ASSETS_HOME")
    put(source, "CHATWOOT_ASSETS_HOME", "../home")
    assert home_directory().resolve() == directory / "home"
    assert Settings.load().reporting_timezone.key == "Asia/Tokyo"
    assert Settings.load().home.resolve() == directory / "home"


def test_the_home_cannot_name_another_home(put: Put, directory: Path) -> None:
    put("home .env", "CHATWOOT_ASSETS_HOME", str(directory / "home"))
    Settings.load()
    put("home toml", "CHATWOOT_ASSETS_HOME", "elsewhere")
    assert refusal_of_sources().startswith(
        f"CHATWOOT_ASSETS_HOME in {directory}/home/chatwoot_assets.toml names another directory"
    )


def test_a_home_that_is_the_working_directory_is_read_once(
    put: Put, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("near toml", "REPORTING_TIMEZONE", "Asia/Tokyo")
    monkeypatch.setenv("CHATWOOT_ASSETS_HOME", str(directory / "work"))
    assert [file.path for file in settings_files()] == [directory / "work" / "chatwoot_assets.toml"]


@pytest.mark.parametrize("source", SOURCES[1:])
def test_a_relative_path_in_a_file_is_relative_to_that_file(source: str, put: Put, directory: Path) -> None:
    put(source, "EXTRACTS_URL", "extracts")
    assert Settings.load().extracts_url == str(directory / source.split()[0].replace("near", "work") / "extracts")


@pytest.mark.parametrize("source", SOURCES[1:])
def test_a_wrong_value_is_refused_with_its_file(source: str, put: Put) -> None:
    put(source, "REPORTING_TIMEZONE", "Brasilia")
    setting = find_setting("REPORTING_TIMEZONE")
    assert setting is not None
    assert refusal_of_sources().startswith(
        f"REPORTING_TIMEZONE in {setting.file} is 'Brasilia', which is not an IANA time zone"
    )


@pytest.mark.parametrize("source", SOURCES[1:])
def test_a_wrong_url_is_refused_with_its_file(source: str, put: Put) -> None:
    put(source, CHATWOOT_DATABASE_URL, "mysql://reader:open-sesame@db/chatwoot")
    setting = find_setting(CHATWOOT_DATABASE_URL)
    assert setting is not None
    with pytest.raises(SettingsError, match="is not a PostgreSQL URL") as refused:
        database_url(CHATWOOT_DATABASE_URL)
    assert str(refused.value).startswith(f"CHATWOOT_DATABASE_URL in {setting.file} is not a PostgreSQL URL")
    assert "sesame" not in str(refused.value)


def test_no_file_shows_its_values_in_its_repr(put: Put) -> None:
    put("near .env", CHATWOOT_DATABASE_URL, URL)
    assert "sesame" not in repr(settings_files())
    assert "sesame" not in repr(find_setting(CHATWOOT_DATABASE_URL))


# Secrets in files of their own


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("variable", DATABASE_URLS)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_url_is_read_from_its_file(source: str, variable: str, end: str, put: Put, directory: Path) -> None:
    (directory / "secret").write_bytes((URL + end).encode())
    put(source, f"{variable}_FILE", "../secret")
    assert is_set(variable)
    assert database_url(variable) == URL
    settings = Settings.load()
    assert settings.chatwoot_url_is_set == (variable == CHATWOOT_DATABASE_URL)
    assert settings.analytics_url_is_set == (variable == "ANALYTICS_DATABASE_URL")


def test_addresses_of_alerts_are_read_from_their_file(put: Put, directory: Path) -> None:
    (directory / "secret").write_text("json://open-sesame@one\njson://two json://three\n")
    put("near toml", "ALERT_URLS_FILE", "../secret")
    assert Settings.load().alert_urls == ("json://open-sesame@one", "json://two", "json://three")
    put("near .env", "ALERT_URLS", "json://open-sesame@one")
    assert "only one of them may be set" in refusal_of_sources()


def test_every_secret_has_a_variable_for_its_file() -> None:
    secrets = [name for name, field in Variables.model_fields.items() if "SecretStr" in str(field.annotation)]
    assert len(secrets) >= len(DATABASE_URLS)
    assert [name for name in secrets if f"{name}_FILE" not in Variables.model_fields] == []


@pytest.mark.parametrize(("one", "other"), list(itertools.product(SOURCES, SOURCES)))
def test_a_url_and_its_file_may_not_both_be_set(one: str, other: str, put: Put, directory: Path) -> None:
    (directory / "secret").write_text(URL)
    put(one, CHATWOOT_DATABASE_URL, URL)
    put(other, "CHATWOOT_DATABASE_URL_FILE", str(directory / "secret"))
    message = refusal_of_sources()
    assert message.startswith("CHATWOOT_DATABASE_URL is set in ")
    assert "CHATWOOT_DATABASE_URL_FILE in " in message
    assert ("the environment" in message) == ("environment" in (one, other))
    with pytest.raises(SettingsError, match="only one of them may be set"):
        database_url(CHATWOOT_DATABASE_URL)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "which cannot be read: No such file or directory"),
        (b"", "which is empty"),
        (b"\n", "which is empty"),
        (b"postgresql://reader:open-sesame\xff@db/chatwoot", "which is not UTF-8 text"),
    ],
)
def test_a_secret_that_cannot_be_read_is_named_by_its_path(
    content: bytes | None, reason: str, put: Put, directory: Path
) -> None:
    path = directory / "secret"
    if content is not None:
        path.write_bytes(content)
    put("environment", "CHATWOOT_DATABASE_URL_FILE", str(path))
    with pytest.raises(SettingsError) as refused:
        database_url(CHATWOOT_DATABASE_URL)
    assert str(refused.value).startswith(f"CHATWOOT_DATABASE_URL_FILE is '{path}', {reason}")
    assert "sesame" not in str(refused.value)


def test_a_wrong_url_in_a_secret_is_refused_with_its_path(put: Put, directory: Path) -> None:
    (directory / "secret").write_text("\npostgresql://reader:open-sesame@db/chatwoot\n")
    put("environment", "CHATWOOT_DATABASE_URL_FILE", str(directory / "secret"))
    with pytest.raises(SettingsError) as refused:
        database_url(CHATWOOT_DATABASE_URL)
    assert str(refused.value).startswith(f"CHATWOOT_DATABASE_URL in {directory}/secret begins with a newline")
    assert "sesame" not in str(refused.value)


@pytest.mark.parametrize("source", SOURCES)
def test_a_url_where_its_path_belongs_is_not_shown(source: str, put: Put) -> None:
    put(source, "CHATWOOT_DATABASE_URL_FILE", URL)
    with pytest.raises(SettingsError, match="CHATWOOT_DATABASE_URL_FILE is not a path") as refused:
        database_url(CHATWOOT_DATABASE_URL)
    assert "sesame" not in str(refused.value)


# Processes with another working directory


def test_exported_settings_mean_the_same_in_another_directory(
    put: Put, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (directory / "secret").write_text(URL)
    monkeypatch.setenv("CHATWOOT_ASSETS_HOME", "../home")
    put("environment", "EXTRACTS_URL", "extracts")
    put("near .env", "CHATWOOT_DATABASE_URL_FILE", "../secret")
    put("near toml", "REPORTING_TIMEZONE", "Asia/Tokyo")
    put("home toml", "REPORTING_TIMEZONE", "Europe/Lisbon")
    put("home toml", "ANALYTICS_DATABASE_URL", URL)
    before, exported = Settings.load(), exported_settings()
    assert exported["CHATWOOT_DATABASE_URL_FILE"] == str(directory / "work" / "../secret")
    for name, value in exported.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir("/")
    assert Settings.load() == before
    assert database_url(CHATWOOT_DATABASE_URL) == URL
    assert os.environ["EXTRACTS_URL"] == str(directory / "work" / "extracts")
