"""Each planned fault does what it says, both to the client and to the server behind the proxy."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPMessage, IncompleteRead, RemoteDisconnected
from queue import Queue
from socket import create_connection, socket
from typing import NamedTuple

import pytest

from tests.browser.fault_proxy import (
    Answer,
    AnswerAfter,
    CutBody,
    Delay,
    DropReply,
    Exchange,
    Fault,
    FaultProxy,
    Hold,
    HoldReply,
    Refuse,
    Truncate,
    Twice,
    captive_portal,
    redirect,
)
from tests.house.upstream import HELLO, WITHIN_S, Upstream

BIG = bytes(range(256)) * 120_000


class Reply(NamedTuple):
    status: int
    headers: HTTPMessage
    body: bytes


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as listening:
        yield listening


@pytest.fixture
def proxy(upstream: Upstream) -> Iterator[FaultProxy]:
    with FaultProxy(upstream.port) as running:
        yield running


Ask = Callable[..., Reply]
AskMeanwhile = Callable[..., "Future[Reply]"]


@pytest.fixture
def ask(proxy: FaultProxy) -> Ask:
    """Asks the proxy and returns its reply."""

    def ask_one(method: str = "GET", path: str = "/", body: bytes | None = None, **headers: str) -> Reply:
        with closing(HTTPConnection("127.0.0.1", proxy.port, timeout=WITHIN_S)) as connection:
            connection.request(
                method, path, body, {name.replace("_", "-"): value for name, value in headers.items()}
            )
            with connection.getresponse() as reply:
                return Reply(reply.status, reply.headers, reply.read())

    return ask_one


@pytest.fixture
def ask_meanwhile(ask: Ask, proxy: FaultProxy) -> Iterator[AskMeanwhile]:
    """Asks the proxy while the test goes on, and returns what will be its reply."""
    with ThreadPoolExecutor() as threads:
        yield lambda *asked: threads.submit(ask, *asked)
        proxy.clear()


def test_without_a_plan_a_request_and_its_reply_pass_through(upstream, proxy, ask) -> None:
    reply = ask("PUT", "/captures/1?draft=yes", b"words", X_Mark="a")
    got = upstream.next()
    assert (got.method, got.path, got.body, got.headers["X-Mark"]) == (
        "PUT",
        "/captures/1?draft=yes",
        b"words",
        "a",
    )
    assert (reply.status, reply.body, reply.headers["Content-Length"]) == (200, b"hello", "5")
    assert proxy.heard == [Exchange("PUT", "/captures/1?draft=yes", "", 200, 5)]


def test_the_host_stays_as_the_client_named_it_and_what_is_about_the_connection_goes(upstream, ask) -> None:
    upstream.replies = [b"HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nX-Mark: b\r\nContent-Length: 0\r\n\r\n"]
    reply = ask("GET", "/", Host="wardbook.example", Keep_Alive="5", TE="trailers")
    got = upstream.next()
    assert got.headers.get_all("Host") == ["wardbook.example"]
    assert (got.headers["Keep-Alive"], got.headers["TE"], got.headers["Accept-Encoding"]) == (
        None,
        None,
        "identity",
    )
    assert (reply.headers["Keep-Alive"], reply.headers["X-Mark"]) == (None, "b")


def test_cookies_stay_apart(upstream, ask) -> None:
    upstream.replies = [b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n"]
    assert ask().headers.get_all("Set-Cookie") == ["a=1", "b=2"]


@pytest.mark.parametrize(
    "said",
    [
        HELLO,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nhello",
    ],
    ids=["by length", "in chunks", "until it closes"],
)
def test_however_a_reply_ends_the_client_gets_it_with_its_length(said: bytes, upstream, ask) -> None:
    upstream.replies = [said]
    reply = ask()
    assert (reply.body, reply.headers.get_all("Content-Length")) == (b"hello", ["5"])
    assert reply.headers["Transfer-Encoding"] is None


@pytest.mark.parametrize("status", [204, 304])
def test_a_reply_that_has_no_body_is_given_none(status: int, upstream, ask) -> None:
    upstream.replies = [f'HTTP/1.1 {status} So\r\nETag: "1"\r\n\r\n'.encode()]
    reply = ask()
    assert (reply.status, reply.headers["ETag"], reply.body) == (status, '"1"', b"")
    assert reply.headers["Content-Length"] is None


def test_a_reply_to_head_keeps_the_length_and_has_no_body(upstream, ask) -> None:
    upstream.replies = [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"]
    reply = ask("HEAD")
    assert (reply.headers["Content-Length"], reply.body, upstream.next().method) == ("5", b"", "HEAD")


def test_thirty_megabytes_pass_both_ways(upstream, proxy, ask) -> None:
    upstream.replies = [b"HTTP/1.1 200 OK\r\n\r\n" + BIG]
    assert ask("PUT", "/", BIG).body == BIG
    assert upstream.next().body == BIG
    assert proxy.heard[0].body_length == len(BIG)


def test_a_request_in_chunks_is_our_mistake_and_is_told(upstream, proxy, ask, monkeypatch) -> None:
    told: Queue[threading.ExceptHookArgs] = Queue()
    monkeypatch.setattr(threading, "excepthook", told.put)
    with pytest.raises(ConnectionError):
        ask("PUT", "/", None, Transfer_Encoding="chunked")
    assert "Content-Length" in str(told.get(timeout=WITHIN_S).exc_value)
    assert upstream.received.empty()


def test_a_request_that_its_client_does_not_finish_reaches_nobody(upstream, proxy) -> None:
    with create_connection(("127.0.0.1", proxy.port)) as client:
        client.sendall(b"PUT / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe")
        proxy.until_heard()
    proxy.close()
    assert upstream.received.empty()
    assert proxy.heard == [Exchange("PUT", "/")]


def test_a_server_that_is_not_there_gives_no_answer(proxy, ask) -> None:
    with closing(socket()) as bound_but_deaf:
        bound_but_deaf.bind(("127.0.0.1", 0))
        proxy.upstream_port = bound_but_deaf.getsockname()[1]
        with pytest.raises(RemoteDisconnected):
            ask()
    assert proxy.heard == [Exchange("GET", "/")]


def test_a_server_that_started_elsewhere_is_asked_there(upstream, proxy, ask) -> None:
    ask("GET", "/first")
    with Upstream() as other:
        proxy.upstream_port = other.port
        ask("GET", "/second")
        assert (upstream.next().path, other.next().path) == ("/first", "/second")


def test_a_plan_strikes_as_often_as_it_says_and_only_what_it_names(proxy, ask) -> None:
    proxy.plan(Answer(503), "PUT", r"/captures/[^/]+$", times=2)
    asked = [
        ("PUT", "/captures/1"),
        ("GET", "/captures/1"),
        ("PUT", "/captures/1/photos"),
        ("PUT", "/captures/2"),
        ("PUT", "/captures/3"),
    ]
    assert [ask(*one).status for one in asked] == [503, 200, 200, 503, 200]
    assert [exchange.fault for exchange in proxy.heard] == ["Answer", "", "", "Answer", ""]


def test_plans_are_tried_in_the_order_in_which_they_were_made(proxy, ask) -> None:
    proxy.plan(Answer(500), "", r"a=1")
    proxy.plan(Answer(503), "", "", times=None)
    assert [ask("GET", path).status for path in ("/", "/?a=1", "/?a=1")] == [503, 500, 503]


def test_a_cleared_plan_strikes_no_more(proxy, ask) -> None:
    proxy.plan(Answer(503), times=None)
    assert ask().status == 503
    proxy.clear()
    assert ask().status == 200


def test_a_dropped_reply_reached_the_upstream_whole(upstream, proxy, ask) -> None:
    proxy.plan(DropReply(), "PUT")
    with pytest.raises(RemoteDisconnected):
        ask("PUT", "/captures/1", b"words")
    assert upstream.next().body == b"words"
    assert proxy.heard == [Exchange("PUT", "/captures/1", "DropReply", 200, 5)]


def test_a_refused_request_is_reset_and_reaches_nobody(upstream, proxy, ask) -> None:
    proxy.plan(Refuse())
    with pytest.raises(ConnectionResetError) as refused:
        ask("PUT", "/", b"words")
    # A polite end would be RemoteDisconnected, which is a kind of reset to Python.
    assert refused.type is ConnectionResetError
    assert upstream.received.empty()
    assert proxy.heard == [Exchange("PUT", "/", "Refuse")]


def test_of_a_cut_body_the_upstream_gets_only_the_first_bytes(upstream, proxy, ask) -> None:
    proxy.plan(CutBody(3), "PUT")
    with pytest.raises(RemoteDisconnected):
        ask("PUT", "/", b"words")
    got = upstream.next()
    assert (got.headers["Content-Length"], got.body) == ("5", b"wor")
    assert proxy.heard == [Exchange("PUT", "/", "CutBody", None, 3)]


def test_a_delayed_request_then_passes_as_any_other(upstream, proxy, ask) -> None:
    proxy.plan(Delay(0))
    assert ask("PUT", "/", b"words").body == b"hello"
    assert upstream.next().body == b"words"


def test_a_delay_ends_when_the_proxy_is_cleared(upstream, proxy, ask_meanwhile) -> None:
    proxy.plan(Delay(3600))
    reply = ask_meanwhile()
    assert proxy.until_heard() == [Exchange("GET", "/", "Delay")]
    assert upstream.received.empty()
    proxy.clear()
    assert reply.result(WITHIN_S).body == b"hello"


def test_a_held_request_ends_without_an_answer_and_reaches_nobody(upstream, proxy, ask_meanwhile) -> None:
    proxy.plan(Hold())
    reply = ask_meanwhile("PUT", "/", b"words")
    assert proxy.until_heard() == [Exchange("PUT", "/", "Hold")]
    assert not reply.done()
    proxy.clear()
    assert isinstance(reply.exception(WITHIN_S), RemoteDisconnected)
    assert upstream.received.empty()


def test_a_held_reply_comes_when_the_proxy_is_cleared(upstream, proxy, ask_meanwhile) -> None:
    proxy.plan(HoldReply())
    reply = ask_meanwhile("PUT", "/", b"words")
    assert upstream.next().body == b"words"
    proxy.until_heard(lambda heard: heard[0].status == 200)
    assert not reply.done()
    proxy.clear()
    assert reply.result(WITHIN_S).body == b"hello"


def test_what_is_held_holds_up_nobody_else(proxy, ask, ask_meanwhile) -> None:
    proxy.plan(Hold())
    held = ask_meanwhile("GET", "/held")
    proxy.until_heard()
    assert ask("GET", "/other").status == 200
    assert not held.done()


def test_a_truncated_reply_promises_more_than_it_gives(upstream, proxy, ask) -> None:
    upstream.replies = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"]
    proxy.plan(Truncate(2))
    with pytest.raises(IncompleteRead) as cut:
        ask()
    assert (cut.value.partial, cut.value.expected) == (b"he", 3)


def test_a_made_up_answer_reaches_nobody(upstream, proxy, ask) -> None:
    proxy.plan(Answer(503, b"Later.", (("Content-Type", "text/plain"), ("Retry-After", "5"))))
    reply = ask("PUT", "/", BIG)
    assert (reply.status, reply.body, reply.headers["Retry-After"]) == (503, b"Later.", "5")
    assert reply.headers["Content-Length"] == "6"
    assert upstream.received.empty()
    assert proxy.heard == [Exchange("PUT", "/", "Answer")]


def test_an_answer_afterwards_hides_what_the_upstream_did(upstream, proxy, ask) -> None:
    proxy.plan(AnswerAfter(500, b"Sorry."))
    reply = ask("PUT", "/", b"words")
    assert (reply.status, reply.body, reply.headers["Content-Type"]) == (500, b"Sorry.", "text/html")
    assert upstream.next().body == b"words"
    assert proxy.heard == [Exchange("PUT", "/", "AnswerAfter", 200, 5)]


def test_a_captive_portal_says_that_all_is_well_with_a_page_of_its_own(upstream, proxy, ask) -> None:
    proxy.plan(captive_portal())
    reply = ask("PUT", "/", b"words")
    assert (reply.status, reply.headers["Content-Type"], b"<form" in reply.body) == (200, "text/html", True)
    assert upstream.received.empty()


@pytest.mark.parametrize("status", [302, 307])
def test_a_redirect_names_where_to_go(status: int, proxy, ask) -> None:
    proxy.plan(redirect("https://portal.example/", status))
    reply = ask()
    assert (reply.status, reply.headers["Location"]) == (status, "https://portal.example/")


def test_a_request_sent_twice_gets_the_second_reply(upstream, proxy, ask) -> None:
    upstream.replies = [b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nfirst", HELLO]
    proxy.plan(Twice())
    reply = ask("PUT", "/", b"words")
    assert (reply.status, reply.body) == (200, b"hello")
    assert [upstream.next().body, upstream.next().body] == [b"words", b"words"]
    assert proxy.heard == [Exchange("PUT", "/", "Twice", 200, 5)]


def test_offline_every_connection_is_reset_until_it_is_over(upstream, proxy, ask) -> None:
    proxy.offline = True
    with pytest.raises(ConnectionResetError) as refused:
        ask()
    assert refused.type is ConnectionResetError
    assert upstream.received.empty()
    assert proxy.heard == []
    proxy.offline = False
    assert ask().status == 200


def test_offline_a_connection_opened_before_is_reset_as_well(upstream, proxy, ask) -> None:
    with create_connection(("127.0.0.1", proxy.port), timeout=WITHIN_S) as client:
        # Connections are let in one after the other, so this one is in when the next has its answer.
        ask()
        proxy.offline = True
        client.sendall(b"GET /late HTTP/1.1\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            client.recv(1)
    assert [exchange.path for exchange in proxy.heard] == ["/"]


@pytest.mark.parametrize("fault", [Hold(), HoldReply(), Delay(3600)], ids=lambda fault: type(fault).__name__)
def test_closing_releases_what_is_held_and_leaves_no_thread(
    fault: Fault, upstream, proxy, ask_meanwhile
) -> None:
    proxy.plan(fault)
    reply = ask_meanwhile()
    proxy.until_heard()
    proxy.close()
    assert isinstance(reply.exception(WITHIN_S), RemoteDisconnected)
    assert not [thread for thread in threading.enumerate() if "process_request_thread" in thread.name]
    assert proxy.fileno() == -1


def test_closing_sends_no_delayed_request_on(upstream, proxy, ask_meanwhile) -> None:
    proxy.plan(Delay(3600))
    ask_meanwhile()
    proxy.until_heard()
    proxy.close()
    assert upstream.received.empty()


def test_closing_ends_connections_that_say_nothing(proxy, ask) -> None:
    with create_connection(("127.0.0.1", proxy.port), timeout=WITHIN_S) as client:
        ask()
        proxy.close()
        assert client.recv(1) == b""


def test_waiting_in_vain_fails_with_what_was_heard(proxy, ask) -> None:
    ask("GET", "/something")
    with pytest.raises(TimeoutError, match="/something"):
        proxy.until_heard(lambda heard: len(heard) == 2, within_s=0)
