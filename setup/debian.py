"""What the tests need from Debian: a browser, a database server, two libraries."""

import ctypes.util
import os
import re
import shutil
import subprocess
from pathlib import Path


class NotReady(Exception):
    """Something is missing; the message is one sentence that says what to type."""


def as_root(line: str) -> str:
    """Return the line as this person has to type it to have it done as root."""
    return line if os.geteuid() == 0 else f"sudo {line}"


def debian_release() -> int | None:
    """Return Debian's number, such as 12, or None on another system."""
    try:
        said = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return None
    facts = dict(re.findall(r'^(\w+)="?([^"\n]*)', said, re.MULTILINE))
    number = facts.get("VERSION_ID", "").partition(".")[0]
    return int(number) if facts.get("ID") == "debian" and number.isdecimal() else None


def postgres_programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server's programs, or None when there is none."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_major_version, reverse=True)
    elsewhere = shutil.which("initdb")
    if installed:
        return installed[0].parent
    return Path(elsewhere).resolve().parent if elsewhere else None


def _major_version(initdb: Path) -> int:
    name = initdb.parent.parent.name
    return int(name) if name.isdecimal() else 0


def missing_for_tests() -> list[str]:
    """Return the Debian packages that the tests need and this machine lacks."""
    there = {
        "chromium": shutil.which("chromium"),
        "postgresql": postgres_programs(),
        "libpango-1.0-0": ctypes.util.find_library("pango-1.0"),
        "libpangoft2-1.0-0": ctypes.util.find_library("pangoft2-1.0"),
    }
    return [package for package, found in there.items() if not found]


def install_for_tests() -> None:
    """Install what is missing when this is root on Debian; otherwise raise NotReady with the line to type."""
    missing = missing_for_tests()
    if not missing:
        return
    line = f"apt-get install --yes {' '.join(missing)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NotReady(
            f"The tests need what this machine lacks: type  {as_root('apt-get update')} && {as_root(line)}"
        )
    print(f"Installing {', '.join(missing)} from Debian …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], [*line.split(), "-qq", "-o", "Dpkg::Use-Pty=0"]):
        # apt-get update also fails when one of several sources is away: the install tells whether it matters.
        subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, check=False)
    still_missing = missing_for_tests()
    if still_missing:
        raise NotReady(
            f"Debian did not give {', '.join(still_missing)}: see above, mend that, and type  {line}"
        )
