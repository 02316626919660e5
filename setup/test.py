"""Every test, as `make test` runs it: contracts, JavaScript, Python on both databases, browser.

Each part runs even when an earlier one failed. What was skipped is listed with its reason, and the last line
counts everything that ran.
"""

import os
import re
import runpy
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from setup.debian import NotReady
from setup.postgres import temporary_postgres

ROOT = Path(__file__).resolve().parent.parent
# Far above what a part takes, far below what is left of the 90 minutes of the machine that runs all of them.
PART_SECONDS = 42 * 60
CONTRACTS = (
    sys.executable,
    "-c",
    "from importlinter.cli import lint_imports_command; lint_imports_command()",
    "--no-logo",
)


@dataclass
class Tally:
    """What one part of the tests did."""

    title: str
    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def line(self) -> str:
        """Return the count in words."""
        return (
            f"{self.title}: {self.passed} passed, {self.failed} failed, {len(self.skipped)} skipped"
            f" in {self.seconds:.0f} s"
        )


def contracts(env: Mapping[str, str], notes: Path) -> Tally:
    """Check the import contracts; each counts as one test."""
    said = notes / "contracts"
    code = _run(CONTRACTS, env, said)
    match = re.search(r"Contracts: (\d+) kept, (\d+) broken", said.read_text(encoding="utf-8"))
    kept, broken = (int(match[1]), int(match[2])) if match else (0, 0)
    return _judged(Tally("Import contracts", kept, broken), code)


def javascript(env: Mapping[str, str], notes: Path) -> Tally:
    """Run the JavaScript tests in Node."""
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "js").rglob("*.test.mjs"))
    report = notes / "javascript.tap"
    reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout"]
    reporters += ["--test-reporter=tap", f"--test-reporter-destination={report}"]
    code = _run(["node", "--test", *reporters, *files], env) if files else 1
    tap = report.read_text(encoding="utf-8") if report.exists() else ""
    figures = {name: int(number) for name, number in re.findall(r"^# (\w+) (\d+)$", tap, re.MULTILINE)}
    skipped = [
        f"{match[1]}: {match[2]}" for match in re.finditer(r"ok \d+ - (.*?) # (?:SKIP|TODO) ?(.*)", tap)
    ]
    tally = Tally(
        "JavaScript", figures.get("pass", 0), figures.get("fail", 0) + figures.get("cancelled", 0), skipped
    )
    return _judged(tally, code)


def python(title: str, arguments: Sequence[str], env: Mapping[str, str], notes: Path) -> Tally:
    """Run pytest with these arguments."""
    report = notes / "python.xml"
    report.unlink(missing_ok=True)
    code = _run([sys.executable, "-m", "pytest", f"--junitxml={report}", *arguments], env)
    tally = Tally(title)
    cases = ElementTree.parse(report).iter("testcase") if report.exists() else ()  # noqa: S314 - our own report.
    for case in cases:
        skipped = case.find("skipped")
        if skipped is not None:
            tally.skipped.append(f"{case.get('classname')}.{case.get('name')}: {skipped.get('message')}")
        elif case.find("failure") is not None or case.find("error") is not None:
            tally.failed += 1
        else:
            tally.passed += 1
    return _judged(tally, code)


def _judged(tally: Tally, code: int) -> Tally:
    """Return the tally; a part that ended badly, or ran nothing, has failed at least once."""
    if not tally.failed and (code or not tally.passed):
        tally.failed = 1
        print(f"{tally.title}: ended with exit code {code} after {tally.passed} tests.", flush=True)
    return tally


def _run(command: Sequence[str], env: Mapping[str, str], said: Path | None = None) -> int:
    """Return the command's exit code; Ctrl-C lets it tidy up before it ends."""
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=said.open("wb") if said else None
    ) as process:
        try:
            code = process.wait(PART_SECONDS)
        except subprocess.TimeoutExpired:
            print(f"Stopped after {PART_SECONDS // 60} minutes: {' '.join(command[:6])} …", flush=True)
            process.kill()
            code = process.wait()
        except KeyboardInterrupt:
            _let_tidy_up(process)
            raise
    if said:
        print(said.read_text(encoding="utf-8"), flush=True)
    return code


def _let_tidy_up(process: subprocess.Popen[bytes]) -> None:
    for number in (None, signal.SIGINT, signal.SIGKILL):
        if number is not None:
            process.send_signal(number)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            continue
        return


def _environment(database: str) -> dict[str, str]:
    """Return this environment without Wardbook's settings: no test may touch what somebody works with."""
    ours = {setting.name for setting in runpy.run_path(str(ROOT / "webapp" / "config.py"))["SETTINGS"]}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "TEST_DATABASE_URL": database, "PYTHONUNBUFFERED": "1"}


def run_all() -> list[Tally]:
    """Return what each part did; PostgreSQL runs for as long as they do."""
    tallies = []
    with tempfile.TemporaryDirectory(prefix="wardbook-tests-") as folder, temporary_postgres() as database:
        notes, env = Path(folder), _environment(database)
        browser = "tests/browser"
        parts = (
            lambda: contracts(env, notes),
            lambda: javascript(env, notes),
            lambda: python("Python", ["-n", "2", f"--ignore={browser}"], env, notes),
            lambda: python("Browser", [browser], env, notes),
        )
        for part in parts:
            started = time.monotonic()
            tally = part()
            tally.seconds = time.monotonic() - started
            tallies.append(tally)
    return tallies


def main() -> None:
    """Run everything; exit 1 when anything failed or a part ran nothing."""
    # SIGTERM ends the tests as Ctrl-C does: the database server and the browser are stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        tallies = run_all()
    except NotReady as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped before the end.")
    print()
    skipped = [reason for tally in tallies for reason in tally.skipped]
    if skipped:
        print("Skipped:", *skipped, sep="\n  ")
    for tally in tallies:
        print(tally.line())
    failed = sum(tally.failed for tally in tallies)
    print(
        f"{sum(tally.passed for tally in tallies)} passed, {failed} failed, {len(skipped)} skipped",
        flush=True,
    )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
