"""The files of deploy/ fit the command line, the settings and each other; their programs accept them."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from chatwoot_assets.cli import cli
from chatwoot_assets.settings import Settings
from chatwoot_assets.settings_variables import Variables

_ROOT = Path(__file__).parents[2]
_DEPLOY = _ROOT / "deploy"
_COMPOSED = ("compose.yaml", "stack.yaml")
_UNITS = sorted((_DEPLOY / "systemd").glob("*.service"))
_ROLES = {"code-server", "webserver", "daemon", "dashboard"}


def _load(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((_DEPLOY / name).read_text(encoding="utf-8")))


def _own_services(name: str) -> dict[str, dict[str, Any]]:
    services = {role: service for role, service in _load(name)["services"].items() if role != "postgres"}
    assert set(services) == _ROLES
    return services


def _assert_is_accepted(arguments: list[str]) -> None:
    """Assert that the command line accepts a command, without running it."""
    arguments = ["localhost" if "${" in argument else argument for argument in arguments]
    cli.commands[arguments[0]].make_context(arguments[0], arguments[1:])


@pytest.mark.parametrize("name", _COMPOSED)
def test_services_run_commands_and_health_checks_that_exist(name: str) -> None:
    for role, service in _own_services(name).items():
        assert service["command"][0] == role
        _assert_is_accepted(service["command"])
        prefix, program, *check = service["healthcheck"]["test"]
        assert [prefix, program, check] == ["CMD", "chatwoot-assets", ["health", role]]
        _assert_is_accepted(check)


@pytest.mark.parametrize("name", _COMPOSED)
def test_services_have_limits_and_set_variables_that_exist(name: str) -> None:
    for service in _own_services(name).values():
        assert set(service["environment"]) <= set(Variables.model_fields)
        assert service["environment"]["CHATWOOT_ASSETS_EMBEDDED"] == "off"
        assert service["logging"]["options"]["max-size"]
        assert service["stop_grace_period"]
        assert service.get("mem_limit") or service["deploy"]["resources"]["limits"]["memory"]


@pytest.mark.parametrize("name", _COMPOSED)
def test_a_service_gets_the_urls_that_it_needs_and_no_other(name: str) -> None:
    needed = {
        "code-server": {"CHATWOOT_DATABASE_URL", "ANALYTICS_DATABASE_URL", "DAGSTER_POSTGRES_URL"},
        "webserver": {"DAGSTER_POSTGRES_URL"},
        "daemon": {"DAGSTER_POSTGRES_URL"},
        "dashboard": {"ANALYTICS_DATABASE_URL"},
    }
    for role, service in _own_services(name).items():
        urls = {variable.removesuffix("_FILE") for variable in service["environment"] if "DATABASE_URL" in variable}
        urls |= {v.removesuffix("_FILE") for v in service["environment"] if v.startswith("DAGSTER_POSTGRES_URL")}
        assert urls == needed[role], role


def test_only_this_machine_reaches_what_compose_publishes() -> None:
    services = _load("compose.yaml")["services"]
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert len(ports) == 2
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_variable_of_compose_is_in_the_example() -> None:
    text = (_DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    used = set(re.findall(r"\$\{([A-Z_]+)", text))
    example = re.findall(r"^([A-Z_]+)=", (_DEPLOY / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(used) == sorted(example)


@pytest.mark.parametrize("page", ["docs/deploying.md", "docs/pt-BR/deploying.md"])
def test_documented_commands_run_in_the_code_servers_container(page: str) -> None:
    # A second container of the same host name has other processes, and the sensor would end its runs as killed.
    text = (_ROOT / page).read_text(encoding="utf-8")
    commands = re.findall(
        r"^docker compose -f deploy/compose.yaml exec code-server chatwoot-assets (.+)", text, re.MULTILINE
    )
    assert len(commands) == 2
    for command in commands:
        name, *arguments = shlex.split(command)
        cli.commands[name].make_context(name, arguments)
    assert not re.findall(r"^docker compose .* run ", text, re.MULTILINE)


@pytest.mark.parametrize("name", _COMPOSED)
def test_every_setting_can_be_given_to_a_deployment(name: str) -> None:
    places = {"CHATWOOT_ASSETS_HOME", "DAGSTER_HOME", "EXTRACTS_URL"}  # the volume /data
    settings = {setting for setting in Variables.model_fields if not setting.endswith("_FILE")}
    services = _own_services(name)
    given = {variable.removesuffix("_FILE") for service in services.values() for variable in service["environment"]}
    assert given == settings - places, "name a new setting in compose.yaml, stack.yaml and .env.example"
    # A service of the stack has a mounted secret where its operator puts one.
    files = {f"{setting}_FILE" for setting in settings if f"{setting}_FILE" in Variables.model_fields}
    urls = {"CHATWOOT_DATABASE_URL_FILE", "ANALYTICS_DATABASE_URL_FILE", "DAGSTER_POSTGRES_URL_FILE"}
    text = (_DEPLOY / name).read_text(encoding="utf-8")
    assert [file for file in files - urls if file not in text] == []
    # What only some services need is given to no other.
    receivers = {
        "ALERT_URLS": {"code-server"},
        "OIDC_CLIENT_SECRET": {"dashboard"},
        "VIEWERS": {"dashboard"},
    }
    for variable, roles in receivers.items():
        assert {role for role, service in services.items() if variable in service["environment"]} == roles


def test_the_example_as_it_is_needs_only_the_password() -> None:
    text = (_DEPLOY / ".env.example").read_text(encoding="utf-8")
    example = dict(re.findall(r"^([A-Z_]+)=(.*)", text, re.MULTILINE))
    values = {name: value for name, value in example.items() if name in Variables.model_fields and value}
    settings = Settings.from_values(values)
    assert settings.reporting_timezone.key == "America/Sao_Paulo"
    assert settings == Settings.from_values({**example, "CHATWOOT_DATABASE_URL": values["CHATWOOT_DATABASE_URL"]})
    required = set(re.findall(r"\$\{([A-Z_]+):\?", (_DEPLOY / "compose.yaml").read_text(encoding="utf-8")))
    assert {name for name in required if not example[name]} == {"POSTGRES_PASSWORD"}


def test_a_service_of_the_stack_reads_only_secrets_that_it_mounts() -> None:
    declared = set(_load("stack.yaml")["secrets"])
    for role, service in _own_services("stack.yaml").items():
        mounted = {secret["source"] for secret in service["secrets"]}
        files = [value for name, value in service["environment"].items() if name.endswith("_FILE")]
        assert {Path(file).name for file in files} == mounted <= declared, role
        assert all(str(file).startswith("/run/secrets/") for file in files)


def test_every_published_service_of_the_stack_has_a_login() -> None:
    for role in ("webserver", "dashboard"):
        labels = _own_services("stack.yaml")[role]["deploy"]["labels"]
        assert [value for name, value in labels.items() if name.endswith(".middlewares")] == ["chatwoot-assets-login"]


@pytest.mark.parametrize("unit", _UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_a_command_that_exists(unit: Path) -> None:
    (command,) = re.findall(r"^ExecStart=(.*)", unit.read_text(encoding="utf-8"), re.MULTILINE)
    program, *arguments = shlex.split(command)
    assert Path(program).name == "chatwoot-assets"
    assert f"chatwoot-assets-{arguments[0]}.service" == unit.name
    _assert_is_accepted(arguments)


def test_the_units_environment_names_variables_that_exist() -> None:
    text = (_DEPLOY / "systemd" / "environment.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^([A-Z_]+)=", text, re.MULTILINE)) <= set(Variables.model_fields)


def test_the_charts_values_name_variables_and_a_version_that_exist() -> None:
    text = (_DEPLOY / "kubernetes" / "values.yaml").read_text(encoding="utf-8")
    (deployment,) = yaml.safe_load(text)["dagster-user-deployments"]["deployments"]
    assert {variable["name"] for variable in deployment["env"]} <= set(Variables.model_fields)
    (version,) = re.findall(r"--version (\S+)", text)
    assert f"\ndagster=={version} " in (_DEPLOY / "requirements.lock").read_text(encoding="utf-8")


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    assert len(_UNITS) == len(_ROLES)
    for unit in _UNITS:  # it also looks for the program
        text = unit.read_text(encoding="utf-8").replace("/opt/chatwoot_assets/bin/chatwoot-assets", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    done = _run("systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir())))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("schema", "files"),
    [("compose-spec", "deploy/compose.yaml deploy/stack.yaml"), ("github-workflows", ".github/workflows/*.yml")],
)
def test_files_fit_the_published_schema_of_their_format(schema: str, files: str) -> None:
    paths = [str(path) for pattern in files.split() for path in _ROOT.glob(pattern)]
    assert len(paths) >= 2
    done = _run_installed("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *paths)
    assert done.returncode == 0, done.stdout


def test_hadolint_accepts_the_dockerfile() -> None:
    done = _run_installed("hadolint", str(_ROOT / "Dockerfile"))
    assert (done.returncode, done.stdout) == (0, "")


def _run_installed(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of this environment."""
    path = Path(sys.executable).with_name(program)
    return subprocess.run([path, *arguments], capture_output=True, text=True, check=False)


