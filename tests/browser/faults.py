"""The table of faults: each family of the capture protocol's list, how many cases were tried, how many passed."""

from collections import Counter
from typing import Any

import pytest


def note_families(items: list[pytest.Item]) -> None:
    """Let each report of a fault's test know its family."""
    for item in items:
        marker = item.get_closest_marker("fault")
        if marker is not None:
            item.user_properties.append(("fault", marker.args[0]))


def print_table(reporter: Any) -> None:
    """Print one line for each family that was tried."""
    tried: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for outcome in ("passed", "failed", "error"):
        for report in reporter.stats.get(outcome, []):
            family = dict(report.user_properties).get("fault")
            if family is None or (outcome == "passed" and report.when != "call"):
                continue
            tried[family] += 1
            passed[family] += outcome == "passed"
    if not tried:
        return
    reporter.write_sep("-", "Faults: no form may be lost by any of them")
    reporter.write_line(f"{'family':<16}{'cases':>6}{'passed':>8}")
    for family, cases in tried.items():
        reporter.write_line(f"{family:<16}{cases:>6}{passed[family]:>8}")
    reporter.write_line(f"{'all':<16}{tried.total():>6}{passed.total():>8}")
