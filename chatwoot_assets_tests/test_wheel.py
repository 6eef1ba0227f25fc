"""The wheel works without the checkout and includes the SQL."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from chatwoot_assets_tests.waiting import HANG_SECONDS

_CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's contents, unpacked as an installer does it."""
    directory = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(directory), str(_CHECKOUT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = directory.glob("*.whl")
    target = directory / "site-packages"
    zipfile.ZipFile(wheel).extractall(target)
    return target


def test_the_wheel_includes_every_sql_file(installed: Path) -> None:
    def files(root: Path) -> set[str]:
        return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}

    assert files(installed / "chatwoot_assets" / "sql") == files(_CHECKOUT / "sql")


def test_the_wheel_tells_type_checkers_that_it_has_types(installed: Path) -> None:
    assert (installed / "chatwoot_assets" / "py.typed").is_file()


def test_the_wheel_includes_only_the_package(installed: Path) -> None:
    names = {path.name for path in installed.iterdir() if path.suffix != ".dist-info"}
    assert names == {"chatwoot_assets"}


@pytest.mark.postgres
@pytest.mark.slow
def test_the_demo_runs_from_the_wheel_alone(installed: Path, home: Path, tmp_path: Path) -> None:
    script = "import chatwoot_assets as c; print(c.__file__); from chatwoot_assets.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(installed), "CHATWOOT_ASSETS_HOME": str(home / "wheel")}
    done = subprocess.run(
        [sys.executable, "-c", script, "demo", "--conversations", "60", "--days", "2"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=HANG_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(installed))
    assert "mvw_daily_summary" in done.stdout
    assert "Next steps:" in done.stdout