def test_caddy_accepts_its_example() -> None:
    done = _run("caddy", "validate", "--adapter", "caddyfile", "--config", str(_DEPLOY / "proxy" / "Caddyfile"))
    assert done.returncode == 0, done.stderr


def test_prometheus_accepts_the_alert_rules() -> None:
    done = _run("promtool", "check", "rules", str(_DEPLOY / "monitoring" / "prometheus-rules.yaml"))
    assert done.returncode == 0, done.stderr
    assert "SUCCESS: 5 rules found" in done.stdout


def test_nginx_accepts_its_example(tmp_path: Path) -> None:
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off;"
        f" include {_DEPLOY}/proxy/nginx.conf; }}"
    )
    done = _run("nginx", "-t", "-q", "-p", str(tmp_path), "-c", str(configuration))
    assert done.returncode == 0, done.stderr


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of Debian's, which .ci/packages installs."""
    path = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/bin")
    if path is None:
        pytest.skip(f"{program} is not installed")
    return subprocess.run([path, *arguments], capture_output=True, text=True, check=False)


def test_the_image_installs_what_the_project_is_tested_with() -> None:
    entry = re.compile(r"^([a-z0-9-]+(?:\[[a-z,]+\])?==\S+)", re.MULTILINE)
    tested = set(entry.findall((_ROOT / "requirements.lock").read_text(encoding="utf-8")))
    text = (_DEPLOY / "requirements.lock").read_text(encoding="utf-8")
    installed = entry.findall(text)
    assert len(installed) > 80
    assert set(installed) <= tested, "run: make lock"
    assert "://" not in text
    entries = [part for part in re.split(r"\n(?=\S)", text) if part.strip()]
    assert [part.split()[0] for part in entries if "--hash=sha256:" not in part] == []


def test_the_build_sees_every_file_that_the_dockerfile_copies() -> None:
    dockerfile = (_ROOT / "Dockerfile").read_text(encoding="utf-8")
    allowed = re.findall(r"^!(\S+)", (_ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.*)", dockerfile, re.MULTILINE)
        for source in line.split()[:-1]
        if not source.startswith("--")
    ]
    assert len(copied) >= 9
    assert [source for source in copied if source not in allowed or not (_ROOT / source).exists()] == []
    pyproject = (_ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (packed,) = re.findall(r"wheel\.force-include\]\n((?:.+\n)+)", pyproject)
    assert set(re.findall(r'^"([^"]+)" = ', packed, re.MULTILINE)) <= set(copied)
