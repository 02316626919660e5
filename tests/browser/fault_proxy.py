"""A proxy between a browser and the app that does planned damage: replies get lost, uploads cut, servers vanish."""

import re
import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException, IncompleteRead, parse_headers, responses
from math import inf
from socket import SHUT_RDWR, SO_LINGER, SOL_SOCKET, socket
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Condition, Event, Thread
from typing import Any, ClassVar, Self
from weakref import WeakSet

Headers = tuple[tuple[str, str], ...]
HERE = "127.0.0.1"
HTML: Headers = (("Content-Type", "text/html"),)
PIECE = 65536
# Expect is among them because all of a body is here before the upstream hears of it: nobody need ask.
HOP_BY_HOP = re.compile("connection|expect|keep-alive|proxy-.+|te|trailer|transfer-encoding|upgrade", re.I)
PORTAL = b"""<!doctype html><title>Welcome to our Wi-Fi</title>
<form method="post"><label>Room <input name="room"></label><button>Go online</button></form>"""


@dataclass(frozen=True)
class Exchange:
    """A request: the fault's name or "", the upstream's status if it answered, how much body the upstream was sent."""

    method: str
    path: str
    fault: str = ""
    status: int | None = None
    body_length: int = 0


Enough = Callable[[list[Exchange]], object]


@dataclass(frozen=True)
class Fault:
    """What is done with a request; this one passes it on and gives the reply, which is no fault at all."""

    hears_body: ClassVar[bool] = True

    def strike(self, visit: "Visit") -> None:
        """Do it; afterwards the client's connection is closed."""
        visit.reply(visit.forward())


class DropReply(Fault):
    """The upstream did it, and the client hears not a byte of that."""

    def strike(self, visit: "Visit") -> None:
        visit.forward()


class Refuse(Fault):
    """The connection is reset; nothing reached the upstream."""

    hears_body: ClassVar[bool] = False

    def strike(self, visit: "Visit") -> None:
        reset_on_close(visit.connection)


@dataclass(frozen=True)
class CutBody(Fault):
    """The upstream gets the head and the first bytes of the body, then both connections end."""

    after_bytes: int

    def strike(self, visit: "Visit") -> None:
        with visit.sent(self.after_bytes):
            pass


@dataclass(frozen=True)
class Delay(Fault):
    """The request is passed on after some seconds, or as soon as the proxy is cleared."""

    seconds: float

    def strike(self, visit: "Visit") -> None:
        visit.released.wait(self.seconds)
        super().strike(visit)


class Hold(Fault):
    """A black hole: no answer until the proxy is cleared, then the connection ends; nothing reached the upstream."""

    def strike(self, visit: "Visit") -> None:
        visit.released.wait()


class HoldReply(Fault):
    """The upstream did it, and the client hears of that when the proxy is cleared."""

    def strike(self, visit: "Visit") -> None:
        answer = visit.forward()
        visit.released.wait()
        visit.reply(answer)


@dataclass(frozen=True)
class Truncate(Fault):
    """The client gets the reply's whole head, with its real length, and only the first bytes of its body."""

    after_bytes: int

    def strike(self, visit: "Visit") -> None:
        visit.reply(visit.forward(), self.after_bytes)


@dataclass(frozen=True)
class Answer(Fault):
    """The client gets this answer; nothing reached the upstream."""

    status: int
    body: bytes = b""
    headers: Headers = HTML

    def strike(self, visit: "Visit") -> None:
        visit.reply(self)


class AnswerAfter(Answer):
    """The upstream did it, and the client gets this answer instead of the upstream's."""

    def strike(self, visit: "Visit") -> None:
        visit.forward()
        visit.reply(self)


class Twice(Fault):
    """The upstream gets the request twice, one after the other, and the client the second reply."""

    def strike(self, visit: "Visit") -> None:
        visit.forward()
        super().strike(visit)


def captive_portal() -> Answer:
    """Return the answer of a hotel's Wi-Fi to whatever is asked: its own page, and that all is well."""
    return Answer(200, PORTAL)


def redirect(to: str, status: int = 302) -> Answer:
    """Return an answer that sends the client elsewhere."""
    return Answer(status, headers=(("Location", to),))


def reset_on_close(connection: socket) -> None:
    """Let closing this connection reset it (RST) instead of ending it."""
    connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))


def end_to_end(headers: Iterable[tuple[str, str]]) -> Headers:
    """Return the headers that go through a proxy; those about one connection stay behind."""
    return tuple(header for header in headers if not HOP_BY_HOP.fullmatch(header[0]))


