"""One web process: waitress, set so that idle, slow and far too long requests hold up nobody else.

Waitress reads whole requests and keeps idle connections in one event loop; a thread is taken only once a
request is complete. That is why forty idle browsers and ten slow uploads cost no other person anything.
"""

import gc
import os
import signal
import socket
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer, create_server

from webapp.config import OTHERS

THREADS = 2
# A phone in a dead spot may fall silent in the middle of a photo: it gets two minutes to come back.
SILENT_SECONDS = 120
CONNECTIONS = 1000
READ_AT_ONCE_BYTES = 64 * 1024
BODY_IN_MEMORY_BYTES = 512 * 1024
# How far an answer may be ahead of its reader. Of a long download waitress keeps as much in memory even when it is read
# fast; what a slow reader is behind beyond this holds a thread, and a district's records of a year are far shorter.
AHEAD_BYTES = 2 * 1024**2
# No form takes more than this. What is longer is read to its end and thrown away, so that the app can answer.
KEPT_BODY_BYTES = 64 * 1024**2
# Past this the connection is cut: nobody sends a thousand megabytes by mistake.
LONGEST_BODY_BYTES = 1024**3
FINISH_SECONDS = 5
OBJECTS_BEFORE_A_LOOK = 20_000


class KeptBody(OverflowableBuffer):
    """A request's body as it arrives, kept up to `most` bytes.

    A longer one is counted and thrown away: the app can answer 413 by its length, somebody who sends a film
    fills neither memory nor disk, and their browser shows the answer instead of a broken connection.
    """

    def __init__(self, in_memory: int, most: int, declared: int) -> None:
        super().__init__(in_memory)
        self._most = most
        self._arrived = 0
        self._too_long = declared > most

    def __len__(self) -> int:
        return self._arrived

    def append(self, data: bytes) -> None:
        """Take in the next bytes."""
        self._arrived += len(data)
        if not self._too_long and self._arrived > self._most:
            self._too_long = True
            self.close()
        if not self._too_long:
            super().append(data)

    def getfile(self) -> BinaryIO:
        """Return what was kept, as the app reads it: nothing of a body that was too long."""
        return BytesIO() if self._too_long else super().getfile()


def channel_class(most: int) -> type[HTTPChannel]:
    """Return waitress's connection class with bodies kept up to `most` bytes."""

    class Parser(HTTPRequestParser):
        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            if self.body_rcv is not None:
                self.body_rcv.buf = KeptBody(self.adj.inbuf_overflow, most, self.content_length)

    class Channel(HTTPChannel):
        parser_class = Parser

    return Channel


def create_web_server(app: Flask, listener: socket.socket) -> TcpWSGIServer:
    """Return waitress for the app on a bound socket, with what the settings say about proxies and lengths."""
    proxy = app.config.get("TRUSTED_PROXY") or None
    server = create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        channel_timeout=SILENT_SECONDS,
        connection_limit=CONNECTIONS,
        recv_bytes=READ_AT_ONCE_BYTES,
        inbuf_overflow=BODY_IN_MEMORY_BYTES,
        outbuf_high_watermark=AHEAD_BYTES,
        max_request_body_size=LONGEST_BODY_BYTES,
        asyncore_use_poll=True,  # select() refuses descriptors past 1,023.
        url_scheme=urlsplit(app.config.get("BASE_URL", "")).scheme or "http",
        trusted_proxy=proxy,
        trusted_proxy_headers={"x-forwarded-for"} if proxy else set(),
        clear_untrusted_proxy_headers=True,
        log_socket_errors=False,  # A browser that went away is no news.
        ident="",
    )
    server.channel_class = channel_class(app.config["MAX_CONTENT_LENGTH"] or KEPT_BODY_BYTES)
    return server


def serve_until_told(server: TcpWSGIServer, on_ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT, then finish what was asked for already, within FINISH_SECONDS."""
    stopping = False

    def stop(number: int, frame: object) -> None:
        nonlocal stopping
        stopping = True
        server.pull_trigger()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    on_ready()
    while not stopping:
        _turn(server, 1)
    server.accepting = False
    last_moment = time.monotonic() + FINISH_SECONDS
    while _is_busy(server) and time.monotonic() < last_moment:
        _turn(server, 0.1)
    server.task_dispatcher.shutdown(timeout=1)


def _leave_garbage_for_later() -> None:
    """Look for unused objects after many requests, not several times in each, and never among what the start made."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_A_LOOK)


def _turn(server: TcpWSGIServer, seconds: float) -> None:
    server.asyncore.loop(timeout=seconds, map=server._map, use_poll=True, count=1)


def _is_busy(server: TcpWSGIServer) -> bool:
    channels = list(server.active_channels.values())
    return any(channel.requests or channel.total_outbufs_len for channel in channels)


@click.command("web", hidden=True)
@click.option(
    "--socket", "descriptor", type=int, required=True, help="An inherited listening socket's number."
)
@click.option("--supervisor", type=int, help="The process that is told (SIGUSR1) when requests are answered.")
@with_appcontext
def web(descriptor: int, supervisor: int | None) -> None:
    """Be one web process of `flask serve`."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    os.umask(OTHERS)
    # Long bodies wait beside the photos, on the disk whose free space is watched: a machine's own folder for
    # temporary files may be memory.
    waiting = Path(app.instance_path) / "arriving"
    waiting.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(waiting)

    _leave_garbage_for_later()

    def on_ready() -> None:
        if supervisor is not None:
            os.kill(supervisor, signal.SIGUSR1)

    serve_until_told(create_web_server(app, socket.socket(fileno=descriptor)), on_ready)
