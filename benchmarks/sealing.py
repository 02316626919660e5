"""What the key of the month adds to taking a capture: a kind that may hold plates against the same kind without.

Both are taken in turns, so that whatever else the machine does meets both alike; the ratio is the median over all
pairs. Beside it stands what reading the key from its file takes, which every such capture does twice or more.
"""

import dataclasses
import time
from statistics import median
from uuid import uuid4

from benchmarks._bounds import Figures
from benchmarks._served import fresh_folder
from tests.browser.server import prepare
from tests.builders import answers
from webapp import create_app
from webapp.extensions import clock, db
from webapp.rules.roles import ANYBODY
from webapp.services import captures, kinds, plate_keys
from webapp.services.captures import Submission

PAIRS, WARMING_PAIRS = 600, 50
READS = 2000
MOST_RATIO = 1.10
PLAIN = kinds.KINDS[0]
PLATED = dataclasses.replace(PLAIN, has_plates=True)


def _take(kind: kinds.Kind) -> float:
    """Return how many seconds one capture took, from its answers to its receipt."""
    words = {"words": "Lay-by opposite the field gate"}
    submission = Submission(kind, uuid4(), "a secret of the benchmark", None, 1, "web", answers(place=words))
    began = time.perf_counter()
    captures.submit(submission, ANYBODY)
    return time.perf_counter() - began


def _pair(number: int) -> tuple[float, float]:
    """Return what one of each took; the first of the two is another one each time."""
    if number % 2:
        plain = _take(PLAIN)
        return _take(PLATED), plain
    return _take(PLATED), _take(PLAIN)


def _reading_us() -> float:
    month = plate_keys.month_of(clock.now())
    began = time.perf_counter()
    for _ in range(READS):
        plate_keys.of(month)
    return (time.perf_counter() - began) / READS * 1e6


def main() -> None:
    """Measure and judge."""
    figures = Figures()
    with fresh_folder() as folder:
        prepare(folder)
        app = create_app({}, folder)
        with app.app_context():
            pairs = [_pair(number) for number in range(WARMING_PAIRS + PAIRS)][WARMING_PAIRS:]
            reading = _reading_us()
            db.engine.dispose()
    figures.tell("a capture of a kind without plates", f"{median(plain for _, plain in pairs) * 1000:.2f} ms")
    figures.tell("the same of a kind with plates", f"{median(plated for plated, _ in pairs) * 1000:.2f} ms")
    figures.tell("to read the month's key from its file", f"{reading:.0f} µs")
    figures.at_most("ratio of the two", median(plated / plain for plated, plain in pairs), MOST_RATIO)
    figures.close()


if __name__ == "__main__":
    main()
