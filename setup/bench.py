"""Runs the files of benchmarks/, each in a fresh process; each prints its figures and fails below target."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run all benchmarks, or those named; exit 1 when one missed its target or there is none."""
    named = sys.argv[1:]
    files = sorted(path for path in (ROOT / "benchmarks").glob("*.py") if not path.name.startswith("_"))
    chosen = [path for path in files if not named or path.stem in named]
    if not chosen:
        sys.exit(f"There is no such benchmark; there are: {', '.join(path.stem for path in files)}")
    missed = []
    for path in chosen:
        print(f"{path.stem}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{path.stem}"]
        if subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode:
            missed.append(path.stem)
    if missed:
        sys.exit(f"Below target or broken: {', '.join(missed)}")


if __name__ == "__main__":
    main()
