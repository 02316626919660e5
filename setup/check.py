"""`make check`: all that can be said about the code without running it. Failures are named at the end."""

import subprocess
import sys
from pathlib import Path

from setup.test import CONTRACTS

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
PARTS = {
    "format (make format mends it)": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "lint": [PYTHON, "-m", "ruff", "check", "."],
    "types": [PYTHON, "-m", "mypy"],
    "import contracts": list(CONTRACTS),
    "migrations": [PYTHON, "-m", "setup.migrations"],
}


def scripts() -> list[Path]:
    """Return the JavaScript sources, without what is built."""
    built = ROOT / "static" / "build"
    found = [path for folder in ("static", "tests/js") for path in (ROOT / folder).rglob("*js")]
    return sorted(path for path in found if path.suffix in {".js", ".mjs"} and built not in path.parents)


def main() -> None:
    """Run every part; exit 1 naming those that failed."""
    parts = {**PARTS, **{str(path.relative_to(ROOT)): ["node", "--check", str(path)] for path in scripts()}}
    failed = [
        name for name, command in parts.items() if subprocess.run(command, cwd=ROOT, check=False).returncode
    ]
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")
    print("Nothing to mend.")


if __name__ == "__main__":
    main()
