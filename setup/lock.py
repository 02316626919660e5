"""`make lock`: the exact versions of requirements.txt and requirements-dev.txt, from pyproject.toml.

No hashes: the same version is built afresh by some package mirrors, and whoever uses one could not install.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Exact versions, made from pyproject.toml by `make lock`.\n"
LOCKS = (("requirements.txt", ()), ("requirements-dev.txt", ("--extra", "dev")))
# What newer Pythons bring themselves and pip cannot install there: pip-compile forgets such conditions.
ONLY_WHERE = {"backports-zstd": 'python_version < "3.14"'}
OPTIONS = (
    "--quiet",
    "--upgrade",
    "--strip-extras",
    "--allow-unsafe",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
    "--no-emit-options",
    "--annotation-style=line",
)


def pin(lock: str, extra: tuple[str, ...]) -> None:
    """Write one lock file, free of addresses and of this machine's name."""
    command = [
        sys.executable,
        "-m",
        "piptools",
        "compile",
        *OPTIONS,
        *extra,
        "--output-file",
        "-",
        "pyproject.toml",
    ]
    said = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False
    )
    if said.returncode:
        sys.exit("The versions could not be pinned: the lines above say why.")
    lines = [_with_condition(line) for line in said.stdout.splitlines() if "==" in line]
    (ROOT / lock).write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{lock}: {len(lines)} packages")


def _with_condition(line: str) -> str:
    pinned, _, why = line.partition("#")
    condition = ONLY_WHERE.get(pinned.partition("==")[0])
    return f"{pinned.strip()}{f' ; {condition}' if condition else ''}  # {why.strip()}"


def main() -> None:
    """Pin the newest versions that pyproject.toml allows."""
    for lock, extra in LOCKS:
        pin(lock, extra)


if __name__ == "__main__":
    main()
