"""A server that only keeps what it got, for the tests of what stands before a server."""

from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler
from queue import Queue
from socketserver import TCPServer
from threading import Thread
from typing import NamedTuple

WITHIN_S = 20
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class Got(NamedTuple):
    method: str
    path: str
    headers: HTTPMessage
    body: bytes


class _Listen(BaseHTTPRequestHandler):
    server: "Upstream"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.received.put(Got(self.command, self.path, self.headers, body))
        self.wfile.write(self.server.replies.pop(0) if self.server.replies else HELLO)

    do_HEAD = do_PUT = do_POST = do_GET  # noqa: N815 - the names are http.server's

    def log_message(self, *words: object) -> None:
        pass


class Upstream(TCPServer):
    """A server that keeps what it got; it says `replies` as they stand, one after the other, and then hello."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Listen)
        self.port: int = self.server_address[1]
        self.received: Queue[Got] = Queue()
        self.replies: list[bytes] = []
        self._thread = Thread(target=self.serve_forever, args=(0.01,))

    def __enter__(self) -> "Upstream":
        self._thread.start()
        return self

    def __exit__(self, *fault: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def next(self) -> Got:
        return self.received.get(timeout=WITHIN_S)
