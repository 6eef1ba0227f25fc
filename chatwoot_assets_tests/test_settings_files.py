"""What `.env` and `chatwoot_assets.toml` may hold, and how a wrong file is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatwoot_assets.database_urls import CHATWOOT_DATABASE_URL, database_url
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.settings import Settings
from chatwoot_assets.settings_files import DOTENV_FILE, TOML_FILE, settings_files
from chatwoot_assets_tests.settings_reading import enter_working_directory, refusal_of_sources

URL = "postgresql://reader:open-sesame@db/chatwoot"


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return enter_working_directory(tmp_path, monkeypatch)


# `.env`


def test_a_dotenv_file_may_hold_comments_and_other_variables(directory: Path) -> None:
    (directory / "work" / ".env").write_text(
        "# of the whole project\nRAILS_ENV=production\nexport REPORTING_TIMEZONE='Asia/Tokyo'  # ours\n\nEMPTY\n"
    )
    assert Settings.load().reporting_timezone.key == "Asia/Tokyo"


def test_a_dotenv_line_that_cannot_be_parsed_is_named(directory: Path) -> None:
    path = directory / "work" / ".env"
    path.write_text(f"REPORTING_TIMEZONE=UTC\nCHATWOOT_DATABASE_URL='{URL}\nX=1\n")
    assert refusal_of_sources() == f"{path}, line 2: cannot be parsed; accepted are lines NAME=value"


def test_a_directory_called_dotenv_is_left_alone(directory: Path) -> None:
    (directory / "work" / ".env").mkdir()
    assert settings_files() == []
    Settings.load()


# TOML


def test_toml_names_may_be_in_lower_case(directory: Path) -> None:
    (directory / "work" / "chatwoot_assets.toml").write_text(
        'reporting_timezone = "Asia/Tokyo"\nCHATWOOT_VIEWS_SCHEMA = "views"\n'
    )
    settings = Settings.load()
    assert (settings.reporting_timezone.key, settings.views_schema) == ("Asia/Tokyo", "views")


def test_toml_values_may_have_types_of_their_own(directory: Path) -> None:
    (directory / "work" / "chatwoot_assets.toml").write_text(
        "partitions_start_date = 2025-03-01\nfreshness_warn_hours = 0.5\nfreshness_fail_hours = 3\n"
        "bot_user_ids = [7, 12]\ncustom_attributes = ['conversation.motivo', 'contact.plano']\n"
        "dashboard_conversations = false\n"
    )
    written = {
        "PARTITIONS_START_DATE": "2025-03-01",
        "FRESHNESS_WARN_HOURS": "0.5",
        "FRESHNESS_FAIL_HOURS": "3",
        "BOT_USER_IDS": "7,12",
        "CUSTOM_ATTRIBUTES": "contact.plano,conversation.motivo",
        "DASHBOARD_CONVERSATIONS": "off",
        "CHATWOOT_ASSETS_HOME": str(directory / "home"),
    }
    assert Settings.load() == Settings.from_values(written)


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("CHATWOOT_DATABSE_URL", "CHATWOOT_DATABASE_URL"),
        ("reporting_time_zone", "REPORTING_TIMEZONE"),
        ("Reporting_Timezone", "REPORTING_TIMEZONE"),
        ("extract_url", "EXTRACTS_URL"),
    ],
)
@pytest.mark.parametrize("place", ["work", "home"])
def test_an_unknown_toml_key_is_refused_with_the_nearest(key: str, nearest: str, place: str, directory: Path) -> None:
    path = directory / place / "chatwoot_assets.toml"
    path.write_text(f'{key} = "open-sesame"\n')
    assert refusal_of_sources() == f"{path}: unknown key {key!r}; did you mean {nearest}?"
    with pytest.raises(SettingsError, match="unknown key"):
        database_url(CHATWOOT_DATABASE_URL)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('reporting_timezone = "UTC"\nchatwoot_database_url = open-sesame\n', 2),
        ('\n\nchatwoot_database_url = "open-sesame\n', 3),
        ('extracts_url = "a"\nextracts_url = "open-sesame"\n', 2),
        ('chatwoot_database_url = """open-sesame\n\n', 3),
    ],
)
def test_toml_that_cannot_be_parsed_is_named_by_its_line(text: str, line: int, directory: Path) -> None:
    path = directory / "work" / "chatwoot_assets.toml"
    path.write_text(text)
    assert refusal_of_sources() == f'{path}, line {line}: not valid TOML; accepted are lines name = "value"'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[reporting_timezone]\nname = "open-sesame"\n', "REPORTING_TIMEZONE is a table"),
        ('chatwoot_views_schema = ["open-sesame"]\n', "CHATWOOT_VIEWS_SCHEMA is an array"),
        ('reporting_timezone = "UTC"\nREPORTING_TIMEZONE = "open-sesame"\n', "REPORTING_TIMEZONE is set twice"),
    ],
)
def test_a_toml_value_of_a_wrong_kind_is_refused(text: str, reason: str, directory: Path) -> None:
    path = directory / "work" / "chatwoot_assets.toml"
    path.write_text(text)
    assert refusal_of_sources().startswith(f"{path}: {reason}")


# Files that cannot be read


@pytest.mark.parametrize("name", [DOTENV_FILE, TOML_FILE])
def test_a_file_in_another_encoding_is_named_by_its_line(name: str, directory: Path) -> None:
    path = directory / "home" / name
    path.write_bytes('REPORTING_TIMEZONE="UTC"\nEXTRACTS_URL="open-sesame/análise"\n'.encode("latin-1"))
    assert refusal_of_sources() == f"{path}, line 2: not UTF-8; save the file in this encoding"


@pytest.mark.parametrize("name", [DOTENV_FILE, TOML_FILE])
def test_a_byte_order_mark_is_ignored(name: str, directory: Path) -> None:
    (directory / "home" / name).write_bytes(b'\xef\xbb\xbfREPORTING_TIMEZONE="Asia/Tokyo"\n')
    assert Settings.load().reporting_timezone.key == "Asia/Tokyo"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that fails to be read")
@pytest.mark.parametrize("name", [DOTENV_FILE, TOML_FILE])
def test_a_file_that_cannot_be_read_is_named(name: str, directory: Path) -> None:
    path = directory / "work" / name
    path.symlink_to("/proc/self/mem")
    assert refusal_of_sources() == f"cannot read {path}: Input/output error"


def test_a_deleted_working_directory_holds_no_settings(directory: Path) -> None:
    (directory / "home" / "chatwoot_assets.toml").write_text('reporting_timezone = "Asia/Tokyo"')
    (directory / "work").rmdir()
    assert Settings.load().reporting_timezone.key == "Asia/Tokyo"
