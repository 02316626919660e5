"""`flask serve` with real processes: starting, answering under abuse, losing a process, stopping."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.house.tree import ROOT

# A small app on the server as shipped: what is tested here is the server. It needs nothing else of Wardbook, and
# without the rest each of its processes starts in a fifth of the time.
SMALL_APP = """
import os
import sys
import types

for name, folder in (("webapp", {webapp!r}), ("webapp.cli", {webapp!r} + "/cli")):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [folder]

from flask import Flask, request
from webapp.cli.serve import serve
from webapp.cli.web import web

app = Flask(__name__, instance_path={instance!r})
app.config.update(PORT="{port}", BASE_URL="http://127.0.0.1:{port}", WEB_PROCESSES="1", TRUSTED_PROXY="",
                  MAX_CONTENT_LENGTH=1_000_000)
app.cli.add_command(serve)
app.cli.add_command(web)

@app.get("/process")
def process():
    return str(os.getpid())

@app.get("/closed-to")
def closed_to():
    mask = os.umask(0)
    os.umask(mask)
    return oct(mask)

@app.post("/length")
def length():
    return str(len(request.get_data()))

@app.get("/asked-by")
def asked_by():
    return f"{{request.remote_addr}} {{request.scheme}} {{request.host}}"

@app.errorhandler(413)
def too_long(error):
    return "A page that says what to do", 413
"""
READY = "Ctrl-C stops everything."

Served = subprocess.Popen[str]
Start = Callable[[], Served]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Start]:
    """Start `flask serve` for the small app; whatever still runs at the end is killed."""
    module = tmp_path / "small.py"
    module.write_text(
        SMALL_APP.format(instance=str(tmp_path / "instance"), port=port, webapp=str(ROOT / "webapp"))
    )
    command = [sys.executable, "-m", "flask", "--app", str(module), "serve", "--without-jobs"]
    running = []

    def begin() -> Served:
        running.append(subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True))
        return running[-1]

    yield begin
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def served(start: Start) -> Served:
    process = start()
    until(process, READY)
    return process


def until(process: Served, words: str) -> str:
    """Return the line with these words, once the process has said it."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if words in line:
            return line
    raise AssertionError(f"never said “{words}”, but: {''.join(said)}")


def ask(port: int, path: str, headers: dict[str, str] | None = None) -> str:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path, headers=headers or {})
        return connection.getresponse().read().decode()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_being_told_to_stop_ends_every_process_with_exit_code_0(
    served: Served, port: int, number: signal.Signals
):
    web_process = int(ask(port, "/process"))
    served.send_signal(number)
    until(served, "Stopping.")
    assert served.wait(timeout=8) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(web_process, 0)
    with pytest.raises(ConnectionRefusedError):
        ask(port, "/process")


def test_a_web_process_that_is_killed_is_replaced_and_the_next_request_answered(served: Served, port: int):
    first = ask(port, "/process")
    os.kill(int(first), signal.SIGKILL)
    assert "SIGKILL" in until(served, "starts again")
    assert ask(port, "/process") != first


def test_when_the_supervisor_is_killed_its_processes_end_too(served: Served, port: int):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as idle:
        ask(port, "/process")
        served.kill()
        assert idle.recv(1) == b""


def test_a_process_that_cannot_stay_up_stops_everything(start: Start, tmp_path: Path):
    module = tmp_path / "small.py"
    module.write_text('import sys\nif "web" in sys.argv: raise SystemExit("broken")\n' + module.read_text())
    process = start()
    assert "4 times in a row" in until(process, "in a row")
    assert process.wait(timeout=8) == 1


def test_a_taken_port_is_a_sentence_that_says_what_to_type(served: Served, start: Start, port: int):
    second = start()
    _, said = second.communicate(timeout=30)
    assert said == f"Port {port} is in use by something else: type  PORT={port + 1} make run\n"
    assert second.returncode == 1


def test_idle_connections_and_slow_uploads_hold_up_nobody(served: Served, port: int):
    beginning = b"POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n\r\n" + b"x" * 1000
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(50)]
    try:
        for connection in held[:10]:
            connection.sendall(beginning)
        assert all(ask(port, "/process") for _ in range(20))
    finally:
        for connection in held:
            connection.close()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_far_too_long_is_read_to_its_end_and_answered_with_a_page(
    served: Served, port: int, chunked: bool
):
    megabytes = 130
    headers = {} if chunked else {"Content-Length": str(megabytes * 1024**2)}
    pieces = (bytes(1024**2) for _ in range(megabytes))
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("POST", "/length", body=pieces, headers=headers, encode_chunked=chunked)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (413, b"A page that says what to do")
        assert answer.getheader("Server") is None


def test_a_body_that_is_allowed_arrives_whole(served: Served, port: int):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("POST", "/length", body=bytes(900_000))
        assert connection.getresponse().read() == b"900000"


def test_what_a_stranger_says_about_proxies_is_not_believed(served: Served, port: int):
    claims = {
        "X-Forwarded-For": "192.0.2.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
    }
    assert ask(port, "/asked-by", claims) == f"127.0.0.1 http 127.0.0.1:{port}"


def test_what_a_web_process_makes_is_closed_to_other_accounts(served: Served, port: int):
    assert ask(port, "/closed-to") == "0o77"
