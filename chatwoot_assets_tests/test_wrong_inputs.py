"""Wrong options and settings of every command: each is refused in one line before a database is opened.

The commands run in this process, on URLs of a server that does not exist. Wrong servers and wrong answers of a terminal
are in test_bad_input.py.
"""

from __future__ import annotations

import os
import shlex
import socket
from pathlib import Path

import click
import pytest

from chatwoot_assets.cli import cli
from chatwoot_assets.database_urls import DATABASE_URLS
from chatwoot_assets.errors import UserError

pytestmark = pytest.mark.usefixtures("restored_environment")

_URL = "postgresql://reader:open-sesame@127.0.0.1:1/nothing"
_EXPORT = "export conversations --from 2025-03-01 --to 2025-03-02"


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a file and a directory in it."""
    for name in [name for name in os.environ if name.startswith(("DAGSTER_", "CHATWOOT_", "ANALYTICS_"))]:
        monkeypatch.delenv(name)
    for name in DATABASE_URLS:
        monkeypatch.setenv(name, _URL)
    monkeypatch.setenv("CHATWOOT_ASSETS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHATWOOT_ASSETS_EMBEDDED", "off")
    monkeypatch.setattr(os, "execv", _fail_to_be_refused)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("short")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "directory").mkdir()
    return tmp_path


def _fail_to_be_refused(program: str, arguments: list[str]) -> None:
    pytest.fail(f"not refused: {program} {' '.join(arguments)}")


def _refusal(command: str) -> str:
    """Return the line that a command's refusal ends in; fail for another error, or if it goes on."""
    with pytest.raises((UserError, click.UsageError)) as refused:
        cli.main(shlex.split(command), standalone_mode=False)
    error = refused.value
    message = error.format_message() if isinstance(error, click.ClickException) else str(error)
    assert message
    assert "\n" not in message
    assert "sesame" not in message
    assert not Path("home/postgres").exists()
    return message


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("export tickets --from 2025-03-01", "'tickets' is not one of"),
        ("export conversations", "--from"),
        ("export conversations --from 2025-13-01", "--from is '2025-13-01', which is not a date"),
        ("export conversations --from 2025-03-02 --to 2025-03-01", "--to 2025-03-01 must not be before"),
        (f"{_EXPORT} --format pdf", "'pdf' is not one of"),
        (f"{_EXPORT} --output march.xls", "--output march.xls ends in .xls; accepted are .csv, .parquet and .xlsx"),
        (f"{_EXPORT} --language fr", "'fr' is not one of"),
        (f"{_EXPORT} --inbox vendas", "--inbox 'vendas' must be"),
        (f"{_EXPORT} --agent -1", "--agent '-1' must be"),
        (f"{_EXPORT} --team ''", "--team must not be empty"),
        (f"{_EXPORT} --account 99999999999999999999", "--account '99999999999999999999' must be"),
        (f"{_EXPORT} --status closed", "--status 'closed' must be"),
        (f"{_EXPORT} --no-such-option", "No such option"),
        ("export waits --from 2025-03-01 --waiting", "--waiting goes with conversations only"),
        ("report --period last-year", "'last-year' is not one of"),
        ("report --format docx", "'docx' is not one of"),
        ("report --output week.docx", "--output week.docx ends in .docx; accepted are .html, .pdf and .xlsx"),
        ("report --send", "ALERT_URLS is not set"),
        ("report --send --format pdf", "--send sends a text"),
        ("report --inbox x", "--inbox 'x' must be"),
        ("mcp --http 127.0.0.1", "--http needs --token-file"),
        ("mcp --http 127.0.0.1 --token-file nowhere", "--token-file nowhere cannot be read"),
        ("mcp --http 127.0.0.1 --token-file directory", "--token-file directory cannot be read"),
        ("mcp --http 127.0.0.1 --token-file bytes", "--token-file bytes"),
        ("mcp --http 127.0.0.1 --token-file file", "at least 20 ASCII characters"),
        ("mcp --port 0", "--port"),
        ("mcp --token-file file", "--token-file goes with --http"),
        ("views frobnicate", "No such command"),
        ("bi dbt --reader x", "No such option"),
        ("doctor --format xml", "No such option"),
        ("alerts", "ALERT_URLS is not set"),
        ("alerts --test", "ALERT_URLS is not set"),
        ("metrics --port 70000", "--port"),
        ("metrics --host nohost.invalid", "cannot listen on nohost.invalid"),
        ("dashboard --host 0.0.0.0", "--name"),
        ("dashboard --port x", "--port"),
        ("status --days -1", "--days"),
        ("status --days many", "--days"),
        ("verify", "give either --contact ID or --conversation ID"),
        ("verify --contact 1 --conversation 2", "give either --contact ID or --conversation ID"),
        ("verify --contact ana@example.com", "--contact"),
        ("verify --conversation 0", "--conversation"),
        ("checks --junit nowhere/checks.xml", "--junit nowhere/checks.xml: not a file in an existing directory"),
        ("checks --junit directory", "--junit directory: not a file in an existing directory"),
        ("demo --conversations 0", "--conversations"),
        ("demo --days 366", "--days"),
        ("backfill --from ''", "--from"),
        ("backfill --from 2025-03-01 --to tomorrow", "--to is 'tomorrow', which is not a date"),
        ("celery-worker --steps 0", "--steps"),
        ("daemon --code-server code-server", "must be a host and a port"),
        ("webserver --path-prefix dagster", "--path-prefix"),
        ("webserver --path-prefix /dagster/", "--path-prefix"),
        ("health postgres", "'postgres' is not one of"),
    ],
)
def test_a_wrong_option_is_refused_in_one_line(command: str, message: str) -> None:
    assert message in _refusal(command)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("CHATWOOT_DATABASE_URL", "mysql://chatwoot/db", "CHATWOOT_DATABASE_URL"),
        ("CHATWOOT_DATABASE_URL", "postgresql://db:port/chatwoot", "CHATWOOT_DATABASE_URL"),
        ("ANALYTICS_DATABASE_URL", "warehouse", "ANALYTICS_DATABASE_URL"),
        ("DAGSTER_POSTGRES_URL", "postgresql://", "DAGSTER_POSTGRES_URL"),
        ("CHATWOOT_DATABASE_URL_FILE", "file", "only one of them may be set"),
        ("CHATWOOT_VIEWS", "none", "accepted are deployed and inline"),
        ("CHATWOOT_VIEWS_SCHEMA", "pg_views", "a schema of their own"),
        ("REPORTING_TIMEZONE", "GMT-3", "not an IANA time zone"),
        ("PARTITIONS_START_DATE", "2024", "not a date"),
        ("FRESHNESS_WARN_HOURS", "30", "more than FRESHNESS_FAIL_HOURS"),
        ("FRESHNESS_FAIL_HOURS", "soon", "a number of hours above 0"),
        ("REFRESH_INTERVAL_SECONDS", "5", "from 30 to 3600"),
        ("KEEP_RUNS_DAYS", "-1", "a whole number of days"),
        ("DASHBOARD_CONVERSATIONS", "yes", "accepted are on and off"),
        ("CHATWOOT_URL", "javascript:alert(1)", "https://"),
        ("BOT_USER_IDS", "7;12", "such as 7 or 7,12"),
        ("CUSTOM_ATTRIBUTES", "motivo", "conversation.motivo"),
        ("MASK", "phones", "accepted are names, contacts and contents"),
        ("MASK", "names", "MASK_KEY"),
        ("IMPORTED_BEFORE", "2024-02-30", "not a date"),
        ("EPISODE_GAP_HOURS", "-1", "a number of hours from 0"),
        ("HOLIDAYS", '{"country": "XX"}', "country"),
        ("HOLIDAYS", '{"dates": ["31/12"]}', "dates"),
        ("HOLIDAYS", "BR", "JSON"),
        ("TARGETS", '{"first_response": "soon"}', "first_response"),
        ("TARGETS", '{"first_answer": "1h"}', "unknown key first_answer"),
        ("TARGETS", '{"rules": {}}', "rules"),
        ("TARGETS", "[1", "JSON"),
        ("ALERTS", '{"waiting": 1}', "waiting"),
        ("ALERTS", "{", "JSON"),
        ("ALERT_URLS", "nonsense", "ALERT_URLS"),
        ("OIDC_CLIENT_ID", "dashboard", "is not set although OIDC_CLIENT_ID is"),
        ("OIDC_METADATA_URL", "login.example.com", "does not begin with https://"),
        ("DASHBOARD_URL", "https://numbers.example.com", "is not set although DASHBOARD_URL is"),
        ("VIEWERS", '{"emails": {"ana@example.com": {}}}', "accounts"),
        ("VIEWERS", '{"users": {}}', "unknown key users"),
        ("EXTRACTS_URL", "s3://", "accepted are a directory"),
        ("CHATWOOT_ASSETS_EMBEDDED", "false", "accepted are on and off"),
    ],
)
def test_a_wrong_setting_is_refused_in_one_line(
    name: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    command = {"ALERT_URLS": "alerts --test", "DAGSTER_POSTGRES_URL": "prune"}.get(name, "status")
    command = "views create" if name.startswith("CHATWOOT_DATABASE_URL") else command
    refusal = _refusal(command)
    assert name in refusal
    assert message in refusal


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("chatwoot_assets.toml", b"reporting_timezone = ", "chatwoot_assets.toml"),
        ("chatwoot_assets.toml", b"\xff\xfe", "chatwoot_assets.toml"),
        ("chatwoot_assets.toml", b"zone = 'UTC'", "unknown key 'zone'"),
        ("chatwoot_assets.toml", b"keep_runs_days = true", "KEEP_RUNS_DAYS"),
        ("chatwoot_assets.toml", b"targets = 3", "TARGETS"),
        ("chatwoot_assets.toml", b"[viewers.emails]\n'ana@example.com' = 1", "VIEWERS"),
        ("chatwoot_assets.toml", b"[holidays]\nstate = 'SP'", "unknown key state"),
        ("chatwoot_assets.toml", None, "chatwoot_assets.toml is a directory"),
        (".env", b"\xff\xfe", ".env"),
        (".env", b"REPORTING_TIMEZONE=Brasilia", "is 'Brasilia', which is not an IANA time zone"),
    ],
)
def test_a_wrong_settings_file_is_refused_in_one_line(name: str, content: bytes | None, message: str) -> None:
    Path(name).mkdir() if content is None else Path(name).write_bytes(content)
    assert message in _refusal("status")


@pytest.mark.parametrize("secret", ["MASK_KEY", "ANALYTICS_DATABASE_URL"])
@pytest.mark.parametrize("path", ["nowhere", "directory", "bytes"])
def test_a_secret_that_cannot_be_read_is_refused_in_one_line(
    secret: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(secret, raising=False)
    monkeypatch.setenv(f"{secret}_FILE", path)
    monkeypatch.setenv("MASK", "names")
    if secret != "MASK_KEY":  # noqa: S105 - the name of a setting
        monkeypatch.setenv("MASK_KEY", "k" * 32)
    assert f"{secret}_FILE" in _refusal("status")


@pytest.mark.parametrize("command", ["metrics", "dashboard", "ui", "webserver", "code-server"])
def test_a_port_in_use_is_refused_in_one_line(command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert "Address already in use; give another --port" in _refusal(f"{command} --port {port}")


@pytest.mark.parametrize(
    "command", ["bi create --reader nobody", "bi drop", "export waits --from 2025-03-01", "mcp", "report"]
)
def test_a_warehouse_that_does_not_answer_is_one_line(command: str) -> None:
    assert "ANALYTICS_DATABASE_URL: connection" in _refusal(command)
