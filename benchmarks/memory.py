"""What a web process holds in memory after 1,000 reports over HTTP, against what it held right after its start."""

from pathlib import Path

from benchmarks._bounds import Figures
from benchmarks._load import post_all
from benchmarks._reports import reports
from benchmarks._served import product
from tests.browser.server import Served

SUBMISSIONS = 1000
CONNECTIONS = 16
MOST_MB = 250


def _resident_mb(served: Served) -> list[float]:
    """Return the resident memory of each web process, largest first, in MB of a million bytes."""
    kilobytes = [_status(pid, "VmRSS") for pid in served.children("web")]
    return sorted((1024 * value / 1e6 for value in kilobytes), reverse=True)


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def main() -> None:
    """Measure and judge."""
    figures = Figures()
    with product() as served:
        before = _resident_mb(served)
        outcome = post_all(served.port, reports(served.port, SUBMISSIONS), CONNECTIONS)
        if outcome.statuses != {303: SUBMISSIONS}:
            raise SystemExit(f"Reports were not accepted: {dict(outcome.statuses)}\n{served.log()}")
        after = _resident_mb(served)
    figures.tell("web process right after its start", f"{before[0]:,.0f} MB")
    figures.at_most(f"the larger web process after {SUBMISSIONS:,} reports", after[0], MOST_MB, " MB")
    figures.tell("ratio to right after its start", f"{after[0] / before[0]:.2f}")
    figures.close()


if __name__ == "__main__":
    main()
