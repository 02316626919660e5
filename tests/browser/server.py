"""The product as shipped, `flask serve` with its web processes and its worker, in an instance folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.client import HTTPConnection
from pathlib import Path
from typing import TypeVar

from webapp import create_app
from webapp.config import SETTINGS
from webapp.extensions import alembic, db
from webapp.services import demo, wards

ROOT = Path(__file__).resolve().parents[2]
Seen = TypeVar("Seen")
STARTS_WITHIN_S = 60
STOPS_WITHIN_S = 20
LOOK_EVERY_S = 0.05


def until(look: Callable[[], Seen], within_s: float = 20, what: str = "it") -> Seen:
    """Return what `look` finds as soon as it finds something; fail when it finds nothing in time."""
    last_moment = time.monotonic() + within_s
    while not (seen := look()):
        assert time.monotonic() < last_moment, f"Waited {within_s} s in vain for {what}."
        # What is waited for happens in another process, which wakes nobody here.
        threading.Event().wait(LOOK_EVERY_S)
    return seen


def prepare(folder: Path, with_year: bool = False, **settings: str) -> None:
    """Fill an instance folder: tables, schematic wards, the demo's people, and if wanted its year of records."""
    app = create_app(settings, folder)
    with app.app_context():
        alembic.upgrade()
        wards.load_default()
        demo.make_people()
        if with_year:
            demo.make_year()
        # Closing the last connection brings SQLite's write-ahead log into the file.
        db.engine.dispose()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Served:
    """`flask serve` on an instance folder; `settings` are environment variables."""

    command: Sequence[str] = ("--app", "webapp", "serve")

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        ours = {setting.name for setting in SETTINGS}
        inherited = {name: value for name, value in os.environ.items() if name not in ours}
        self._environment = {
            **inherited,
            "INSTANCE": str(folder),
            "PORT": str(self.port),
            # Every browser of the tests is one address.
            "SUBMIT_LIMIT": "100000 per hour",
            "SUBMIT_LIMIT_OVERALL": "100000 per hour",
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Served":
        return self.start()

    def __exit__(self, *fault: object) -> None:
        self.stop()

    def start(self) -> "Served":
        """Start it and wait until it answers."""
        with (self.folder / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flask", *self.command],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        until(self._answers, STARTS_WITHIN_S, f"the server, whose log is\n{self.log()}")
        return self

    def stop(self) -> None:
        """Stop all of it as Ctrl-C does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            assert self._process.wait(STOPS_WITHIN_S) == 0, self.log()
            self._process = None

    def kill(self) -> None:
        """Kill all of it at once, as a power cut does."""
        assert self._process is not None
        for pid in (self._process.pid, *self.children()):
            _kill(pid)
        self._process.wait()
        self._process = None

    def kill_one(self, name: str) -> bool:
        """Kill one process, `web` or `jobs`, and return whether there was one; the supervisor starts it again."""
        pids = self.children(name)
        return bool(pids) and _kill(pids[0])

    def children(self, name: str = "") -> Sequence[int]:
        """Return the processes of the supervisor, those of one command when a name is given."""
        assert self._process is not None
        listed = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        return [pid for pid in map(int, listed.split()) if not name or name in _command(pid)]

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log()
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
                connection.request("GET", "/health")
                return connection.getresponse().status == 200
        except OSError:
            return False

    def log(self) -> str:
        """Return what it said so far."""
        return (self.folder / "serve.log").read_text(encoding="utf-8", errors="replace")[-4000:]

    def mail(self) -> list[EmailMessage]:
        """Return the messages that the worker wrote to files, oldest first."""
        paths = sorted((self.folder / "mail").glob("*.eml"))
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]

    def mail_to(self, address: str, subject: str) -> EmailMessage:
        """Return the message to an address whose subject has these words, waiting for the worker."""

        def look() -> EmailMessage | None:
            sent = (mail for mail in self.mail() if mail["To"] == address and subject in mail["Subject"])
            return next(sent, None)

        return until(look, 20, f"a message to {address} with “{subject}”")


def _command(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


def _kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
