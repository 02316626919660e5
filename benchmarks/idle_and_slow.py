"""Whether forty idle browser connections and ten slow uploads hold up anybody else's report."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from statistics import median

from benchmarks._bounds import Figures
from benchmarks._load import Outcome, post_all
from benchmarks._reports import BOUNDARY, PAGE, reports
from benchmarks._served import product

ROUNDS = 5
REPORTS = 40
IDLE = 40
SLOW = 10
SLOW_BYTES_PER_S = 1000
SLOW_LENGTH = 5_000_000
MOST_RATIO = 2.0
SLOWEST_MS = 250


def _slow_start(port: int) -> bytes:
    lines = (
        f"POST {PAGE} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {SLOW_LENGTH}",
        "",
        f"--{BOUNDARY}",
        'Content-Disposition: form-data; name="photos"; filename="tip.jpg"',
        "Content-Type: image/jpeg",
        "",
        "",
    )
    return "\r\n".join(lines).encode()


def _drip(uploads: Sequence[socket.socket], over: threading.Event) -> None:
    """Send each upload a tenth of a second's bytes, ten times a second, until it is over."""
    while not over.wait(0.1):
        for upload in uploads:
            upload.sendall(b"\xff" * (SLOW_BYTES_PER_S // 10))


@contextmanager
def _crowd(port: int) -> Iterator[None]:
    """Hold idle connections, and uploads that arrive at 1 kB a second."""
    with ExitStack() as stack:
        opened = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            for _ in range(IDLE + SLOW)
        ]
        uploads = opened[:SLOW]
        for upload in uploads:
            upload.sendall(_slow_start(port))
        over = threading.Event()
        dripping = threading.Thread(target=_drip, args=(uploads, over))
        dripping.start()
        try:
            yield
        finally:
            over.set()
            dripping.join()


def _slowest_ms(outcomes: Sequence[Outcome]) -> float:
    return max(outcome.percentile_ms(100) for outcome in outcomes)


def main() -> None:
    """Measure and judge: one person's reports, one after the other, alone and in the crowd in turns."""
    alone: list[Outcome] = []
    crowded: list[Outcome] = []
    with product() as served:
        port = served.port
        post_all(port, reports(port, REPORTS), 1)
        for _ in range(ROUNDS):
            alone.append(post_all(port, reports(port, REPORTS), 1))
            with _crowd(port):
                crowded.append(post_all(port, reports(port, REPORTS), 1))
    accepted = sum(outcome.statuses[303] for outcome in (*alone, *crowded))
    if accepted != 2 * ROUNDS * REPORTS:
        raise SystemExit("Reports were not accepted.")
    quiet_ms = median(outcome.percentile_ms(50) for outcome in alone)
    crowded_ms = median(outcome.percentile_ms(50) for outcome in crowded)
    figures = Figures()
    figures.tell("a report, nobody else there", f"{quiet_ms:.1f} ms, slowest {_slowest_ms(alone):.0f} ms")
    figures.tell(
        f"a report beside {IDLE} idle connections and {SLOW} slow uploads",
        f"{crowded_ms:.1f} ms, slowest {_slowest_ms(crowded):.0f} ms",
    )
    figures.at_most("ratio of the two", crowded_ms / quiet_ms, MOST_RATIO)
    p99 = median(outcome.percentile_ms(99) for outcome in crowded)
    figures.at_most("slowest of a round in the crowd, median", p99, SLOWEST_MS, " ms")
    figures.close()


if __name__ == "__main__":
    main()
