"""What a web process holds in memory after 1,000 reports over HTTP, against what it held right after its start."""

from benchmarks._bounds import Figures
from benchmarks._load import post_all
from benchmarks._reports import reports
from benchmarks._served import product, resident_mb

SUBMISSIONS = 1000
CONNECTIONS = 16
MOST_MB = 250


def main() -> None:
    """Measure and judge."""
    figures = Figures()
    with product() as served:
        before = resident_mb(served)
        outcome = post_all(served.port, reports(served.port, SUBMISSIONS), CONNECTIONS)
        if outcome.statuses != {303: SUBMISSIONS}:
            raise SystemExit(f"Reports were not accepted: {dict(outcome.statuses)}\n{served.log()}")
        after = resident_mb(served)
    figures.tell("web process right after its start", f"{before[0]:,.0f} MB")
    figures.at_most(f"the larger web process after {SUBMISSIONS:,} reports", after[0], MOST_MB, " MB")
    figures.tell("ratio to right after its start", f"{after[0] / before[0]:.2f}")
    figures.close()


if __name__ == "__main__":
    main()