class Visit(StreamRequestHandler):
    """A client's connection with its one request, and what a fault can do with it."""

    server: "FaultProxy"
    released: Event

    def handle(self) -> None:
        """Read the request and let its fault strike."""
        self.server.keep_track_of(self.connection)
        words = self.rfile.readline(PIECE).decode("latin-1").split()
        # A browser opens connections in advance and may never use them.
        if len(words) == 3:
            self.method, self.path, self.headers = words[0], words[1], parse_headers(self.rfile)
            self._fault().strike(self)

    def _fault(self) -> Fault:
        # The connection may be older than the failure.
        if self.server.offline:
            return Refuse()
        fault, self.number, self.released = self.server.hear(self.method, self.path)
        self.body = self._read_body() if fault.hears_body else b""
        return fault

    def _read_body(self) -> bytes:
        if "Transfer-Encoding" in self.headers:
            raise NotImplementedError("This proxy takes no chunked requests: send a Content-Length.")
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:
            raise IncompleteRead(body, length - len(body))
        return body

    def forward(self) -> Answer:
        """Send the request to the upstream and return its whole reply."""
        with self.sent() as upstream, upstream.getresponse() as reply:
            answer = Answer(reply.status, reply.read(), end_to_end(reply.getheaders()))
        self.server.note(self.number, status=answer.status)
        return answer

    @contextmanager
    def sent(self, length: int | None = None) -> Iterator[HTTPConnection]:
        """Hold a connection to the upstream that was sent the request, or its body's first `length` bytes only."""
        with closing(HTTPConnection(HERE, self.server.upstream_port)) as upstream:
            upstream.connect()
            self.server.keep_track_of(upstream.sock)
            upstream.putrequest(self.method, self.path, skip_host=True, skip_accept_encoding=True)
            for header in (*end_to_end(self.headers.items()), ("Connection", "close")):
                upstream.putheader(*header)
            upstream.endheaders()
            # A server may refuse a body that it has not heard to its end; its reply tells why.
            with suppress(BrokenPipeError, ConnectionResetError):
                self._send(upstream, self.body[:length])
            yield upstream

    def _send(self, upstream: HTTPConnection, body: bytes) -> None:
        for start in range(0, len(body), PIECE):
            upstream.send(body[start : start + PIECE])
            self.server.note(self.number, body_length=min(start + PIECE, len(body)))

    def reply(self, answer: Answer, length: int | None = None) -> None:
        """Send the client an answer, with only the first `length` bytes of its body if that is given."""
        has_body = self.method != "HEAD" and answer.status not in (204, 304)
        lines = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, '')}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        if has_body and "content-length" not in {name.lower() for name, _ in answer.headers}:
            lines.append(f"Content-Length: {len(answer.body)}")
        head = "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")
        self.wfile.write(head + answer.body[:length] if has_body else head)


@dataclass
class _Plan:
    fault: Fault
    method: str
    path: re.Pattern[str]
    left: float

    def fits(self, method: str, path: str) -> bool:
        return self.method in ("", method) and bool(self.path.search(path))


NOTHING = _Plan(Fault(), "", re.compile(""), inf)


class FaultProxy(ThreadingTCPServer):
    """A proxy on a free port of this machine, running inside `with`; `offline` and `upstream_port` may be set."""

    request_queue_size = 128

    def __init__(self, upstream_port: int) -> None:
        super().__init__((HERE, 0), Visit)
        self.upstream_port = upstream_port
        self.offline = False
        self.port: int = self.server_address[1]
        self.url = f"http://{HERE}:{self.port}"
        self._news = Condition()
        self._heard: list[Exchange] = []
        self._plans: list[_Plan] = []
        self._released = Event()
        self._sockets: WeakSet[socket] = WeakSet()
        self._closed = False
        self._thread = Thread(target=self.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *fault: object) -> None:
        self.close()

    def plan(self, fault: Fault, method: str = "", path_pattern: str = "", times: int | None = 1) -> None:
        """Let a fault strike the next `times` requests that match, or with None each until `clear`."""
        with self._news:
            left = inf if times is None else times
            self._plans.append(_Plan(fault, method, re.compile(path_pattern), left))

    def clear(self) -> None:
        """Forget all plans and release all that is held."""
        with self._news:
            self._plans.clear()
            self._released.set()
            self._released = Event()

    @property
    def heard(self) -> list[Exchange]:
        """Every request so far in order of arrival, each as far as it has come; a list of the caller's own."""
        with self._news:
            return list(self._heard)

    def until_heard(self, enough: Enough = bool, within_s: float = 20) -> list[Exchange]:
        """Return what was heard as soon as `enough` finds it true, by default at the first request."""
        with self._news:
            if not self._news.wait_for(lambda: enough(self._heard), within_s):
                raise TimeoutError(f"Waited {within_s} s in vain; heard was {self._heard}.")
            return list(self._heard)

    def close(self) -> None:
        """Release all that is held, end every connection and wait until the last thread is gone."""
        with self._news:
            self._closed = True
            for connection in self._sockets:
                # It wakes a thread that waits for the other side; the thread itself closes the socket.
                with suppress(OSError):
                    connection.shutdown(SHUT_RDWR)
        self.clear()
        self.shutdown()
        self._thread.join()
        self.server_close()

    def hear(self, method: str, path: str) -> tuple[Fault, int, Event]:
        """Return a new request's fault, its number in `heard`, and the event that releases it."""
        with self._news:
            plan = next((plan for plan in self._plans if plan.fits(method, path)), NOTHING)
            plan.left -= 1
            self._plans = [plan for plan in self._plans if plan.left > 0]
            name = "" if plan is NOTHING else type(plan.fault).__name__
            self._heard.append(Exchange(method, path, name))
            self._news.notify_all()
            return plan.fault, len(self._heard) - 1, self._released

    def note(self, number: int, **learnt: Any) -> None:
        """Keep what became of a request."""
        with self._news:
            self._heard[number] = replace(self._heard[number], **learnt)
            self._news.notify_all()

    def keep_track_of(self, connection: socket) -> None:
        """Know a connection for as long as somebody uses it, so that closing the proxy can end it."""
        with self._news:
            if self._closed:
                raise ConnectionAbortedError("The proxy is closed.")
            self._sockets.add(connection)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Say whether a new connection is let in: not while offline."""
        if self.offline:
            reset_on_close(request)
        return not self.offline

    def shutdown_request(self, request: Any) -> None:
        """Close a client's connection without the polite end that would come before a reset."""
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of connections that fail, which is our trade; anything else is a mistake of ours."""
        if not isinstance(sys.exception(), OSError | HTTPException):
            raise
