"""Many connections that send prepared requests and keep the time of each answer: one process, one loop.

Written with bare sockets, so that what measures takes little of the machine that it measures.
"""

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
ANSWERS_WITHIN_S = 60
READ_BYTES = 64 * 1024


@dataclass
class Outcome:
    """What came back: how long all of it took, each answer's latency, and how often each status came."""

    seconds: float = 0.0
    latencies_s: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.latencies_s) / self.seconds

    def percentile_ms(self, percent: float) -> float:
        """The latency in ms that this percentage of the answers stayed within."""
        ordered = sorted(self.latencies_s)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000


class _Connection:
    """One kept-alive connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWERS_WITHIN_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.begun_at = 0.0
        self._answer = b""

    def ask(self, request: bytes) -> None:
        """Send a whole request."""
        self.begun_at, self._answer = time.perf_counter(), b""
        self.socket.sendall(request)

    def read(self) -> int | None:
        """Read what has come, and return the status once the answer is whole."""
        data = self.socket.recv(READ_BYTES)
        if not data:
            raise ConnectionError("The server closed the connection before it had answered.")
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if not end:
            return None
        length = LENGTH.search(head)
        if length is None:
            raise ConnectionError("The answer does not say its length.")
        return int(head[9:12]) if len(body) >= int(length[1]) else None


def post_all(port: int, requests: Sequence[bytes], connections: int) -> Outcome:
    """Send each request once, over so many connections, and return the outcome."""
    outcome, waiting = Outcome(), iter(requests)
    with selectors.DefaultSelector() as selector:
        opened = [_Connection(port) for _ in range(connections)]
        for one in opened:
            selector.register(one.socket, selectors.EVENT_READ, one)
        begun_at = time.perf_counter()
        open_questions = sum(_ask_next(one, waiting) for one in opened)
        while open_questions:
            ready = selector.select(ANSWERS_WITHIN_S)
            if not ready:
                raise TimeoutError(f"No answer came within {ANSWERS_WITHIN_S} s.")
            for key, _ in ready:
                status = key.data.read()
                if status is None:
                    continue
                outcome.statuses[status] += 1
                outcome.latencies_s.append(time.perf_counter() - key.data.begun_at)
                open_questions += _ask_next(key.data, waiting) - 1
        outcome.seconds = time.perf_counter() - begun_at
    for one in opened:
        one.socket.close()
    return outcome


def _ask_next(connection: _Connection, waiting: Iterator[bytes]) -> int:
    request = next(waiting, None)
    if request is None:
        return 0
    connection.ask(request)
    return 1
