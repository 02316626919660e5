"""Gets this folder ready for `make run` or `make test`: packages, front end, Debian's programs.

Standard library only: it runs before anything is installed. Each step leaves a mark made from the content it
was done for, so that a second start does nothing and a changed lock file is noticed, whatever its date says.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from setup.debian import NotReady, as_root, debian_release, install_for_tests

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
BUILT = ROOT / "static" / "build"
OLDEST_NODE = 20
OLDEST_DEBIAN_WITH_NODE_20 = 13


def make_ready(for_what: str) -> None:
    """Do what is not done yet for `run` or `test`; raise NotReady with a sentence that says what to type."""
    require_node()
    if for_what == "test":
        install_for_tests()
    with _one_at_a_time():
        install_python_packages("requirements-dev.txt" if for_what == "test" else "requirements.txt")
        install_node_packages()
        build_front_end()


def require_node() -> None:
    """Raise NotReady unless Node and npm are there and new enough."""
    version = _node_version()
    if version is not None and version >= OLDEST_NODE and shutil.which("npm"):
        return
    release = debian_release()
    line = as_root("apt-get install --yes nodejs npm")
    if version is not None and version >= OLDEST_NODE:
        raise NotReady(
            f"Wardbook needs npm, which is not there: type  {as_root('apt-get install --yes npm')}"
        )
    found = "it is not there" if version is None else f"this is {version}"
    if version is not None or (release is not None and release < OLDEST_DEBIAN_WITH_NODE_20):
        # Debian 12's own Node is 18; npm's `node` package brings a newer one.
        line += f" && {as_root('npm install --global node@22')}"
    raise NotReady(f"Wardbook needs Node {OLDEST_NODE} or newer, and {found}: type  {line}")


def _node_version() -> int | None:
    try:
        said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.match(r"v(\d+)\.", said)
    return int(match[1]) if match else None


def install_python_packages(lock: str) -> None:
    """Make .venv when it is not there or broken, and install the pins of the lock file."""
    if not _works(PYTHON):
        _step("Making the virtual environment", [sys.executable, "-m", "venv", "--clear", str(VENV)])
    pins = (ROOT / lock).read_text(encoding="utf-8")
    mark = VENV / f".{lock}"
    if _says(mark, pins):
        return
    install = [str(PYTHON), "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check"]
    _step("Installing the Python packages (a few minutes the first time)", [*install, "--requirement", lock])
    mark.write_text(pins, encoding="utf-8")


def _works(python: Path) -> bool:
    ask = [str(python), "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
    try:
        return subprocess.run(ask, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def install_node_packages() -> None:
    """Install exactly what package-lock.json says."""
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    mark = NODE_MODULES / ".wardbook-lock.json"
    if _says(mark, lock):
        return
    _step("Installing the front end's packages", ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"])
    mark.write_text(lock, encoding="utf-8")


def build_front_end() -> None:
    """Build static/build when a source changed."""
    sources = _fingerprint()
    mark = NODE_MODULES / ".wardbook-built-from"
    if (BUILT / "manifest.json").exists() and _says(mark, sources):
        return
    _step("Building the front end", ["npm", "run", "--silent", "build"])
    mark.write_text(sources, encoding="utf-8")


def _fingerprint() -> str:
    """Return a hash over all that the build reads: static/ without what is made, and both package files."""
    sources = [path for path in (ROOT / "static").rglob("*") if path.is_file() and BUILT not in path.parents]
    digest = hashlib.sha256()
    for path in sorted([*sources, ROOT / "package.json", ROOT / "package-lock.json"]):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _says(mark: Path, words: str) -> bool:
    return mark.exists() and mark.read_text(encoding="utf-8") == words


def _step(title: str, command: Sequence[str]) -> None:
    print(f"{title} …", flush=True)
    if subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode:
        raise NotReady(f"{title} failed: the lines above say why; when that is mended, type the same again.")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let a second `make` wait for the first instead of installing into the same folder."""
    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def main() -> None:
    """Get ready for the verb given, or stop with one sentence."""
    try:
        make_ready(sys.argv[1])
    except NotReady as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
